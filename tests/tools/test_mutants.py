"""What is tried by `make mutants` is everything that decides about money, and each excuse is of something that is tried."""

import tomllib
from fnmatch import fnmatch

from tests.repository.files import ROOT, under
from tests.tools.mutants import GROUPS, SURVIVORS, moving


def is_tried(path: str) -> bool:
    return any(fnmatch(path, pattern) for group in GROUPS.values() for pattern in group.files)


def test_every_rule_and_every_use_case_that_moves_money_is_tried() -> None:
    rules = under("campanella/", ending="/rules.py")
    ledger = [f"campanella/domains/ledger/{name}.py" for name in ("operations", "holding")]
    assert len(rules) > 5
    # A visit, a mark of a tablet, a file: found however far they are from the ledger.
    assert {f"campanella/usecases/{name}.py" for name in ("top_up", "bulk", "class_sheet", "importing/apply")} <= moving()
    assert "campanella/usecases/family_news.py" not in moving()
    every = ["campanella/foundation/core/money.py", *rules, *ledger, *moving()]
    assert sorted(path for path in every if not is_tried(path)) == []


def test_every_group_names_files_and_tests_that_are_there() -> None:
    for group in GROUPS.values():
        assert [pattern for pattern in group.files if not list(ROOT.glob(pattern))] == []
        assert [path for path in group.tests if not (ROOT / path).exists()] == []


def test_an_excuse_is_of_a_file_that_is_tried_and_given_once() -> None:
    excuses = [(known["file"], known["line"]) for known in tomllib.loads(SURVIVORS.read_text())["survivor"]]
    assert [file for file, _ in excuses if not is_tried(file)] == []
    assert len(excuses) == len(set(excuses))
