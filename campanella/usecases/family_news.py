"""The letter to families about a new piece of news, and its end when the news is withdrawn."""

from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.messaging import operations as messaging
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.support import operations as noticeboard
from campanella.domains.support import queries as support
from campanella.domains.support import rules
from campanella.domains.support.events import NewsPublished
from campanella.foundation.core import clock
from campanella.foundation.core.clock import day_of
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.usecases.links import portal_link
from campanella.usecases.messages import letters

# Adults written to in one transaction.
PIECE = 500


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


@use_case
def withdraw(*, by: User, news_id: int, now: datetime) -> None:
    """Take a piece of news back; letters about it that have not left yet do not leave."""
    noticeboard.withdraw_news(by=by, news_id=news_id, now=now)
    messaging.call_off(keys=[letters.of_news(news_id)], now=now)
