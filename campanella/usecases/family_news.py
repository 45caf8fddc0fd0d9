"""News and families: how many wait to be read (asked by nearly every page), and the letter about a new one."""

from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.support import queries as support
from campanella.domains.support import rules
from campanella.domains.support.events import NewsPublished
from campanella.foundation.core import clock, sql
from campanella.foundation.core.clock import day_of
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.usecases.links import portal_link
from campanella.usecases.messages import letters

# Adults written to in one transaction.
PIECE = 500


def news_to_read(*, user: User, now: datetime) -> int:
    """Count the news shown now to this user's children's town, schools and classes that this user has not opened."""
    values = {"town": user.municipality_id, "user": user.pk, "now": now, "day": day_of(now)}
    found = sql.row(_TO_READ, values)
    return int(found[0]) if found else 0


@use_case
def tell_families(*, news_id: int, after: int) -> None:
    """
    Write to the adults a piece of news is for, each once however often it is published; then the next piece of them.

    Nobody is written to about a piece of news that was withdrawn meanwhile.
    """
    now = clock.now()
    news = support.news(news_id=news_id)
    if rules.news_state(published_at=news.published_at, until=news.until, today=day_of(now)) != "shown":
        return
    pupils = schools.pupils_of(school_id=news.school_id, class_group_id=news.class_group_id, day=day_of(now))
    readers = people.news_readers(child_ids=pupils, after=after, limit=PIECE)
    link = portal_link("portal:news-item", news_id)
    for guardian in readers:
        letters.news_published(news=news, guardian=guardian, link=link, now=now)
    if len(readers) == PIECE:
        publish(NewsPublished(news_id=news_id, after=readers[-1].pk))


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
