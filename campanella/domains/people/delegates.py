"""Who takes a child home, and who may go alone (R12): as it stands on a day, and what of it waits for the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.people import queries
from campanella.domains.people.choices import PickUpChoices
from campanella.domains.people.models import AloneConsent, Delegate
from campanella.domains.people.rules import goes_alone
from campanella.foundation.tenants.queries import active_town


@dataclass(frozen=True, slots=True)
class PickUp:
    """
    Who takes a child home.

    :ivar guardians: its parents and tutors: id, name, telephone
    :ivar delegates: those that are live, the ones that wait for the office among them
    :ivar signed: the adults whose signature holds
    :ivar is_alone: it may go home alone
    """

    guardians: tuple[tuple[int, str, str], ...]
    delegates: tuple[Delegate, ...]
    signed: frozenset[int]
    is_alone: bool

    @property
    def confirmed(self) -> tuple[Delegate, ...]:
        """The delegates to whom the child may be given."""
        return tuple(one for one in self.delegates if one.confirmed_at)


def pick_ups(*, levels: dict[int, str], today: date) -> dict[int, PickUp]:
    """
    Return who takes each of these children home: three queries, whatever their number.

    :param levels: of the child's school, by child; empty while it has none
    """
    child_ids = list(levels)
    ties = queries.guardians_by_child(child_ids=child_ids)
    delegates: dict[int, list[Delegate]] = {}
    for one in live(child_ids=child_ids, today=today):
        delegates.setdefault(one.child_id, []).append(one)
    signed: dict[int, set[int]] = {}
    consents = AloneConsent.objects.filter(child_id__in=child_ids, ended_at=None, until__gte=today)
    for child_id, guardian_id in consents.values_list("child_id", "guardian_id"):
        signed.setdefault(child_id, set()).add(guardian_id)
    allowed = active_town().chosen(PickUpChoices).alone_levels
    found = {}
    for child_id, level in levels.items():
        adults = [tie.guardian for tie in ties.get(child_id, ())]
        names = frozenset(signed.get(child_id, ()))
        found[child_id] = PickUp(
            guardians=tuple((adult.pk, adult.full_name, adult.phone) for adult in adults),
            delegates=tuple(delegates.get(child_id, ())),
            signed=names,
            is_alone=goes_alone(level=level, levels=allowed, guardians=[adult.pk for adult in adults], signed=names),
        )
    return found


def waiting() -> list[Delegate]:
    """Return the delegates that wait for the office, the oldest first, with their child: one query."""
    rows = Delegate.objects.filter(confirmed_at=None, ended_at=None).select_related("child")
    return list(rows.order_by("written_at", "id"))


def waiting_count() -> int:
    """Count them: one query."""
    return Delegate.objects.filter(confirmed_at=None, ended_at=None).count()


def live(*, child_ids: Sequence[int], today: date) -> list[Delegate]:
    """Return the delegates of these children that hold, or wait for the office: one query."""
    rows = Delegate.objects.filter(child_id__in=child_ids, ended_at=None, until__gte=today)
    return list(rows.order_by("family_name", "given_name", "id"))
