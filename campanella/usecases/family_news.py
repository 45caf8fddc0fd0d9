"""How many news a family has not opened yet: one question, asked by nearly every page."""

from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.foundation.core import sql
from campanella.foundation.core.clock import day_of


def news_to_read(*, user: User, now: datetime) -> int:
    """Count the news shown now to this user's children's town, schools and classes that this user has not opened."""
    values = {"town": user.municipality_id, "user": user.pk, "now": now, "day": day_of(now)}
    found = sql.row(_TO_READ, values)
    return int(found[0]) if found else 0


_TO_READ = """
with place as (
  select g.id, g.school_id
    from schools_membership m
    join schools_classgroup g on g.municipality_id = %(town)s and g.id = m.class_group_id
   where m.municipality_id = %(town)s and m.days @> %(day)s::date and m.child_id in (
     select t.child_id from people_guardianship t
       join people_guardian a on a.municipality_id = %(town)s and a.id = t.guardian_id
      where t.municipality_id = %(town)s and a.user_id = %(user)s
     union all
     select x.child_id from people_childaccount x where x.municipality_id = %(town)s and x.user_id = %(user)s)
)
select count(*) from support_news n
 where n.municipality_id = %(town)s and n.published_at <= %(now)s and (n.until is null or n.until >= %(day)s)
   and (n.school_id is null or n.school_id in (select school_id from place))
   and (n.class_group_id is null or n.class_group_id in (select id from place))
   and not exists (select 1 from support_newsread r
                    where r.municipality_id = %(town)s and r.news_id = n.id and r.user_id = %(user)s)
"""
