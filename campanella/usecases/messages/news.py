"""A piece of news, sent to those it concerns."""

from datetime import datetime
from typing import Any

from campanella.domains.people.models import Guardian
from campanella.domains.support.models import News
from campanella.readings.office.bulk import LEAVES_AFTER
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import LAST, queue, worded


def of_news(news_id: int) -> str:
    """Return how the keys of all letters about a piece of news begin."""
    return f"news:{news_id}:"


def news_published(*, news: News, guardian: Guardian, link: str, now: datetime) -> None:
    """Tell an adult that there is a piece of news; who was told is not told again when it is published again."""
    queue(
        template="news_published",
        key=f"{of_news(news.pk)}{guardian.pk}",
        # Letters to many wait for each letter to one.
        urgency=LAST,
        wait_seconds=int(LEAVES_AFTER.total_seconds()),
        guardian=guardian,
        subject=news.title,
        now=now,
        values=_published(news, link),
    )


def news_worded(*, news: News, link: str, now: datetime) -> tuple[str, str]:
    """Return subject and text of the letter about a piece of news, as each adult would read it."""
    return worded(template="news_published", subject=news.title, values=_published(news, link), now=now)


def _published(news: News, link: str) -> dict[str, Any]:
    return {"news": news, "link": link, "off": portal_link("portal:email")}
