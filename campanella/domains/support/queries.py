"""What families and the office read: news, answers, tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.storage import default_storage
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from campanella.domains.accounts.models import User
from campanella.domains.schools.queries import Place
from campanella.domains.support import rules
from campanella.domains.support.models import Attachment as Attachment
from campanella.domains.support.models import Faq as Faq
from campanella.domains.support.models import News, NewsRead, TicketMessage
from campanella.domains.support.models import Ticket as Ticket
from campanella.domains.support.words import TicketState
from campanella.foundation.core import sql
from campanella.foundation.core.clock import day_of
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class NewsItem:
    """A piece of news as a reader sees it; ``is_read`` is False when nobody asked whose readings."""

    id: int
    title: str
    body: str
    audience: str
    published_at: datetime | None
    until: date | None
    state: rules.NewsState
    attachments: int
    is_read: bool


@dataclass(frozen=True)
class TicketLine:
    """One message of a ticket."""

    is_from_office: bool
    author_name: str
    text: str
    at: datetime


def news_for(
    *,
    places: Sequence[Place],
    now: datetime,
    limit: int,
    user: User | None = None,
    is_past: bool = False,
) -> list[NewsItem]:
    """
    Return the news for families of these places, newest first: one query.

    :param places: where the children go to school today; without any, only what concerns the whole town
    :param user: whose readings are told in ``is_read``
    :param is_past: those that have ended, instead of those that are shown
    """
    rows = _told(places=places, now=now)
    ended = Q(until__lt=day_of(now))
    rows = rows.filter(ended) if is_past else rows.exclude(ended)
    return [_item(row, now) for row in _annotated(rows, user).order_by("-published_at", "-id")[:limit]]


@dataclass(frozen=True)
class Headline:
    """The beginning of a piece of news, for the family's first page."""

    id: int
    title: str
    beginning: str
    published_at: datetime


def headlines_for(*, places: Sequence[Place], user_id: int, now: datetime, limit: int) -> tuple[list[Headline], int]:
    """Return the newest news shown now to families of these places, and how many this user has not opened: one query."""
    values = {
        "town": active_town_id(), "user": user_id, "now": now, "today": day_of(now), "limit": limit,
        "schools": [place.school_id for place in places],
        "classes": [place.class_group_id for place in places],
    }  # fmt: skip
    found = sql.rows(_HEADLINES, values)
    return [Headline(*row) for *row, _ in found], found[0][-1] if found else 0


def news_item_for(*, news_id: int, places: Sequence[Place], user: User, now: datetime) -> NewsItem:
    """
    Return one piece of news, ended or not, if it concerns a family of these places.

    :raises NotFound: it is for another school or class, or is not published
    """
    row = _annotated(_told(places=places, now=now), user).filter(pk=news_id).first()
    if row is None:
        raise NotFound
    return _item(row, now)


def attachments_of(*, news_id: int) -> list[Attachment]:
    """Return the files of a piece of news."""
    return list(Attachment.objects.filter(news_id=news_id).order_by("id"))


def attachment(*, attachment_id: int) -> Attachment:
    """
    Return one attachment of the town; the caller asks whether the person may read its news.

    :raises NotFound: there is none
    """
    found = Attachment.objects.filter(pk=attachment_id).first()
    if found is None:
        raise NotFound
    return found


def content_of(file: Attachment) -> bytes:
    """
    Return the content of an attachment: 5 MB at most.

    :raises NotFound: the storage has lost it
    """
    try:
        with default_storage.open(file.stored_as, "rb") as stored:
            return bytes(stored.read())
    except FileNotFoundError:
        raise NotFound("Questo allegato non c’è più. Scrivi all’ufficio da Contattaci.")


def all_news(*, now: datetime) -> list[NewsItem]:
    """Return every piece of news for the office: drafts first, then newest first."""
    rows = _annotated(News.objects.all(), None).order_by("-published_at", "-id")
    items = [_item(row, now) for row in rows[:300]]
    return sorted(items, key=lambda item: item.state != "draft")


def news(*, news_id: int) -> News:
    """
    Return one piece of news, for the office.

    :raises NotFound: the town has none
    """
    found = News.objects.filter(pk=news_id).select_related("school", "class_group__school").first()
    if found is None:
        raise NotFound
    return found


def audience_of(row: News) -> str:
    """Tell in words whom a piece of news is for."""
    if row.class_group:
        return f"{row.class_group.name} · {row.class_group.school.name}"
    return row.school.name if row.school else "Tutto il Comune"


def readers(*, news_id: int) -> int:
    """Count the accesses that have opened a piece of news."""
    return NewsRead.objects.filter(news_id=news_id).count()


def faqs(*, words: str = "") -> list[Faq]:
    """Return the published questions that match all these words, in the town's order."""
    rows = Faq.objects.filter(is_published=True).order_by("position", "id")
    return [row for row in rows if rules.matches(words=words, texts=(row.question, row.answer))]


def all_faqs() -> list[Faq]:
    """Return every question, published or not, for the office."""
    return list(Faq.objects.order_by("position", "id"))


def faq(*, faq_id: int) -> Faq:
    """
    Return one question.

    :raises NotFound: the town has none
    """
    found = Faq.objects.filter(pk=faq_id).first()
    if found is None:
        raise NotFound
    return found


def tickets_of(*, user: User) -> list[Ticket]:
    """Return what this user wrote to the office, last changed first."""
    return list(Ticket.objects.filter(user=user).select_related("child").order_by("-changed_at", "-id")[:100])


def ticket_for(*, user: User, number: int) -> Ticket:
    """
    Return one ticket of this user.

    :raises NotFound: there is none, or somebody else wrote it
    """
    found = Ticket.objects.filter(user=user, number=number).select_related("child").first()
    if found is None:
        raise NotFound
    return found


def tickets(*, state: str = "") -> "QuerySet[Ticket]":
    """Return the town's tickets for the office: the longest waiting first among the open, else last changed first."""
    rows = Ticket.objects.select_related("child")
    if state == TicketState.OPEN:
        return rows.filter(state=state).order_by("changed_at", "id")
    return (rows.filter(state=state) if state else rows).order_by("-changed_at", "-id")


def open_tickets() -> int:
    """Count the tickets that wait for an answer."""
    return Ticket.objects.filter(state=TicketState.OPEN).count()


def ticket(*, number: int) -> Ticket:
    """
    Return one ticket by its number, for the office.

    :raises NotFound: the town has none
    """
    found = Ticket.objects.filter(number=number).select_related("child", "guardian", "user").first()
    if found is None:
        raise NotFound
    return found


def tickets_numbered(*, numbers: Sequence[int]) -> dict[int, Ticket]:
    """Return tickets by their numbers, whoever opened them: one query."""
    return {ticket.number: ticket for ticket in Ticket.objects.filter(number__in=list(numbers))}


def ticket_and_message(*, ticket_id: int, message_id: int) -> tuple[Ticket, TicketMessage]:
    """Return a ticket with one of its messages, for the letters."""
    message = TicketMessage.objects.select_related("ticket__guardian", "ticket__child").get(
        pk=message_id, ticket_id=ticket_id
    )
    return message.ticket, message


def lines_of(*, ticket_id: int) -> list[TicketLine]:
    """Return what was written in a ticket, oldest first."""
    rows = TicketMessage.objects.filter(ticket_id=ticket_id).order_by("at", "id")
    return [TicketLine(row.is_from_office, row.author_name, row.text, row.at) for row in rows]


def _told(*, places: Sequence[Place], now: datetime) -> "QuerySet[News]":
    schools = {place.school_id for place in places}
    classes = {place.class_group_id for place in places}
    everybody = Q(school=None, class_group=None)
    return News.objects.filter(
        everybody | Q(school_id__in=schools) | Q(class_group_id__in=classes), published_at__lte=now
    ).select_related("school", "class_group__school")


def _annotated(rows: "QuerySet[News]", user: User | None) -> "QuerySet[News]":
    read = Exists(NewsRead.objects.filter(news=OuterRef("pk"), user=user)) if user else Value(False)
    of_this = Attachment.objects.filter(news=OuterRef("pk")).order_by().values("news")
    files = Coalesce(Subquery(of_this.annotate(many=Count("pk")).values("many")), 0)
    return rows.select_related("school", "class_group__school").annotate(is_read=read, files=files)


def _item(row: News, now: datetime) -> NewsItem:
    state = rules.news_state(published_at=row.published_at, until=row.until, today=day_of(now))
    return NewsItem(
        row.pk,
        row.title,
        row.body,
        audience_of(row),
        row.published_at,
        row.until,
        state,
        row.files,  # type: ignore[attr-defined]  # annotated above
        row.is_read,  # type: ignore[attr-defined]  # so is this
    )


def told(*, schools: str, classes: str) -> str:
    """
    Write the condition under which a ``support_news n`` is shown now to a family; it takes the town, ``now`` and ``today``.

    :param schools: SQL of an array with the ids of the family's schools, as the other of its classes
    """
    return (
        "n.municipality_id = %(town)s and n.published_at <= %(now)s and (n.until is null or n.until >= %(today)s)"
        f" and (n.school_id is null or n.school_id = any({schools}))"
        f" and (n.class_group_id is null or n.class_group_id = any({classes}))"
    )


_HEADLINES = f"""
select id, title, left(body, 200), published_at,
       count(*) filter (where not exists (
         select 1 from support_newsread r
          where r.municipality_id = %(town)s and r.news_id = n.id and r.user_id = %(user)s)) over ()
  from support_news n
 where {told(schools="%(schools)s::bigint[]", classes="%(classes)s::bigint[]")}
 order by published_at desc, id desc limit %(limit)s
"""  # noqa: S608  # the fragment stands above, and takes its values as this statement does
