"""``make drill``: ``ARGS="--seconds 300 --seeds 1 2 3 4 5"``."""

import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time
import traceback
from datetime import timedelta
from pathlib import Path

import django

from campanella.config.database import APPLICATION, OWNER


def main() -> int:
    """Drill with every seed; the status is the number of anomalies, at most 100."""
    parser = argparse.ArgumentParser(prog="make drill")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "campanella.config.settings"
    # This process makes the towns as the tests do: it signs in as the owner and acts as the application.
    os.environ["DATABASE_URL"] = f"postgresql://{OWNER}@/campanella"
    os.environ["DATABASE_ROLE"] = APPLICATION
    os.environ["CAMPANELLA_SECRET_KEY"] = "of-the-drill-" + "x" * 40
    django.setup()
    return min(100, sum(drill(seed, asked.seconds) for seed in asked.seeds))


def drill(seed: int, seconds: float) -> int:
    """Drill once in a folder of its own, which stays where something was wrong."""
    from campanella.foundation.core import clock
    from tests.crash.installation import close_connections, installed
    from tests.drill import account, clients, towns
    from tests.drill.house import House, harm_until
    from tests.drill.journal import Journal
    from tests.morning import MORNING

    folder = Path(tempfile.mkdtemp(prefix="campanella-drill-"))
    folder.chmod(0o755)
    with installed(folder, House) as house:
        with clock.standing_at(MORNING - timedelta(minutes=1)):
            places = [towns.make(slug) for slug in ("valle", "borgo")]
        close_connections()
        house.keep_up()
        house.wait_for(house.answers)
        dice, journal = random.Random(seed), Journal()
        valle, borgo = places
        who = [
            clients.School(house, valle, journal, random.Random(dice.random())),
            clients.School(house, borgo, journal, random.Random(dice.random())),
            clients.Desk(house, valle, journal, random.Random(dice.random())),
            clients.Desk(house, borgo, journal, random.Random(dice.random())),
            clients.Families(house, valle, journal, random.Random(dice.random())),
            clients.Families(house, borgo, journal, random.Random(dice.random())),
            clients.Families(house, valle, journal, random.Random(dice.random())),
            clients.Importer(house, places, journal, random.Random(dice.random())),
        ]

        end = time.monotonic() + seconds

        def work(client: "clients.Client") -> None:
            while time.monotonic() < end:
                try:
                    client.act()
                except Exception:
                    journal.problems.append(f"{type(client).__name__} stumbled: {traceback.format_exc(limit=-2)}")

        threads = [threading.Thread(target=work, args=[client]) for client in who]
        for thread in threads:
            thread.start()
        harm_until(house, random.Random(dice.random()), end)
        while any(thread.is_alive() for thread in threads):
            house.keep_up()
            time.sleep(0.2)
        journal.problems += account.settle(house)
        found = account.Account(journal, account.look(house))
        found.of_facts()
        problems = found.of_the_house(house, places)
        account.write(folder, seed, house, found)
    if not problems:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"  what was left: {folder}")
    return len(problems)


if __name__ == "__main__":
    sys.exit(main())
