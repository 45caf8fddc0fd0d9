"""
``make mutants``: changes what decides about money one small thing at a time, and asks the tests whether they notice.

``mutating.py`` makes and tries the changes, in a copy under ``var/mutants``. ``ARGS="rules importing"`` names some of the
groups below, ``usecases`` all that are use cases, none runs all; who moves money and is in none of them is in ``others``.
It may be stopped at any time: what was found is kept, and tried again where the function, the test that noticed it, or what
the tests share has changed since. ``survivors.toml`` holds those that nothing can notice, each with its reason; any other
survivor fails the command.
"""

import ast
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tests.domains.payments.gateways.spec import SPEC
from tests.repository.files import ROOT, tree, under
from tests.tools.wheel import apart

PLACE = ROOT / "var" / "mutants"
SURVIVORS = Path(__file__).with_name("survivors.toml")
LEAST_SHARE = 0.95
POSTING = {"post", "settle", "move"}
# They start what others decide: a table of what follows from what, and the jobs of the clock.
STARTING = {"campanella/usecases/reactions.py", "campanella/usecases/tasks.py"}


@dataclass(frozen=True)
class Group:
    """
    Files to change, and the tests that are to notice.

    :ivar is_cast_anew: what makes the town of a test is changed too, so that it is made anew for every change
    """

    files: Sequence[str]
    tests: Sequence[str]
    is_cast_anew: bool = False


@dataclass(frozen=True)
class Survivor:
    """A change that no test has noticed: the line as it became."""

    file: str
    line: str


def _use_cases(*names: str, tests: Sequence[str]) -> Group:
    return Group([f"campanella/usecases/{name}.py" for name in names], [f"tests/{name}" for name in tests])


USE_CASES = {
    "top_up": _use_cases(
        "top_up",
        tests=[
            "usecases/test_positions.py",
            "usecases/test_whom_to_thank.py",
            "usecases/test_top_up.py",
            "usecases/test_told_by_mail.py",
            "interfaces/portal/test_top_up.py",
            "stories/test_paying.py",
            "stories/test_receipts_of_every_kind.py",
        ],
    ),
    "pagopa": _use_cases(
        "pagopa/*",
        tests=[
            "usecases/pagopa",
            "usecases/test_top_up.py",
            "usecases/test_told_by_mail.py",
            "interfaces/portal/test_top_up.py",
            "interfaces/portal/test_payments.py",
            "interfaces/portal/test_movements.py",
            "interfaces/office/test_actions.py",
            "stories/test_paying.py",
            "stories/test_receipts_of_every_kind.py",
        ],
    ),
    "putting_right": _use_cases(
        "adjust",
        "closing",
        "corrections",
        "bulk",
        "bulk_days",
        tests=[
            "usecases/test_adjust.py",
            "usecases/test_bulk.py",
            "usecases/test_closing.py",
            "usecases/test_strikes.py",
            "usecases/test_told_by_mail.py",
            "interfaces/office/lists/test_acts.py",
            "interfaces/office/test_actions.py",
            "interfaces/office/test_class_register.py",
            "interfaces/office/test_closures.py",
        ],
    ),
    "importing": _use_cases(
        *[f"importing/{name}" for name in ("apply", "known", "matching", "people", "places", "plan")],
        tests=["usecases/importing", "interfaces/office/test_alike.py"],
    ),
    "enrolling": _use_cases(
        "enrolling",
        "pricing",
        tests=[
            "usecases/test_mealtime.py",
            "usecases/test_low_credit.py",
            "usecases/importing/test_one_road.py",
            "domains/ledger/test_holding.py",
            "interfaces/office/test_families.py",
            "interfaces/office/test_register.py",
            "interfaces/office/test_register_offers.py",
        ],
    ),
    "mealtime": _use_cases(
        "mealtime",
        "confirming",
        "class_sheet",
        tests=[
            "usecases/test_mealtime.py",
            "usecases/test_low_credit.py",
            "usecases/test_told_by_mail.py",
            "interfaces/rollcall",
            "interfaces/kitchen",
            "interfaces/office/test_actions.py",
            "interfaces/office/test_day.py",
            "interfaces/portal/test_presences.py",
            "stories/test_the_prepaid_month.py",
        ],
    ),
    "marking": _use_cases(
        "marks/*",
        "tablets",
        "wishes",
        "cut_off",
        "freezing",
        tests=[
            "usecases/test_cut_off.py",
            "usecases/test_freezing.py",
            "usecases/test_wishes.py",
            "usecases/test_white_meals.py",
            "usecases/days",
            "interfaces/api",
            "interfaces/portal/test_presences.py",
            "interfaces/rollcall",
        ],
    ),
}


def moving() -> set[str]:
    """Return the use cases that post into the ledger, and those that call them, however many are between."""
    found = {path for path in _use_case_files() if _posts(path)}
    while more := {path for path in _use_case_files() - found if _imports(path) & {_module(mover) for mover in found}}:
        found |= more
    return found


def _use_case_files() -> set[str]:
    return set(under("campanella/usecases/", ending=".py")) - STARTING


def _posts(path: str) -> bool:
    calls = {(node.value.id, node.attr) for node in ast.walk(tree(path)) if _is_attribute_of_a_name(node)}  # type: ignore[attr-defined]
    return bool(calls & {("ledger", name) for name in POSTING})


def _is_attribute_of_a_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _imports(path: str) -> set[str]:
    """Return the modules that a file names, and what it takes out of each as if it were one."""
    nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)]
    return {str(node.module) for node in nodes} | {f"{node.module}.{taken.name}" for node in nodes for taken in node.names}


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


# Who moves money and stands in no group above.
OTHERS = sorted(
    path for path in moving() if not any(fnmatch(path, named) for group in USE_CASES.values() for named in group.files)
)
if OTHERS:
    USE_CASES["others"] = Group(OTHERS, ["tests/usecases", "tests/interfaces/office", "tests/interfaces/portal"])
GROUPS = {
    "rules": Group(
        [
            "campanella/domains/*/rules.py",
            "campanella/domains/attendance/fact_rules.py",
            "campanella/domains/attendance/white_rules.py",
            "campanella/foundation/core/money.py",
        ],
        [
            "tests/domains/accounts/test_rules.py",
            "tests/domains/attendance/test_rules.py",
            "tests/foundation/core/test_money.py",
            "tests/domains/ledger/test_rules.py",
            "tests/domains/payments/test_rules.py",
            "tests/domains/people/test_rules.py",
            "tests/domains/services/test_rules.py",
            "tests/domains/support/test_rules.py",
        ],
    ),
    "ledger": Group(
        ["campanella/domains/ledger/operations.py", "campanella/domains/ledger/holding.py"],
        ["tests/domains/ledger", "tests/usecases/test_mealtime.py"],
        is_cast_anew=True,
    ),
    **USE_CASES,
}


def main(words: Sequence[str]) -> int:
    """Run the groups asked for; the status is 0 when enough mutants die and every survivor has its reason."""
    excused = {
        Survivor(known["file"], known["line"]): known["why"] for known in tomllib.loads(SURVIVORS.read_text())["survivor"]
    }
    names = [name for word in words or GROUPS for name in (USE_CASES if word == "usecases" else [word])]
    tried, survivors = 0, list[Survivor]()
    for name in names:
        count, found = _run(name, GROUPS[name])
        print(f"{name}: {count} mutants, {count - len(found)} killed")
        tried, survivors = tried + count, survivors + found
    for survivor in survivors:
        print(f"{survivor.file}\n  {survivor.line}\n  {excused.get(survivor, 'WITHOUT A REASON')}")
    share = 1 - len(survivors) / max(1, tried)
    print(f"{tried} mutants, {tried - len(survivors)} killed: {share:.1%}")
    return int(share < LEAST_SHARE or not set(survivors) <= set(excused))


def _run(name: str, group: Group) -> tuple[int, list[Survivor]]:
    """Change the files of a group in a copy of the repository; return how many mutants there were, and who survived."""
    place = PLACE / name
    _copy(place)
    told = json.dumps({"files": list(group.files), "tests": list(group.tests), "is_cast_anew": group.is_cast_anew})
    print(f"{name}: what happens now is written to {place / 'progress.log'}", flush=True)
    with (place / "progress.log").open("w") as log:
        run = [sys.executable, "tests/tools/mutating.py", told]
        # One server for the databases of all groups; what lies beside the repository does not lie beside the copy.
        environ = {**apart(), "CAMPANELLA_VAR": str(PLACE), "CAMPANELLA_SPEC": str(SPEC.parent)}
        subprocess.run(run, cwd=place, env=environ, check=True, stdout=log, stderr=log)
    ended = json.loads((place / "ended.json").read_text())
    for mutant in ended["endless"]:
        print(f"  without end: {mutant}")
    return ended["tried"], [Survivor(file, line) for file, line in ended["survived"]]


def _copy(place: Path) -> None:
    """Bring the copy up to date."""
    wanted = under("campanella/", "tests/", "pyproject.toml")
    for path in wanted:
        source, target = ROOT / path, place / path
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for there in [*place.glob("campanella/**/*.py"), *place.glob("tests/**/*.py")]:
        if str(there.relative_to(place)) not in wanted:
            there.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
