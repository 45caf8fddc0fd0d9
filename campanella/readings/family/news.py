"""How many news wait to be read: asked by nearly every page of a family."""

from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.people.queries import SEEN
from campanella.domains.support.queries import told
from campanella.foundation.core import sql
from campanella.foundation.core.clock import day_of


def news_to_read(*, user: User, now: datetime) -> int:
    """Count the news shown now to this user's children's town, schools and classes that this user has not opened."""
    values = {"town": user.municipality_id, "user": user.pk, "now": now, "today": day_of(now)}
    found = sql.row(_TO_READ, values)
    return int(found[0]) if found else 0


_TO_READ = f"""
with place as (
  select g.id, g.school_id
    from schools_membership m
    join schools_classgroup g on g.municipality_id = %(town)s and g.id = m.class_group_id
   where m.municipality_id = %(town)s and m.days @> %(today)s::date and m.child_id = any({SEEN})
)
select count(*) from support_news n
 where {told(schools="array(select school_id from place)", classes="array(select id from place)")}
   and not exists (select 1 from support_newsread r
                    where r.municipality_id = %(town)s and r.news_id = n.id and r.user_id = %(user)s)
"""  # noqa: S608  # SEEN is ours, and takes its values as this statement does
