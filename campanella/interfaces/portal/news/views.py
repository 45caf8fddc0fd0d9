"""News for the family: only those of the town and of the schools and classes of its children."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.domains.support import operations as support
from campanella.domains.support import queries
from campanella.domains.support.queries import Attachment, NewsItem
from campanella.foundation.core import clock
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, family

SHOWN = 50


@dataclass(frozen=True)
class NewsPage:
    """A list of news."""

    items: list[NewsItem]
    is_past: bool


@dataclass(frozen=True)
class ItemPage:
    """One piece of news with its files."""

    item: NewsItem
    files: list[Attachment]


@family
def news(request: PersonRequest) -> HttpResponse:
    """Show what the town tells now."""
    return _list(request, is_past=False)


@family
def past(request: PersonRequest) -> HttpResponse:
    """Show what the town told and is over."""
    return _list(request, is_past=True)


@family
def item(request: PersonRequest, news_id: int) -> HttpResponse:
    """Show one piece of news, and remember that it was read."""
    now = clock.now()
    found = queries.news_item_for(news_id=news_id, places=_places(request, now), user=request.user, now=now)
    if not found.is_read:
        support.note_read(user=request.user, news_id=found.id, now=now)
    files = queries.attachments_of(news_id=found.id) if found.attachments else []
    return render(request, "portal/news/item.html", {"page": ItemPage(found, files), "section": "news"})


@family
def attachment(request: PersonRequest, attachment_id: int) -> HttpResponse:
    """Hand out a file to those who may read its news: always as a download, never as a page."""
    now = clock.now()
    file = queries.attachment(attachment_id=attachment_id)
    queries.news_item_for(news_id=file.news_id, places=_places(request, now), user=request.user, now=now)
    return as_download(content=queries.content_of(file), name=file.name, content_type=file.content_type)


def _list(request: PersonRequest, *, is_past: bool) -> HttpResponse:
    now = clock.now()
    items = queries.news_for(places=_places(request, now), now=now, limit=SHOWN, user=request.user, is_past=is_past)
    if not is_past:
        request.unread = sum(1 for item in items if not item.is_read)
    return render(request, "portal/news/list.html", {"page": NewsPage(items, is_past), "section": "news"})


def _places(request: PersonRequest, now: datetime) -> list[Place]:
    child_ids = [child.id for child in people.children_of(user=request.user)]
    return list(schools.places_of(child_ids=child_ids, day=clock.day_of(now)).values())
