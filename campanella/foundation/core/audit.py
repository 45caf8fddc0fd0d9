"""
Who did what to which object, when, from where and why.

Written in the transaction of the act itself; shown on the object's page. The sentence is made when it is read, from the
action's name (``describe``), so that wording can improve without touching history.
"""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Protocol

from django.db.models import Max

from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import elided
from campanella.foundation.core.models import AuditRow


class Actor(Protocol):
    """Who acts: a user of the town, or the software itself."""

    @property
    def actor_id(self) -> int | None: ...

    @property
    def actor_label(self) -> str: ...


@dataclass(frozen=True)
class Software:
    """The actor of what happens by itself: pagoPA, the night jobs, an import."""

    actor_label: str
    actor_id: int | None = None


SENTENCES: dict[str, str] = {}

_origin: ContextVar[str] = ContextVar("audit_origin", default="")


def sentences(wording: Mapping[str, str]) -> None:
    """
    Register the Italian sentence of each action, with ``{names}`` of its data.

    What is counted agrees in number: ``{invoices:fattura|fatture}``.

    :raises ValueError: an action is registered twice with different words
    """
    for action, sentence in wording.items():
        if SENTENCES.setdefault(action, sentence) != sentence:
            raise ValueError(f"Action {action} has two sentences.")


def record(
    *,
    by: Actor,
    action: str,
    subjects: Sequence[str],
    at: datetime,
    why: str = "",
    data: Mapping[str, str | int] | None = None,
) -> None:
    """
    Write down one act.

    :param subjects: what it concerns, as ``child:12``; the act appears on each one's page
    :raises KeyError: the action has no sentence
    """
    SENTENCES[action]
    AuditRow.objects.create(
        at=at,
        actor_id=by.actor_id,
        actor_label=by.actor_label,
        action=action,
        subjects=list(subjects),
        origin=_origin.get(),
        why=why,
        data=dict(data or {}),
    )


def record_each(
    *,
    by: Actor,
    action: str,
    at: datetime,
    told: Sequence[tuple[str | tuple[str, ...], Mapping[str, str | int]]],
    why: str = "",
) -> None:
    """
    Write down one act for each of many subjects, in a number of statements that does not grow.

    :param told: subject, such as ``child:12``, or several, and data of each
    :raises KeyError: the action has no sentence
    """
    SENTENCES[action]
    AuditRow.objects.bulk_create(
        AuditRow(
            at=at,
            actor_id=by.actor_id,
            actor_label=by.actor_label,
            action=action,
            subjects=[subject] if isinstance(subject, str) else list(subject),
            origin=_origin.get(),
            why=why,
            data=dict(data),
        )
        for subject, data in told
    )


def actors_on(*, subjects: Sequence[str], actions: Sequence[str], since: datetime) -> set[int]:
    """Return the users who did one of these acts to any of these objects lately."""
    acts = AuditRow.objects.filter(subjects__overlap=list(subjects), at__gt=since, action__in=list(actions))
    return {actor for actor in acts.values_list("actor_id", flat=True) if actor is not None}


def times(*, actor_id: int, subject: str, actions: Sequence[str], since: datetime) -> int:
    """Count how often somebody did one of these acts to an object lately."""
    acts = AuditRow.objects.filter(subjects__overlap=[subject], actor_id=actor_id, at__gt=since, action__in=list(actions))
    return acts.count()


@dataclass(frozen=True)
class Act:
    """One line of the history of an object."""

    at: datetime
    who: str
    sentence: str
    why: str
    origin: str
    subjects: tuple[str, ...]


def acts_on(*, subjects: Sequence[str], limit: int = 20) -> list[Act]:
    """Return what was done to any of these objects, newest first."""
    rows = AuditRow.objects.filter(subjects__overlap=list(subjects)).order_by("-at", "-id")[:limit]
    return [Act(row.at, row.actor_label, _sentence(row), row.why, row.origin, tuple(row.subjects)) for row in rows]


class ChangedMeanwhile(Refusal):
    """Somebody else has changed the same thing since the page was drawn."""

    def __init__(self, act: Act) -> None:
        told = f"Intanto {act.who} {act.sentence}."
        self.message = f"{told} Non è stato salvato nulla: guarda com’è adesso, e rifai la tua modifica se serve."
        super().__init__(self.message)


def last_on(*, subject: str) -> int:
    """Return which act on an object was the last one: what a page carries, to notice those that came after. One query."""
    return AuditRow.objects.filter(subjects__contains=[subject]).aggregate(last=Max("id"))["last"] or 0


def check_unchanged(*, subject: str, seen: int | None) -> None:
    """
    Make sure that nobody has acted on an object since a page was drawn; None was drawn by no page. One query.

    :param seen: as ``last_on`` gave it
    :raises ChangedMeanwhile: somebody has
    """
    if seen is not None and last_on(subject=subject) != seen:
        raise ChangedMeanwhile(acts_on(subjects=[subject], limit=1)[0])


def set_origin(origin: str) -> None:
    """Say where the present request comes from (a short label such as ``web`` or an IP address)."""
    _origin.set(origin)


def _sentence(row: AuditRow) -> str:
    return elided(_Words().vformat(SENTENCES.get(row.action, row.action), (), row.data))


class _Words(Formatter):
    def get_value(self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        return kwargs.get(str(key), "…")

    def format_field(self, value: object, format_spec: str) -> str:
        """Write what is counted in its number: of ``{invoices:fattura|fatture}`` "1 fattura", "12 fatture"."""
        one, is_counted, many = format_spec.partition("|")
        return f"{value} {one if str(value) == '1' else many}" if is_counted else str(value)
