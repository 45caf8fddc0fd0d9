"""Writing applications, sending them under their number, and each step that follows: held, checked, written, told."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from campanella.domains.accounts.models import User
from campanella.domains.applying import queries, rules
from campanella.domains.applying.events import ApplicationMoved
from campanella.domains.applying.models import (
    Application,
    ApplicationFile,
    ApplicationStep,
    ApplicationVersion,
    EnrolmentCall,
    FormPart,
)
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core import audit, clock, files, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.handed import kind_of
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "application.sent": "ha mandato la domanda n. {number} per {service}",
        "application.sent_again": "ha mandato di nuovo la domanda n. {number} per {service}, versione {version}",
        "application.taken": "ha preso in carico la domanda n. {number} per {service}",
        "application.asked": "ha chiesto di completare la domanda n. {number} per {service}",
        "application.accepted": "ha accettato la domanda n. {number} per {service}",
        "application.refused": "non ha accettato la domanda n. {number} per {service}",
        "application.withdrawn": "ha ritirato la domanda n. {number} per {service}",
        "application.given_up": "ha rinunciato a {service}, domanda n. {number}",
        "application.revoked": "ha revocato la domanda accettata n. {number} per {service}",
        "application.file_read": "ha aperto un documento della domanda n. {number}",
        "application.health_read": "ha aperto un certificato medico della domanda n. {number}",
    }
)


# What each step is called in the history.
ACTIONS = {
    "sent": "application.sent",
    "sent_again": "application.sent_again",
    "taken": "application.taken",
    "asked": "application.asked",
    "accepted": "application.accepted",
    "refused": "application.refused",
    "withdrawn": "application.withdrawn",
    "given_up": "application.given_up",
    "revoked": "application.revoked",
}


class AppliedAlready(Refusal):
    """Somebody who answers for the child has applied already."""

    message = (
        "Per questo servizio c’è già una domanda per lo stesso bambino: non serve mandarne un’altra. "
        "Se non l’hai mandata tu, chiedi all’ufficio."
    )


class DecidedMeanwhile(Refusal):
    """The application is in another state than this step begins from."""

    message = "Intanto questa domanda è cambiata: guarda com’è adesso."


class FileRefused(Refusal):
    """The file is too large, or is none that a document comes as."""

    message = "Il documento va bene in PDF, PNG o JPG, al massimo 5 MB."


def turn_of(guardian: Guardian | None, user: User | None) -> str:
    """Name the turn in which one person's applications are begun and sent."""
    return f"applications of {guardian.pk}" if guardian else f"applications of user {user.pk if user else 0}"


@operation
def begin(
    *,
    call: EnrolmentCall,
    guardian: Guardian | None,
    child: Child | None,
    data: Mapping[str, Any],
    is_by_office: bool,
    now: datetime,
    user: User | None = None,
) -> Application:
    """
    Begin an application; whoever has begun one for the same child goes on with it.

    :param user: who has registered, where it is no adult of the register yet
    :raises AppliedAlready: somebody has applied for the child, and the application stands
    """
    if child and queries.is_applied_for(call_id=call.pk, child_id=child.pk):
        raise AppliedAlready
    made = {"data": dict(data), "is_by_office": is_by_office, "written_at": now, "changed_at": now}
    if child is None:
        # Pressed twice it is one: what nobody has written anything into is gone on with.
        sql.take_turns(turn_of(guardian, user), active_town_id())
        whose = {"guardian": guardian, "user": user}
        mine = Application.objects.filter(call=call, child=None, state="draft", data=made["data"], **whose)
        return mine.first() or Application.objects.create(call=call, **whose, **made)
    draft, _ = Application.objects.get_or_create(call=call, guardian=guardian, child=child, state="draft", defaults=made)
    if is_by_office and not draft.is_by_office:
        # The family has begun it at home, and goes on at the desk.
        draft.is_by_office = True
        draft.save(update_fields=["is_by_office"])
    return draft


@operation
def write(*, application_id: int, data: Mapping[str, Any], now: datetime) -> Application:
    """
    Keep a part of an application as it is being written, beside its other parts; what was sent stays as it was sent.

    :raises DecidedMeanwhile: it may not be written any more
    """
    row = hold(application_id=application_id)
    if not rules.leads(state=row.state, to="sent"):
        raise DecidedMeanwhile
    row.data, row.changed_at = {**row.data, **data}, now
    row.save(update_fields=["data", "changed_at"])
    return row


@operation
def attach(*, application_id: int, part: FormPart, content: bytes, now: datetime) -> None:
    """
    Keep a document of an application in the place of the one before.

    :raises FileRefused: over 5 MB, or neither PDF nor picture
    :raises DecidedMeanwhile: the application may not be written any more
    """
    kind = kind_of(content)
    if kind is None:
        raise FileRefused
    row = hold(application_id=application_id)
    if not rules.leads(state=row.state, to="sent"):
        raise DecidedMeanwhile
    _put_away(row, ApplicationFile.objects.filter(application=row, part=part, removed_at=None), now)
    ApplicationFile.objects.create(
        application=row,
        part=part,
        content_type=kind,
        size=len(content),
        stored_as=files.keep(folder="applications", content=content),
        kept_at=now,
    )


@operation
def drop(*, application_id: int, now: datetime) -> None:
    """
    Throw away an application that was never sent, with its documents.

    :raises DecidedMeanwhile: it was sent
    """
    row = hold(application_id=application_id)
    if row.state != "draft":
        raise DecidedMeanwhile
    _put_away(row, ApplicationFile.objects.filter(application=row), now)
    ApplicationFile.objects.filter(application=row).delete()
    row.delete()


@operation
def send(
    *, by: Actor, row: Application, content: Mapping[str, Any], received_at: datetime, is_by_office: bool, now: datetime
) -> Application:
    """
    Put on record what is sent, under the application's number, which it gets with its first version.

    :param row: held
    :raises AppliedAlready: somebody else has applied for the child meanwhile
    """
    is_first = row.version == 0
    row.version += 1
    row.state, row.changed_at = "sent", now
    if is_first:
        row.sent_at, row.number = received_at, _next_number(received_at)
    try:
        with transaction.atomic():
            row.save(update_fields=["version", "state", "changed_at", "sent_at", "number"])
    except IntegrityError:
        raise AppliedAlready
    ApplicationVersion.objects.create(
        application=row,
        version=row.version,
        received_at=received_at,
        content=dict(content),
        by_id=by.actor_id,
        by_label=by.actor_label,
    )
    _note(row, by=by, words="", is_by_office=is_by_office, now=now, action="sent" if is_first else "sent_again")
    return row


@operation
def move(
    *,
    by: Actor,
    row: Application,
    to: str,
    words: str,
    is_by_office: bool,
    now: datetime,
    first_on: date | None = None,
    last_on: date | None = None,
) -> Application:
    """
    Take an application one step on.

    :param row: held
    :param words: what the office asks for, or why it refuses
    :param first_on: since when who is accepted is enrolled
    :param last_on: the last day with the service, of what was accepted and ends
    :raises DecidedMeanwhile: the step does not begin from the state it is in
    """
    if not rules.leads(state=row.state, to=to):
        raise DecidedMeanwhile
    row.state, row.changed_at = to, now
    row.save(update_fields=["state", "changed_at", "child", "guardian"])
    _note(row, by=by, words=words, is_by_office=is_by_office, now=now, action=to, first_on=first_on, last_on=last_on)
    return row


@operation
def read_file(*, by: Actor, application: Application, file_id: int, now: datetime) -> tuple[bytes, str]:
    """
    Open a document, and say what it is; the reading is written down, of health data by its own name.

    :raises NotFound: no version that was sent has such a document, or the storage has lost it
    """
    found = ApplicationFile.objects.filter(pk=file_id, application=application).select_related("part").first()
    if found is None or file_id not in queries.sent_file_ids(application_id=application.pk):
        raise NotFound
    if found.erased_at:
        raise NotFound("Questo documento è stato cancellato: non serviva più.")
    action = "application.health_read" if found.part.kind == "health" else "application.file_read"
    audit.record(by=by, action=action, subjects=_subjects(application), at=now, data={"number": application.number})
    return files.read(found.stored_as), found.content_type


def hold(*, application_id: int) -> Application:
    """
    Hold an application, so that two steps do not begin at once.

    :raises NotFound: the town has none
    """
    rows = Application.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("call__service", "call__year", "child", "guardian", "user").filter(pk=application_id).first()
    if found is None:
        raise NotFound
    return found


def hold_many(*, application_ids: Collection[int]) -> list[Application]:
    """Hold several applications at once, always in the order of their ids."""
    rows = Application.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=application_ids)
    return list(rows.select_related("call__service", "call__year", "child", "guardian").order_by("pk"))


def hold_call(*, call_id: int) -> EnrolmentCall:
    """Hold a call, so that its places are counted once."""
    return EnrolmentCall.objects.select_for_update(no_key=True).get(pk=call_id)


def hold_calls(*, call_ids: Collection[int]) -> None:
    """Hold several calls at once, always in the order of their ids."""
    list(EnrolmentCall.objects.select_for_update(no_key=True).filter(pk__in=call_ids).order_by("pk").values_list("pk"))


def _note(
    row: Application,
    *,
    by: Actor,
    words: str,
    is_by_office: bool,
    now: datetime,
    action: str,
    first_on: date | None = None,
    last_on: date | None = None,
) -> None:
    step = ApplicationStep.objects.create(
        application=row,
        state=row.state,
        version=row.version,
        at=now,
        by_id=by.actor_id,
        by_label=by.actor_label,
        is_by_office=is_by_office,
        words=words,
        first_on=first_on,
        last_on=last_on,
    )
    data: dict[str, str | int] = {"number": row.number, "service": row.call.service.name, "version": row.version}
    audit.record(by=by, action=ACTIONS[action], subjects=_subjects(row), at=now, why=words, data=data)
    publish(ApplicationMoved(step_id=step.pk))


def _subjects(row: Application) -> list[str]:
    child = [f"child:{row.child_id}"] if row.child_id else []
    adult = f"guardian:{row.guardian_id}" if row.guardian_id else f"user:{row.user_id}"
    return [f"application:{row.pk}", adult, *child]


def _put_away(row: Application, gone: Any, now: datetime) -> None:
    """Let documents make room; of an application that was never sent nobody needs them any more."""
    if row.version == 0:
        for one in gone:
            files.remove(one.stored_as)
    gone.update(removed_at=now)


def _next_number(received_at: datetime) -> str:
    """Take the town's next number of the year; its lock lasts until the end of the transaction: it is taken last."""
    year = clock.day_of(received_at).year
    (number,) = sql.row(_NEXT_NUMBER, {"town": active_town_id(), "year": year}) or (0,)
    return rules.written(year=year, number=number)


_NEXT_NUMBER = """
insert into applying_applicationcounter (municipality_id, year, last) values (%(town)s, %(year)s, 1)
on conflict (municipality_id, year) do update set last = applying_applicationcounter.last + 1
returning last
"""
