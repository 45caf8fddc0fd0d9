"""One clock: who reads another lives on another day than the rest, in the demo and in a test."""

import ast
import re
from collections.abc import Iterator

from tests.repository.files import called, parsed, text, under

# Where the real one is read, and why.
MAY = {
    "campanella/foundation/core/clock.py",  # the one clock
    "campanella/foundation/core/changes.py",  # what one process told and another read is as old as the database says
    "campanella/simulators/clock.py",  # that of the strangers
    "campanella/demo/running.py",  # says how far the demo's clock stands from the real one
    "tests/morning.py",  # says how far the tests' clock does
    "tests/crash/test_heartbeats.py",  # a clock that was moved witnesses nothing, so this installation lives now
}
# Of tables that procrastinate writes by the database’s clock, beats of workers and waits of jobs, an age may be asked.
TABLES = re.compile(r"\b(?:from|join|into|update)\s+(\w+)", re.I)
CALLS = re.compile(
    r"(datetime|dt)\.(now|utcnow|today)|date\.today|(time|real)\.(time|time_ns|localtime|gmtime|ctime)"
    r"|timezone\.(now|localtime|localdate)|Now|TruncNow"
)
SQL = re.compile(
    r"(?<![\w.])(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\(\)"
    r"|\b(current_date|current_time|current_timestamp|localtime|localtimestamp)\b"
    r"|'(now|today|tomorrow|yesterday)'::",
    re.I,
)


def _other_clocks(path: str) -> Iterator[str]:
    if not CALLS.search(text(path)) and not SQL.search(text(path)):
        return
    whole = parsed(path)
    told = {id(node.value) for node in ast.walk(whole) if isinstance(node, ast.Expr)}
    for node in ast.walk(whole):
        if isinstance(node, ast.Call) and CALLS.fullmatch(called(node.func)):
            yield f"{path}:{node.lineno}: {ast.unparse(node)}"
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in told:
            continue
        if SQL.search(node.value) and not _is_procrastinates(node.value):
            yield f"{path}:{node.lineno}: {node.value.strip()[:80]}"


def _is_procrastinates(statement: str) -> bool:
    tables = TABLES.findall(statement)
    return bool(tables) and all(table.startswith("procrastinate_") for table in tables)


def test_what_is_procrastinates_is_nobody_elses() -> None:
    assert _is_procrastinates("select from procrastinate_workers where last_heartbeat > now()")
    assert not _is_procrastinates("update core_seal set at = now() from procrastinate_jobs")
    assert not _is_procrastinates("select now()")


def test_nobody_reads_another_clock() -> None:
    here = "tests/repository/test_clock.py"
    paths = [path for path in under("campanella/", "tests/", ending=".py") if path not in MAY and path != here]
    assert paths
    assert [found for path in paths for found in _other_clocks(path)] == []


def test_no_page_reads_another_clock() -> None:
    pages = under("campanella/", ending=".html")
    assert [path for path in pages if re.search(r"{%\s*now\b|\|\s*time(since|until)\b", text(path))] == []
