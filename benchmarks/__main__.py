"""``make bench``: prints the table and writes ``var/bench.json``. Arguments name the benchmarks; none runs all."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(wanted: list[str]) -> None:
    """Start a database of its own, make the town, measure, print."""
    from campanella.config import postgres
    from campanella.config.database import APPLICATION

    with tempfile.TemporaryDirectory(prefix="campanella-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        os.environ["CAMPANELLA_VAR"] = folder
        os.environ.setdefault("CAMPANELLA_LOG_LEVEL", "ERROR")
        os.environ["CAMPANELLA_SECRET_KEY"] = "of-the-benchmarks-" + "x" * 40
        os.environ["DJANGO_SETTINGS_MODULE"] = "campanella.config.settings"
        with postgres.running(Path(folder)) as url:
            os.environ |= {"DATABASE_URL": url, "DATABASE_ROLE": APPLICATION}
            from benchmarks import run

            run.everything(wanted, ROOT / "var" / "bench.json")


# A benchmark with processes of its own imports this file in each of them.
if __name__ == "__main__":
    main(sys.argv[1:])
