"""What a family sees of enrolment: the calls, its own applications, and each of them with its history."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from campanella.domains.accounts.models import User
from campanella.domains.applying import queries, rules
from campanella.domains.applying.queries import Application, ApplicationStep, ApplicationVersion, EnrolmentCall
from campanella.domains.enrolment import declared
from campanella.domains.enrolment.declared import Declaration
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild, Guardian
from campanella.domains.ranking import queries as ranking
from campanella.foundation.core.errors import NotFound

# The pill of each state.
PILLS = {
    "draft": "warn",
    "sent": "wait",
    "taken": "wait",
    "asked": "warn",
    "accepted": "ok",
    "refused": "stop",
    "withdrawn": "off",
    "given_up": "off",
    "revoked": "stop",
}


@dataclass(frozen=True, slots=True)
class Mine:
    """
    One of the family's applications, in a list.

    :ivar whose: the child's name, as the family calls it or has written it
    """

    application: Application
    whose: str

    @property
    def pill(self) -> tuple[str, str]:
        """How its state is shown."""
        return PILLS[self.application.state], rules.STATES[self.application.state]


@dataclass(frozen=True, slots=True)
class FamilyApplications:
    """The first page of enrolment."""

    mine: tuple[Mine, ...]
    open_calls: tuple[EnrolmentCall, ...]
    over: tuple[EnrolmentCall, ...]


@dataclass(frozen=True, slots=True)
class OneApplication:
    """
    An application with all that became of it.

    :ivar sent: what was sent last, None while nothing was
    :ivar is_own: it is for a child that is still the adult's, or not on record
    :ivar may_change: in time, and its own
    :ivar has_changes: something was written since, and not sent
    :ivar waits_at: its place in line where every place was asked for before, 0 where there is one
    :ivar is_listed: it stands in a list that is published, or behind the final one
    """

    application: Application
    whose: str
    sent: ApplicationVersion | None
    steps: tuple[ApplicationStep, ...]
    is_own: bool
    may_change: bool
    may_withdraw: bool
    has_changes: bool
    waits_at: int
    is_listed: bool

    @property
    def pill(self) -> tuple[str, str]:
        """How its state is shown."""
        return PILLS[self.application.state], rules.STATES[self.application.state]


def family_applications(*, user: User, now: datetime, today: date) -> FamilyApplications:
    """Gather the first page of enrolment: five queries."""
    calls = queries.opened(now=now)
    open_calls = [one for one in calls if now <= one.closes_at]
    over = [one for one in calls if now > one.closes_at and today < one.year.days.upper]
    adult = people.holder_of(user=user)
    children = {child.id: child for child in people.children_of(user=user)}
    every = queries.of_person(guardian_id=adult.pk if adult else None, user_id=user.pk)
    mine = [one for one in every if _is_seen(one, user, adult, children)]
    return FamilyApplications(tuple(Mine(one, _whose(one, children)) for one in mine), tuple(open_calls), tuple(over))


def family_application(*, user: User, application_id: int, now: datetime) -> OneApplication:
    """
    Return one application of this family: eight queries.

    :raises NotFound: there is none, or it is another family's
    """
    one, children = _own(user, application_id)
    sent = queries.version(application=one) if one.version else None
    is_own = one.child_id is None or one.child_id in children
    in_time = rules.is_open(opens_at=one.call.opens_at, closes_at=one.call.closes_at, received_at=now)
    places = one.call.places
    before = queries.before(application=one) if one.state in rules.OPEN and places is not None else 0
    return OneApplication(
        application=one,
        whose=_whose(one, children),
        sent=sent,
        steps=tuple(queries.steps(application_id=one.pk)),
        is_own=is_own,
        may_change=is_own and rules.may_send(state=one.state, in_time=in_time, by_office=False),
        may_withdraw=is_own and rules.leads(state=one.state, to="withdrawn"),
        has_changes=_has_changes(one, sent),
        waits_at=rules.place_in_line(places=places, before=before),
        is_listed=bool(sent) and (ranking.is_listed(application_id=one.pk) or ranking.is_late(application=one)),
    )


def own_application(*, user: User, application_id: int) -> Application:
    """
    Return an application, if it is this family's: two queries.

    :raises NotFound: there is none, or it is another family's
    """
    return _own(user, application_id)[0]


def known_isee(*, guardian_id: int | None, today: date) -> Declaration | None:
    """Return the newest ISEE of a household that holds and was not refused: two queries."""
    found = declared.of_payers(payer_ids=[guardian_id]) if guardian_id else []
    return next((one for one in found if one.state != "refused" and one.valid_until >= today), None)


def _own(user: User, application_id: int) -> tuple[Application, dict[int, FamilyChild]]:
    one, adult = queries.application(application_id=application_id), people.holder_of(user=user)
    children = {child.id: child for child in people.children_of(user=user)}
    is_adults = adult is not None and one.guardian_id == adult.pk
    if not (is_adults or one.guardian_id is None) or not _is_seen(one, user, adult, children):
        raise NotFound
    return one, children


def _is_seen(one: Application, user: User, adult: Guardian | None, children: dict[int, FamilyChild]) -> bool:
    """
    An access of one child sees that child's; of a child that is not on record, its own access.

    What an adult has sent for a child that is no more its own stays its to read; what it was writing ends with the tie.
    """
    if one.guardian_id is None:
        return one.user_id == user.pk
    is_own_access = adult is not None and adult.user_id == user.pk
    return one.child_id in children or (is_own_access and (one.child_id is None or one.state != "draft"))


def _has_changes(one: Application, sent: ApplicationVersion | None) -> bool:
    if sent is None:
        return False
    content: dict[str, Any] = sent.content
    files = {file.pk for file in queries.files(application_id=one.pk)}
    return bool(content["data"] != one.data or {pk for _, _, pk, *_ in content["files"]} != files)


def _whose(one: Application, children: dict[int, FamilyChild]) -> str:
    if one.child_id in children:
        return children[one.child_id].called
    if one.child_id:
        # No more the adult's: what it is called today is not told any more.
        return "un bambino"
    said = one.data.get("child", {})
    return f"{said.get('given_name', '')} {said.get('family_name', '')}".strip() or "un bambino"
