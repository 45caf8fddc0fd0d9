"""
A step of ``make mutants``: changes the files of one group and tries the tests, in a copy of the repository.

It imports nothing of ours: the copy that is changed must be the only one. mutmut makes the changes; they are tried here, in
forks of one pytest that has collected everything and made the database, so that a change costs no more than the tests that
come by the changed function, those first that killed its neighbours. ``learned.json`` keeps which tests come by, and
``verdicts.json`` what was found, for as long as the function, the test that noticed and what the tests share stay the same.
"""

import gc
import hashlib
import json
import os
import select
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from signal import SIGKILL
from typing import Any, NoReturn

import pytest
from libcst import Decorator, FunctionDef, Name
from mutmut.__main__ import create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths
from mutmut.utils.format_utils import mangled_name_from_mutant_name

# mutmut leaves decorated functions alone; ours are decorated with nothing but "join the transaction", so they are let in.
JOINING = {"operation", "use_case"}
# Beside the folder of the changed files, in which the tests run.
KEPT, LEARNED = Path("../verdicts.json"), Path("../learned.json")
# How long the tests of a change may take before it counts as endless: seconds, and times what they take without it.
PATIENCE_SECONDS, PATIENCE_TIMES = 120, 5
# Most changes are noticed by one of a few tests.
A_FEW = 8
ENDLESS = "endless"
# Folders of tests that share nothing with those that are tried here.
ALONE = {"browser", "crash", "demo", "drill", "repository", "tools"}
# What mutmut calls a run that only looks who comes by.
STATISTICS = "stats"
NOTICED = "noticed by "

_skip = MutationVisitor._skip_node_and_children


def _let_in_what_joins(self: Any, node: Any) -> bool:
    if isinstance(node, FunctionDef) and len(node.decorators) == 1:
        how = node.decorators[0].decorator
        if isinstance(how, Name) and how.value in JOINING:
            return False
    return isinstance(node, Decorator) or bool(_skip(self, node))


def main(told: dict[str, Any]) -> int:
    """Change the files, try the tests, and write down how many changes there were and which lines nobody noticed."""
    mutants = _changed(told["files"])
    trial = Trial(mutants, is_cast_anew=told["is_cast_anew"])
    os.chdir("mutants")
    words = ["--rootdir=.", "--tb=short", "-n", "0", "-m", "not slow and not process", *told["tests"]]
    status = pytest.main(words, plugins=[trial])
    os.chdir("..")
    if status == pytest.ExitCode.OK:
        survived = [(mutants[name].path, _line(name)) for name in trial.survivors]
        ended = {"tried": len(mutants), "survived": survived, "endless": sorted(trial.endless)}
        Path("ended.json").write_text(json.dumps(ended, indent=1))
    return int(status)


class Mutant:
    """One change: the function that it changes, and the digest of that function."""

    def __init__(self, path: str, function: str, digest: str) -> None:
        self.path, self.function, self.digest = path, function, digest


def _changed(files: Sequence[str]) -> dict[str, Mutant]:
    MutationVisitor._skip_node_and_children = _let_in_what_joins
    config().only_mutate, config().track_dependencies = list(files), False
    set_mutant_under_test("mutant_generation")
    shutil.rmtree("mutants", ignore_errors=True)
    Path("mutants").mkdir()
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    create_mutants(1)
    found = {}
    for path in sorted(Path().glob("campanella/**/*.py")):
        if config().should_mutate(path):
            data = SourceFileMutationData(path=path)
            data.load()
            for name in data.exit_code_by_key:
                function = mangled_name_from_mutant_name(name)
                found[name] = Mutant(str(path), function, data.hash_by_function_name[function.rpartition(".")[2]])
    return found


class Trial:
    """A plugin of pytest that finds out which tests come by which function, and tries every change with those."""

    def __init__(self, mutants: dict[str, Mutant], *, is_cast_anew: bool) -> None:
        self.mutants, self.is_cast_anew = mutants, is_cast_anew
        self.passing: dict[str, list[pytest.Item]] = defaultdict(list)
        self.seconds: dict[pytest.Item, float] = {}
        self.kills: dict[str, Counter[str]] = defaultdict(Counter)
        self.survivors: list[str] = []
        self.endless: list[str] = []
        self.telling: int | None = None
        self.shared = _digest(path for path in Path("tests").rglob("*.py") if _is_shared(path))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails in a fork has noticed: the fork says which, and ends."""
        if report.failed and self.telling is not None:
            os.write(self.telling, f"{NOTICED}{report.nodeid}".encode())
            os._exit(1)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Find out what has to be known, and then try every change that has no verdict."""
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be read")
        # No test runs in this process: threads, of ours or of a library, would be missing in the forks.
        # What belongs to the session is made here, once: the database, and the town in it.
        if first := next((item for item in session.items if "valle" in getattr(item, "fixturenames", [])), None):
            session.config.option.setuponly = True
            first.config.hook.pytest_runtest_protocol(item=first, nextitem=session)
            session.config.option.setuponly = False
        gc.freeze()
        self._learn(session.items)
        self._try_all()
        return True

    def _learn(self, items: Sequence[pytest.Item]) -> None:
        """Find out which tests come by which function, and how long they take; what was learned holds as verdicts do."""
        learned, files = _read(LEARNED), {Path(mutant.path) for mutant in self.mutants.values()}
        about = f"{self.shared} {_digest(files)}"
        for item in items:
            made_of, begun = f"{about} {_digest([_file(item.nodeid)])}", time.monotonic()
            known = learned.get(item.nodeid)
            if known is None or known["made_of"] != made_of:
                said = self._fork(STATISTICS, [item])
                if said.startswith(NOTICED):
                    raise pytest.UsageError(f"{said} without any change")
                known = {"made_of": made_of, "seconds": time.monotonic() - begun, "functions": said.split()}
                learned[item.nodeid] = known
                LEARNED.write_text(json.dumps(learned, indent=0))
            self.seconds[item] = known["seconds"]
            for function in known["functions"]:
                self.passing[function].append(item)

    def _try_all(self) -> None:
        """Try every change that has no verdict with a few tests, and what they do not notice, once more, with the others."""
        kept, verdicts = _read(KEPT), dict[str, dict[str, str]]()
        every_test = _digest(Path("tests").rglob("test_*.py"))

        def made_of(mutant: Mutant, killer: str) -> str:
            noticed = _digest([_file(killer)]) if _file(killer).is_file() else every_test
            return " ".join([mutant.digest, self.shared, noticed])

        def note(name: str, killer: str) -> None:
            mutant = self.mutants[name]
            verdicts[name] = {"killer": killer, "made_of": made_of(mutant, killer)}
            KEPT.write_text(json.dumps({**kept, **verdicts}, indent=0))
            self.kills[mutant.function][killer] += 1
            self.survivors += [] if killer else [name]
            self.endless += [name] if killer == ENDLESS else []

        waiting: dict[str, list[pytest.Item]] = {}
        for name, mutant in self.mutants.items():
            verdict = kept.get(name)
            if verdict and verdict["made_of"] == made_of(mutant, verdict["killer"]):
                note(name, verdict["killer"])
            else:
                waiting[name] = []
        for few in (A_FEW, None):
            for number, (name, tried) in enumerate(list(waiting.items()), 1):
                items = [item for item in self._in_order(self.mutants[name].function) if item not in tried][:few]
                killer = self._fork(name, items).removeprefix(NOTICED) if items else ""
                print(f"{number}/{len(waiting)} {name}: {killer or 'not noticed'}", file=sys.__stderr__, flush=True)
                if killer or few is None:
                    note(name, killer)
                tried.extend(items)
            waiting = {name: tried for name, tried in waiting.items() if name not in verdicts}
        KEPT.write_text(json.dumps(verdicts, indent=0))

    def _in_order(self, function: str) -> list[pytest.Item]:
        kills = self.kills[function]
        return sorted(self.passing[function], key=lambda item: (-kills[item.nodeid], self.seconds[item]))

    def _fork(self, name: str, items: Sequence[pytest.Item]) -> str:
        """Return what is said where a change is real: the test that notices it; nothing when none does."""
        from django.db import connections

        for connection in connections.all():
            connection.close()
            connection.close_pool()
        hearing, telling = os.pipe()
        deadline = time.monotonic() + PATIENCE_SECONDS + PATIENCE_TIMES * sum(self.seconds.get(item, 0) for item in items)
        child = os.fork()
        if child == 0:
            self._be(name, items, telling)
        os.close(telling)
        said = b""
        while select.select([hearing], [], [], max(0, deadline - time.monotonic()))[0] and (
            more := os.read(hearing, 65_536)
        ):
            said += more
        if time.monotonic() > deadline:
            os.kill(child, SIGKILL)
        os.close(hearing)
        status = os.waitpid(child, 0)[1]
        return said.decode() or (f"{NOTICED}{ENDLESS}" if status else "")

    def _be(self, name: str, items: Sequence[pytest.Item], telling: int) -> NoReturn:
        """Be the one in which the change is real."""
        self.telling = telling
        try:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            if self.is_cast_anew:
                sys.modules["tests.recording"].forget()
            set_mutant_under_test(name)
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following or item.session)
        except BaseException as stumbled:
            os.write(telling, f"{NOTICED}{stumbled!r}"[:200].encode())
            os._exit(1)
        if name == STATISTICS:
            os.write(telling, " ".join(sorted(state()._stats)).encode())
        os._exit(0)


def _is_shared(path: Path) -> bool:
    return not path.name.startswith("test_") and not ALONE & set(path.parts)


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _file(test: str) -> Path:
    return Path(test.partition("::")[0])


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.exists() else {}


def _line(mutant: str) -> str:
    """Return what a change made of its lines."""
    changed = [line[1:].strip() for line in get_diff_for_mutant(mutant).splitlines() if line.startswith("+")]
    return " ".join(line for line in changed if not line.startswith("++"))


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
