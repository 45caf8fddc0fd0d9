"""
The database's walls, put up after every migration for every town's table.

For each: a primary key and foreign keys that begin with the town, row-level security that is forced on the owner too, and
the application's rights (facts may be inserted and read, never changed); nobody else has any. Tables that tell what they
change get the triggers for it. The catalogue is read first and only what differs is changed, each table in one transaction:
a house where nothing is missing is not touched, and a page that is open meanwhile finds a table with all of its walls. A
test walks the catalogue and fails on a table without walls.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction

from campanella.foundation.core.policies import ACTIVE_TOWN, Policy
from campanella.foundation.core.tables import TownForeignKey, TownRow
from campanella.foundation.tenants.catalogue import PUBLIC, Catalogue
from campanella.foundation.tenants.telling import telling

FACTS = frozenset({"SELECT", "INSERT"})
EVERYTHING = FACTS | {"UPDATE", "DELETE"}
REGISTER = "tenants_municipality"
_OF_TOWN = f"municipality_id = {ACTIVE_TOWN}"
TOWNS = (Policy("town", "all", using=_OF_TOWN, check=_OF_TOWN),)
REGISTERS = (
    Policy("everybody_reads", "select", using="true"),
    Policy("own_choices", "update", using=f"id = {ACTIVE_TOWN}"),
)


def put_up(*, using: str = "default") -> None:
    """Put up every wall that is missing; the connection must own the tables."""
    for statements in missing(using=using):
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def missing(*, using: str = "default") -> list[list[str]]:
    """Return the statements that put up what is missing, those of one table together; it only reads, and any role may."""
    found = Catalogue.read(using=using, role=settings.APPLICATION_ROLE)
    walls: dict[str, list[str]] = {table: [] for table in sorted(found.tables)}
    for model in town_tables():
        walls[model._meta.db_table] = _keys(model, found) + _security(model, found) + telling(model, found)
    walls[REGISTER] += _register(found)
    for table, due in policies().items():
        if due not in (TOWNS, REGISTERS):
            walls[table] += _policies(table, due, found)
    for table, wanted in _rights(found).items():
        walls[table] += _granted(table, wanted, found)
    # A key to another table needs that table's own key first.
    references = [_references(model, found) for model in town_tables()]
    rest = [line for name in sorted(found.sequences) for line in _granted(name, frozenset({"USAGE"}), found)]
    rest += [f"grant execute on function {name} to {_name(settings.APPLICATION_ROLE)}" for name in found.closed_functions]
    return [statements for statements in (*walls.values(), *references, rest) if statements]


def town_tables() -> Iterator[type[TownRow]]:
    """Every table that belongs to a town."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, TownRow) and model._meta.managed:
            yield model


def _keys(model: type[TownRow], found: Catalogue) -> list[str]:
    table = model._meta.db_table
    statements = []
    if (table, f"{table}_town_key") not in found.constraints:
        statements.append(
            f"alter table {table} drop constraint {table}_pkey,"
            f" add constraint {table}_town_key primary key (municipality_id, id)"
        )
    # A table with a reference inside the town needs no second proof that the town exists: its target has it.
    if not any(isinstance(field, TownForeignKey) and not field.null for field in model._meta.local_fields):
        statements += _foreign_key(f"{table}_town", table, "(municipality_id)", f"{REGISTER} (id)", found)
    # Of a town that the last analyze has not seen, statistics say that it has one row, and the plans that follow multiply
    # all of its rows with all of its rows. Without statistics every town is taken for a middling one.
    if (table, "municipality_id") not in found.without_statistics:
        statements.append(f"alter table {table} alter column municipality_id set statistics 0")
    if model.written_over and (table, "fillfactor=50") not in found.options:
        statements.append(f"alter table {table} set (fillfactor = 50)")
    return statements


def _references(model: type[TownRow], found: Catalogue) -> list[str]:
    table = model._meta.db_table
    references = [field for field in model._meta.local_fields if isinstance(field, TownForeignKey)]
    proven = {column for field in references for column in field.agreeing}
    return [
        statement
        for field in references
        if field.column not in proven
        for statement in _foreign_key(
            f"{table}_{field.column}"[:58] + "_town",
            table,
            f"({', '.join(['municipality_id', field.column, *field.agreeing])})",
            f"{_target(field)} ({', '.join(['municipality_id', 'id', *field.agreeing])})",
            found,
        )
    ]


def _target(field: models.ForeignKey[Any, Any]) -> str:
    related: type[models.Model] = field.remote_field.model
    return related._meta.db_table


def _security(model: type[TownRow], found: Catalogue) -> list[str]:
    table = model._meta.db_table
    return [
        *([] if table in found.secured else [f"alter table {table} enable row level security"]),
        *([] if table in found.forced else [f"alter table {table} force row level security"]),
        *_policies(table, policies()[table], found),
    ]


def policies() -> dict[str, tuple[Policy, ...]]:
    """Return the policies of every table that has any: these, as they are, and no other."""
    own = {
        model._meta.db_table: model.policies
        for model in apps.get_models(include_auto_created=True)
        if hasattr(model, "policies") and model._meta.managed
    }
    return {REGISTER: REGISTERS} | {model._meta.db_table: TOWNS for model in town_tables()} | own


def _policies(table: str, wanted: tuple[Policy, ...], found: Catalogue) -> list[str]:
    """Take away what is not as it must be, a stranger's too, for each lets rows through; then put up the rest."""
    stands, due = found.policies.get(table, {}), {policy.name: policy for policy in wanted}
    wrong = [name for name, said in stands.items() if name not in due or said != due[name].plain]
    return [
        *(f"drop policy {_name(name)} on {table}" for name in sorted(wrong)),
        *(policy.created_on(table) for policy in wanted if policy.name not in stands or policy.name in wrong),
    ]


def _register(found: Catalogue) -> list[str]:
    """The register of towns is read by everybody; a town may change its own choices, nothing else."""
    return [
        *([] if REGISTER in found.secured else [f"alter table {REGISTER} enable row level security"]),
        *([f"alter table {REGISTER} no force row level security"] if REGISTER in found.forced else []),
        *_policies(REGISTER, REGISTERS, found),
    ]


def _rights(found: Catalogue) -> dict[str, frozenset[str]]:
    """What the application may do with each table."""
    rights = {REGISTER: frozenset({"SELECT", "UPDATE (choices)"}), "django_migrations": frozenset({"SELECT"})}
    # The jobs' tables carry ids only and are the worker's own business.
    rights |= {table: EVERYTHING for table in found.tables if table.startswith("procrastinate")}
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model, "append_only") and model._meta.managed:
            rights[model._meta.db_table] = FACTS if model.append_only else EVERYTHING
    return rights


def _granted(relation: str, wanted: frozenset[str], found: Catalogue) -> list[str]:
    """Give the application what it may, and take from everybody else what they have."""
    kind = "sequence" if relation in found.sequences else "table"
    has = found.rights.get(relation, {})
    strangers = [who for who in sorted(has) if who != settings.APPLICATION_ROLE]
    statements = [f"revoke all on {kind} {relation} from {_name(who)}" for who in strangers]
    if has.get(settings.APPLICATION_ROLE, set()) != wanted:
        role = _name(settings.APPLICATION_ROLE)
        statements.append(f"revoke all on {kind} {relation} from {role}")
        statements.append(f"grant {', '.join(sorted(wanted))} on {kind} {relation} to {role}")
    return statements


def _foreign_key(name: str, table: str, columns: str, target: str, found: Catalogue) -> list[str]:
    if (table, name) in found.constraints:
        return []
    return [f"alter table {table} add constraint {name} foreign key {columns} references {target}"]


def _name(role: str) -> str:
    return role if role == PUBLIC else '"' + role.replace('"', '""') + '"'
