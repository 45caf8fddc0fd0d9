"""What PostgreSQL's catalogue says of our tables: which walls stand. It only reads, and every role may."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Self

from django.db import connections

from campanella.foundation.core.policies import FOUND

PUBLIC = "public"


@dataclass(frozen=True)
class Catalogue:
    """The tables of the database, and what stands around each."""

    tables: frozenset[str]
    sequences: frozenset[str]
    secured: frozenset[str]
    forced: frozenset[str]
    # (table, name)
    constraints: frozenset[tuple[str, str]]
    # Table → name → what it says, in plain writing.
    policies: dict[str, dict[str, str]]
    # Options and the columns without statistics, as (table, word).
    options: frozenset[tuple[str, str]]
    without_statistics: frozenset[tuple[str, str]]
    # Table or sequence → who, beside its owner → what they may: “SELECT”, “UPDATE (choices)”.
    rights: dict[str, dict[str, set[str]]]
    # Functions of ours that not everybody may call, as PostgreSQL writes them with their arguments.
    closed_functions: tuple[str, ...]
    # Table → the functions of the triggers by which it tells its changes (``telling.py``), where all three stand.
    tellers: dict[str, set[str]]

    @classmethod
    def read(cls, *, using: str, role: str) -> Self:
        """Read it: seven queries."""
        with connections[using].cursor() as cursor:

            def pairs(statement: str, *values: str) -> frozenset[tuple[str, str]]:
                cursor.execute(statement, values or None)
                return frozenset((first, second) for first, second in cursor.fetchall())

            cursor.execute(_RELATIONS)
            relations = cursor.fetchall()
            rights: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
            cursor.execute(_RIGHTS)
            for table, who, right in cursor.fetchall():
                rights[table][who].add(right)
            policies: dict[str, dict[str, str]] = defaultdict(dict)
            cursor.execute(FOUND)
            for table, name, said in cursor.fetchall():
                policies[table][name] = said
            cursor.execute(_CLOSED_FUNCTIONS, [role, role])
            closed = tuple(name for (name,) in cursor.fetchall())
            tellers: dict[str, set[str]] = defaultdict(set)
            for table, function in pairs(_TELLERS):
                tellers[table].add(function)
            return cls(
                tables=frozenset(name for name, kind, *_ in relations if kind != "S"),
                sequences=frozenset(name for name, kind, *_ in relations if kind == "S"),
                secured=frozenset(name for name, _, secured, _, _ in relations if secured),
                forced=frozenset(name for name, _, _, forced, _ in relations if forced),
                options=frozenset((name, option) for name, *_, options in relations for option in options or ()),
                constraints=pairs(_CONSTRAINTS),
                policies=dict(policies),
                without_statistics=pairs(_WITHOUT_STATISTICS),
                rights={table: dict(of) for table, of in rights.items()},
                closed_functions=closed,
                tellers=dict(tellers),
            )


_RELATIONS = """
select relname, relkind::text, relrowsecurity, relforcerowsecurity, reloptions
  from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S')
"""

_CONSTRAINTS = """
select c.relname, k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid
 where c.relnamespace = 'public'::regnamespace
"""

_WITHOUT_STATISTICS = """
select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attstattarget = 0
"""

_RIGHTS = """
with kept (relation, owner, acl, of_column) as (
  select oid, relowner, relacl, '' from pg_class where relkind in ('r', 'p', 'S')
  union all
  select c.oid, c.relowner, a.attacl, ' (' || a.attname || ')' from pg_attribute a join pg_class c on c.oid = a.attrelid
)
select c.relname, coalesce(r.rolname, 'public'), one.privilege_type || kept.of_column
  from kept join pg_class c on c.oid = kept.relation and c.relnamespace = 'public'::regnamespace
 cross join aclexplode(kept.acl) one
  left join pg_roles r on r.oid = one.grantee
 where one.grantee <> kept.owner
"""

_CLOSED_FUNCTIONS = """
select oid::regprocedure::text from pg_proc
 where pronamespace = 'public'::regnamespace and pg_has_role(proowner, 'member')
   and exists (select from pg_roles where rolname = %s) and not has_function_privilege(%s, oid, 'execute')
"""

_TELLERS = """
select c.relname, p.proname
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
 where c.relnamespace = 'public'::regnamespace and p.proname like 'tells\\_%' and t.tgenabled = 'O'
 group by c.relname, p.proname having count(*) = 3
"""
