"""Row-level security in words: what a policy lets through, and the plain writing by which two of them are compared."""

import re
from dataclasses import dataclass

# The active town, as the database knows it (``core/scope.py`` tells it); none is no town.
ACTIVE_TOWN = "nullif(current_setting('app.town', true), '')::int"

_ADORNMENT = re.compile(r"::(?:text|integer|int)\b|[()\s]")
# The same, of what PostgreSQL writes back: with casts and brackets of its own.
PLAIN_SQL = r"regexp_replace(lower(coalesce({0}, '')), '::(text|integer)|[()[:space:]]', '', 'g')"


@dataclass(frozen=True)
class Policy:
    """
    One policy, for every role.

    :ivar using: which rows may be seen and touched; empty where the command sees none
    :ivar check: what may be written; empty where the command writes nothing, or where ``using`` says it
    """

    name: str
    command: str
    using: str = ""
    check: str = ""

    def created_on(self, table: str) -> str:
        """Return the statement that puts it up."""
        using = f" using ({self.using})" if self.using else ""
        check = f" with check ({self.check})" if self.check else ""
        return f"create policy {self.name} on {table} for {self.command}{using}{check}"

    @property
    def plain(self) -> str:
        """How it is compared with what the catalogue says (``FOUND``)."""
        return f"PERMISSIVE {self.command.upper()} {{public}} using {plain(self.using)} check {plain(self.check)}"


def plain(expression: str) -> str:
    """Take from an expression what PostgreSQL writes in its own way: casts, brackets, blanks, capitals."""
    return _ADORNMENT.sub("", expression.lower())


# Every policy of our tables: table, name, and what it says as ``Policy.plain`` writes it.
FOUND = f"""
select tablename, policyname,
       permissive || ' ' || cmd || ' ' || roles::text || ' using ' || {PLAIN_SQL.format("qual")}
         || ' check ' || {PLAIN_SQL.format("with_check")}
  from pg_policies where schemaname = 'public'
"""  # noqa: S608  # ours, without a value
