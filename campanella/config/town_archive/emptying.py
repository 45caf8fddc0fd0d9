"""A town that “campanella town create” has just made: nobody has worked in it, so an archive may take its place."""

from campanella.config.town_archive import content
from campanella.domains.accounts.models import User
from campanella.domains.support.models import Faq
from campanella.foundation.core import sql
from campanella.foundation.core.models import AuditRow, Change
from campanella.foundation.core.scope import scope

# What its creation writes; of users it is the office's first one.
CREATED = {model._meta.db_table for model in (User, Faq, AuditRow, Change)}


def is_as_created(*, town_id: int) -> bool:
    """Tell whether a town holds nothing but what its creation has written."""
    with scope(town_id):
        others = [table for table in _tables() if table not in CREATED]
        return not any(sql.rows(f"select 1 from {table} limit 1") for table in others) and User.objects.count() <= 1  # noqa: S608


def empty(*, town_id: int) -> None:
    """Take away what the creation of a town has written; call it as the owner of the tables."""
    with scope(town_id):
        for table in reversed([table for table in _tables() if table in CREATED]):
            sql.run(f"delete from {table} where municipality_id = %s", [town_id])  # noqa: S608  # a table of ours


def _tables() -> list[str]:
    return [table for table in content.tables() if table != content.INBOUND] + sorted(content.LEFT_OUT)
