"""
Starts the tests' database before anything reads Django's settings (``-p tests.rig``).

The first process starts the embedded server and makes the migrated template; xdist's workers inherit their addresses.
"""

import atexit
import os
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from tests import database, morning

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("CAMPANELLA_VAR") or ROOT / "var") / "tests"


def _start() -> str:
    from campanella.config import postgres

    server = ExitStack()
    atexit.register(server.close)
    return server.enter_context(postgres.running(VAR, durable=False))


os.environ |= {
    "CAMPANELLA_VAR": str(VAR),
    "CAMPANELLA_HOSTS": "localhost,127.0.0.1,testserver",
    "CAMPANELLA_SECRET_KEY": "of-the-tests-" + "x" * 40,
}
morning.begin()
url = os.environ.get("CAMPANELLA_TEST_SERVER") or os.environ.get("DATABASE_URL") or _start()
# Tests sign in once, as the owner, and act as the application: both work inside one transaction.
os.environ.pop("DATABASE_OWNER_URL", None)
os.environ["DATABASE_ROLE"] = f"{urlsplit(url).username or 'postgres'}_app"
if "CAMPANELLA_TEST_SERVER" not in os.environ:
    os.environ["CAMPANELLA_TEST_SERVER"] = url
    os.environ["CAMPANELLA_TEST_TEMPLATE"] = database.make_template(url)
worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["DATABASE_URL"] = database.url_of(url, f"campanella_test_{worker}_{os.getpid()}")
