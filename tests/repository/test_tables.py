"""SQL obeys the layers too: whoever writes a table owns it, whoever reads one stands above it or beside the readings."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from django.apps import apps

from tests.repository.files import PRODUCT, tree, under

# As the contract "Domains, from what happens to who enters" has them, the highest first.
FLOORS = (
    ("adjusting", "ranking"),
    ("applying", "arrears", "attendance", "billing", "certifying", "cooking", "debiting", "payments", "support"),
    ("enrolment",),
    ("services",),
    ("ledger", "schools", "messaging"),
    ("people",),
    ("accounts",),
    ("tenants",),
    ("core",),
)
HEIGHT = {label: len(FLOORS) - place for place, floor in enumerate(FLOORS) for label in floor}
WRITES = re.compile(r"\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?|alter\s+table)\s+\"?([a-z]+_[a-z]+)\"?")


@cache
def owners() -> dict[str, str]:
    """Return every table of the product with the domain it belongs to."""
    return {model._meta.db_table: model._meta.app_label for model in apps.get_models() if model._meta.app_label in HEIGHT}


@cache
def sql_texts() -> tuple[tuple[str, str], ...]:
    """Return each text of the product that names a table, without docstrings, with the path of its file."""
    return tuple(_sql_texts())


def _sql_texts() -> Iterator[tuple[str, str]]:
    names = re.compile(rf"\b({'|'.join(owners())})\b")
    for path in under(PRODUCT, ending=".py"):
        if "/migrations/" in path:
            continue
        whole = tree(path)
        told = {id(node.value) for node in ast.walk(whole) if isinstance(node, ast.Expr)}
        texts = [node for node in ast.walk(whole) if isinstance(node, ast.Constant) and id(node) not in told]
        yield from ((path, node.value) for node in texts if isinstance(node.value, str) and names.search(node.value))


def place_of(path: str) -> str:
    """Return the domain a file belongs to, else the layer: ``readings``, ``usecases`` …"""
    parts = path.split("/")
    return parts[2] if parts[1] in ("domains", "foundation") else parts[1]


def test_a_statement_writes_only_tables_of_its_own_domain() -> None:
    foreign = [
        f"{path}: {table}"
        for path, sql in sql_texts()
        for table in WRITES.findall(sql)
        if table in owners() and owners()[table] != place_of(path)
    ]
    assert foreign == []


def test_a_domain_reads_only_its_own_tables_and_lower_ones() -> None:
    upwards = [
        f"{path}: {table}"
        for path, sql in sql_texts()
        for table, owner in owners().items()
        if re.search(rf"\b{table}\b", sql)
        and place_of(path) in HEIGHT
        and owner != place_of(path)
        and HEIGHT[owner] >= HEIGHT[place_of(path)]
    ]
    assert upwards == []


def test_above_the_domains_only_readings_name_tables() -> None:
    naming = {path for path, _ in sql_texts() if place_of(path) not in (*HEIGHT, "readings")}
    assert sorted(naming) == []


def test_the_reader_of_tables_finds_what_is_there() -> None:
    assert "ledger_transfer" in owners()
    assert any(path.endswith("ledger/statements.py") for path, _ in sql_texts())
