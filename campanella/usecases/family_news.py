"""The letter to families about a new piece of news: it waits a little, is written anew with the news, and ends with it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from campanella.domains.accounts.models import User
from campanella.domains.messaging import operations as messaging
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.support import operations as noticeboard
from campanella.domains.support import queries as support
from campanella.domains.support import rules
from campanella.domains.support.events import NewsPublished
from campanella.domains.support.models import News
from campanella.domains.support.operations import Audience
from campanella.foundation.core import clock
from campanella.foundation.core.clock import day_of
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.usecases.links import portal_link
from campanella.usecases.messages import news as letters

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
    readers = people.news_readers(child_ids=_pupils(news, now), after=after, limit=PIECE)
    for guardian in readers:
        letters.news_published(news=news, guardian=guardian, link=_link(news), now=now)
    if len(readers) == PIECE:
        publish(NewsPublished(news_id=news_id, after=readers[-1].pk))


@use_case
def withdraw(*, by: User, news_id: int, now: datetime) -> None:
    """Take a piece of news back; letters about it that have not left yet do not leave."""
    noticeboard.withdraw_news(by=by, news_id=news_id, now=now)
    messaging.call_off(keys=[letters.of_news(news_id)], now=now)


@use_case
def write(
    *, by: User, news_id: int | None, title: str, body: str, audience: Audience, until: date | None, now: datetime
) -> News:
    """
    Write a piece of news, or another version of one; letters that have not left yet are written anew and wait again.

    :param until: see ``write_news``
    """
    row = noticeboard.write_news(by=by, news_id=news_id, title=title, body=body, audience=audience, until=until, now=now)
    if news_id and messaging.call_off(keys=[letters.of_news(news_id)], now=now) and row.published_at:
        publish(NewsPublished(news_id=news_id))
    return row


@dataclass(frozen=True)
class Letter:
    """What would go out about a piece of news: subject and text as each adult reads them, and to how many."""

    subject: str
    text: str
    adults: int


def letter(*, news: News, now: datetime) -> Letter:
    """Return the letter about a piece of news before it is published."""
    subject, text = letters.news_worded(news=news, link=_link(news), now=now)
    return Letter(subject, text, people.count_news_readers(child_ids=_pupils(news, now)))


def _pupils(news: News, now: datetime) -> "QuerySet[Any]":
    return schools.pupils_of(school_id=news.school_id, class_group_id=news.class_group_id, day=day_of(now))


def _link(news: News) -> str:
    return portal_link("portal:news-item", news.pk)
