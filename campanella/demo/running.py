"""One run of the demo: prepare what is missing, start everything, stay in the foreground."""

import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from campanella.demo import handover, seeding
from campanella.demo.state import State
from campanella.demo.supervisor import Database, Stopped, Supervisor, say
from campanella.demo.wishes import Wishes, read
from campanella.foundation.core import clock
from campanella.foundation.core.scope import let_go

READY_SECONDS = 60
NOTE_SECONDS = 20


def run(*, var: Path, environ: Mapping[str, str], database: Database | None, is_fresh: bool) -> None:
    """
    Run the demo until somebody asks for the end.

    :param database: the embedded server, None for an outside one
    :param is_fresh: forget what is there and begin anew
    :raises WrongWish: a variable makes no sense or a port is taken
    :raises StepFailed: something could not be prepared
    """
    begun, now = time.monotonic(), datetime.now(UTC)
    wishes = read(environ)
    wishes.check_ports()
    state = State(var)
    moment = wishes.moment(now=now, seen=None if is_fresh else state.seen)
    offset = wishes.offset(now=now, moment=moment)
    told = wishes.environ(var=var, now=now, moment=moment)
    try:
        with Supervisor(environ=told, database=database) as supervisor:
            recipe = prepare(supervisor, state, wishes, moment, is_fresh)
            state.note(recipe=recipe, seen=moment, offset=offset)
            _start(supervisor)
            # By this process, which has read all of the code: another one would read it again.
            with clock.standing_at(moment):
                content = handover.demo_json(base_url=wishes.base_url, simulators_url=wishes.simulators_url)
            let_go()
            handover.write(var / "demo.json", content)
            _wait(supervisor, wishes)
            say("\n".join(handover.lines(content)))
            say(f"Ready after {time.monotonic() - begun:.0f} s.")
            while True:
                state.note(recipe=recipe, seen=moment + (datetime.now(UTC) - now), offset=offset)
                supervisor.watch(seconds=NOTE_SECONDS)
    except Stopped:
        say("The demo has stopped.")


def prepare(supervisor: Supervisor, state: State, wishes: Wishes, moment: datetime, is_fresh: bool) -> str:
    """
    Migrate, collect static files, make the towns when they are not what this code would make.

    What is there is forgotten by the first step, once it has seen that no town of somebody's own is among it. What is as
    it must be is left as it is: the database is asked, for a demo may have been killed anywhere.

    :returns: the recipe of what is in the database now
    """
    recipe = seeding.recipe(size=wishes.size, moment=None if wishes.clock == "real" else moment)
    if not is_fresh and state.recipe == recipe and seeding.is_there():
        return recipe
    supervisor.run(["demo_prepare", "--recipe", recipe, *(["--fresh"] if is_fresh else [])])
    if state.recipe == recipe:
        return recipe
    span = "a few minutes" if wishes.size == "full" else "a minute"
    say(f"The five towns live through their school year; this takes {span}.")
    # The largest town begins, and has a core for itself: the whole takes as long as it does.
    steps = [["demo_seed", slug, "--size", wishes.size, "--moment", moment.isoformat()] for slug in seeding.slugs()]
    supervisor.run(*steps, at_once=max(2, os.cpu_count() or 2))
    return recipe


def _start(supervisor: Supervisor) -> None:
    supervisor.start("web", "campanella", "serve")
    supervisor.start("worker", "campanella", "worker")
    # Without the command of that name, which reads all of Campanella for the strangers who know nothing of it.
    supervisor.start("simulators", "campanella.simulators")


def _wait(supervisor: Supervisor, wishes: Wishes) -> None:
    """Wait until the pages say that they are ready; what is missing after a minute is printed, and the demo goes on."""
    deadline, words = time.monotonic() + READY_SECONDS, ""
    while time.monotonic() < deadline:
        supervisor.watch(seconds=0.2)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{wishes.port}/health/ready", timeout=5):
                return
        except urllib.error.HTTPError as answer:
            words = answer.read().decode(errors="replace")
        except OSError as failure:
            words = str(failure)
    say(f"Not ready yet: {words}")
