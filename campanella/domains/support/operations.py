"""Writing news, answers and tickets."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q
from django.utils.crypto import salted_hmac

from campanella.domains.accounts.models import User
from campanella.domains.people.models import Guardian
from campanella.domains.support import rules
from campanella.domains.support.events import NewsPublished, TicketAnswered, TicketContinued, TicketOpened
from campanella.domains.support.first_faq import FIRST_FAQ
from campanella.domains.support.models import Attachment, Faq, News, NewsRead, Ticket, TicketMessage
from campanella.domains.support.words import TicketState, Topic
from campanella.foundation.core import audit, files, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "news.written": "ha scritto la news",
        "news.published": "ha pubblicato la news",
        "news.mailed": "ha pubblicato la news, con una e-mail alle famiglie",
        "news.withdrawn": "ha ritirato la news",
        "news.attached": "ha allegato {name}",
        "news.detached": "ha tolto l’allegato {name}",
        "faq.written": "ha scritto una risposta delle FAQ",
        "faq.started": "ha preso {count:domanda|domande} di partenza",
        "faq.removed": "ha tolto una domanda dalle FAQ",
        "ticket.opened": "ha scritto all’ufficio, segnalazione n. {number}",
        "ticket.continued": "ha scritto ancora",
        "ticket.answered": "ha risposto",
        "ticket.closed": "ha chiuso la segnalazione",
        "ticket.reopened": "ha riaperto la segnalazione",
    }
)


class FileRefused(Refusal):
    """A file is too large, or is not one of the kinds that may be attached."""


class TooManyTickets(Refusal):
    """Too many tickets within the hour."""

    message = "Hai già scritto più volte nell’ultima ora. Riprova più tardi, oppure telefona all’ufficio."


@dataclass(frozen=True)
class Audience:
    """Whom a piece of news is for; without school and class, the whole town."""

    school_id: int | None = None
    class_group_id: int | None = None


@dataclass(frozen=True)
class Writer:
    """Who writes to the office; ``user`` is None for somebody who is not signed in."""

    name: str
    email: str
    origin: str
    user: User | None = None
    guardian: Guardian | None = None
    child_id: int | None = None


@operation
def write_news(
    *, by: User, news_id: int | None, title: str, body: str, audience: Audience, until: date | None, now: datetime
) -> News:
    """
    Write a new piece of news, or another version of one; publishing is a second step.

    :param until: the last day it is shown; None leaves it for ever
    """
    row = News.objects.get(pk=news_id) if news_id else News(author=by, written_at=now)
    row.title, row.body, row.until = title, body, until
    row.school_id, row.class_group_id = audience.school_id, audience.class_group_id
    row.save(force_insert=not news_id)
    audit.record(by=by, action="news.written", subjects=[f"news:{row.pk}"], at=now)
    return row


@operation
def publish_news(*, by: User, news_id: int, now: datetime, is_mailed: bool = False) -> None:
    """
    Let families read a piece of news; one that is published stays as it is.

    :param is_mailed: families are also told by mail
    """
    if News.objects.filter(pk=news_id, published_at=None).update(published_at=now):
        action = "news.mailed" if is_mailed else "news.published"
        audit.record(by=by, action=action, subjects=[f"news:{news_id}"], at=now)
        if is_mailed:
            publish(NewsPublished(news_id=news_id))


@operation
def withdraw_news(*, by: User, news_id: int, now: datetime) -> None:
    """Take a piece of news back; it stays with the office as a draft."""
    if News.objects.filter(pk=news_id).exclude(published_at=None).update(published_at=None):
        audit.record(by=by, action="news.withdrawn", subjects=[f"news:{news_id}"], at=now)


@operation
def attach(*, by: User, news_id: int, name: str, content: bytes, now: datetime) -> Attachment:
    """
    Keep a file beside a piece of news, under a random name.

    :raises FileRefused: over 5 MB, an eleventh file, or a kind that is not allowed; what is inside decides, not the name
    """
    clean = rules.file_name(name)
    if len(content) > rules.MOST_BYTES:
        raise FileRefused(f"{clean} è troppo grande: un allegato può avere al massimo 5 MB.")
    kind = rules.kind_of(name=clean, content=content)
    if kind is None:
        raise FileRefused(f"{clean} non si può allegare: vanno bene PDF, PNG, JPG, DOCX, ODT e XLSX, senza macro.")
    if Attachment.objects.filter(news_id=news_id).count() >= rules.MOST_ATTACHMENTS:
        raise FileRefused(f"Una news può avere al massimo {rules.MOST_ATTACHMENTS} allegati.")
    stored_as = files.keep(folder="news", content=content)
    row = Attachment.objects.create(
        news_id=news_id,
        name=clean,
        content_type=kind,
        size=len(content),
        stored_as=stored_as,
    )
    audit.record(by=by, action="news.attached", subjects=[f"news:{news_id}"], at=now, data={"name": clean})
    return row


@operation
def detach(*, by: User, news_id: int, attachment_id: int, now: datetime) -> None:
    """Remove a file from a piece of news; its content goes after the commit."""
    row = Attachment.objects.filter(pk=attachment_id, news_id=news_id).first()
    if row is None:
        return
    row.delete()
    files.remove(row.stored_as)
    audit.record(by=by, action="news.detached", subjects=[f"news:{news_id}"], at=now, data={"name": row.name})


@operation
def note_read(*, user: User, news_id: int, now: datetime) -> None:
    """Remember that this user has opened a piece of news; a second time changes nothing."""
    NewsRead.objects.get_or_create(user=user, news_id=news_id, defaults={"at": now})


@operation
def write_faq(
    *, by: User, faq_id: int | None, question: str, answer: str, position: int, is_published: bool, now: datetime
) -> Faq:
    """Write a question with its answer, or another version of one."""
    row = Faq.objects.get(pk=faq_id) if faq_id else Faq()
    row.question, row.answer, row.position, row.is_published = question, answer, position, is_published
    row.save(force_insert=not faq_id)
    audit.record(by=by, action="faq.written", subjects=[f"faq:{row.pk}"], at=now)
    return row


@operation
def remove_faq(*, by: User, faq_id: int, now: datetime) -> None:
    """Remove a question."""
    Faq.objects.filter(pk=faq_id).delete()
    audit.record(by=by, action="faq.removed", subjects=[f"faq:{faq_id}"], at=now)


@operation
def start_faq(*, by: Actor, now: datetime) -> int:
    """
    Give a town without any question the ones every town begins with.

    :returns: how many were written; 0 when the town has its own already
    """
    if Faq.objects.exists():
        return 0
    rows = [Faq(question=question, answer=answer, position=10 * n) for n, (question, answer) in enumerate(FIRST_FAQ, 1)]
    made = Faq.objects.bulk_create(rows)
    audit.record(by=by, action="faq.started", subjects=[f"faq:{row.pk}" for row in made], at=now, data={"count": len(made)})
    return len(made)


@operation
def open_ticket(*, by: Writer, topic: Topic, text: str, now: datetime) -> Ticket:
    """
    Write to the office.

    :raises TooManyTickets: too many within the hour by this person, or from this place without signing in
    """
    origin_hash = "" if by.user else salted_hmac("support", by.origin, algorithm="sha256").hexdigest()
    number = _next_number()
    _refuse_floods(by=by, origin_hash=origin_hash, now=now)
    ticket = Ticket.objects.create(
        number=number,
        user=by.user,
        guardian=by.guardian,
        child_id=by.child_id,
        name=by.name,
        email=by.email,
        origin_hash=origin_hash,
        topic=topic,
        opened_at=now,
        changed_at=now,
    )
    message = _write(ticket=ticket, author_name=by.name, text=text, is_from_office=False, now=now)
    subjects = [f"ticket:{ticket.pk}"] + ([f"child:{by.child_id}"] if by.child_id else [])
    actor = by.user or audit.Software("Da Contattaci, senza accesso")
    audit.record(by=actor, action="ticket.opened", subjects=subjects, at=now, data={"number": number})
    publish(TicketOpened(ticket_id=ticket.pk, message_id=message.pk))
    return ticket


@operation
def continue_ticket(*, by: User, ticket: Ticket, text: str, now: datetime, author: str = "") -> None:
    """
    Write again in a ticket; one that was answered or closed is open again.

    :param author: who writes, where it may be somebody else than who opened it
    """
    message = _write(ticket=ticket, author_name=author or ticket.name, text=text, is_from_office=False, now=now)
    _set_state(ticket=ticket, state=TicketState.OPEN, now=now)
    audit.record(by=by, action="ticket.continued", subjects=[f"ticket:{ticket.pk}"], at=now)
    publish(TicketContinued(ticket_id=ticket.pk, message_id=message.pk))


@operation
def answer_ticket(*, by: User, ticket: Ticket, text: str, is_closing: bool, now: datetime) -> None:
    """Answer as the office; whoever wrote is told by mail."""
    message = _write(ticket=ticket, author_name=by.display_name, text=text, is_from_office=True, now=now)
    _set_state(ticket=ticket, state=TicketState.CLOSED if is_closing else TicketState.ANSWERED, now=now)
    audit.record(by=by, action="ticket.answered", subjects=[f"ticket:{ticket.pk}"], at=now)
    publish(TicketAnswered(ticket_id=ticket.pk, message_id=message.pk))


@operation
def close_ticket(*, by: User, ticket: Ticket, now: datetime) -> None:
    """Close a ticket that needs no further answer."""
    _set_state(ticket=ticket, state=TicketState.CLOSED, now=now)
    audit.record(by=by, action="ticket.closed", subjects=[f"ticket:{ticket.pk}"], at=now)


@operation
def reopen_ticket(*, by: User, ticket: Ticket, now: datetime) -> None:
    """Put a closed ticket back among those that wait."""
    _set_state(ticket=ticket, state=TicketState.OPEN, now=now)
    audit.record(by=by, action="ticket.reopened", subjects=[f"ticket:{ticket.pk}"], at=now)


def _next_number() -> int:
    """Take the town's next number; the lock lasts until the end of the transaction, so that no number is given twice."""
    sql.take_turns("support_ticket", active_town_id())
    return (Ticket.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _refuse_floods(*, by: Writer, origin_hash: str, now: datetime) -> None:
    recent = Ticket.objects.filter(opened_at__gt=now - rules.WRITING_WINDOW)
    person = Q(user=by.user) if by.user else Q(user=None, email__iexact=by.email)
    by_person = recent.filter(person).count()
    by_origin = recent.filter(origin_hash=origin_hash).count() if origin_hash else 0
    if not rules.may_write(by_person=by_person, by_origin=by_origin):
        raise TooManyTickets


def _write(*, ticket: Ticket, author_name: str, text: str, is_from_office: bool, now: datetime) -> TicketMessage:
    return TicketMessage.objects.create(
        ticket=ticket, is_from_office=is_from_office, author_name=author_name, text=text, at=now
    )


def _set_state(*, ticket: Ticket, state: TicketState, now: datetime) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(state=state, changed_at=now)
