"""
What a family sees first: who eats today, how much is left, what is to pay.

The most visited page of all: one question to the database for the children, one for the payments, whatever their number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from campanella.domains.accounts.models import User
from campanella.domains.attendance import registered, terms
from campanella.domains.attendance.fact_rules import DayState, day_state
from campanella.domains.attendance.rules import DayTerms, Mode, is_booked_by_default, pays_by_booking
from campanella.domains.attendance.terms import UsualHours
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.queries import Table
from campanella.domains.cooking.rules import plate
from campanella.domains.ledger.choices import CreditChoices
from campanella.domains.payments import queries as payments
from campanella.domains.payments.choices import TopUpChoices
from campanella.domains.payments.queries import Awaited, Held, Waiting
from campanella.domains.people import words
from campanella.domains.schools.queries import Place
from campanella.domains.services import rules
from campanella.domains.support import queries as support
from campanella.domains.support.queries import Headline
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import Town
from campanella.readings.credit import Credit, counted
from campanella.readings.family.applied import AppliedLately, applied_lately
from campanella.readings.family.home_rows import rows
from campanella.readings.family.positions import seen
from campanella.readings.serving import COOKED

NEWS_SHOWN = 2
# On a day that is one of these for a child its meal is cooked.
SERVED = ("awaited", "present", "absent", "cancelled", "unbooked")


@dataclass(frozen=True, slots=True)
class ServiceToday:
    """A service a child is enrolled in, and what today is for it; who confirmed is a role's name."""

    id: int
    name: str
    kind: str
    state: DayState
    confirmed_at: datetime | None
    confirmed_by: str
    closed_because: str
    terms: DayTerms
    is_white: bool
    # The class register says absent, and the family has not been heard since.
    is_asked: bool = False

    def is_open(self, now: datetime) -> bool:
        """Tell whether the family may still cancel or book today, confirmed or not: its word decides until the cut-off."""
        decides = pays_by_booking(self.terms.mode) and self.state in SERVED and not self.closed_because
        return decides and now <= self.until

    @property
    def until(self) -> datetime:
        """The last instant for what the family is offered: to book what is not booked, to cancel what is."""
        if self.state == "unbooked":
            return self.terms.cut_off_of("book", is_wanted=False)
        return self.terms.cut_off


@dataclass(frozen=True, slots=True)
class WalletToday:
    """
    A wallet and what it is worth.

    ``even_with`` is the first proposed amount that brings a debt back to zero.
    """

    id: int
    service_name: str
    kind: str
    credit: Credit
    even_with: Euro | None
    is_coming: bool


@dataclass(frozen=True, slots=True)
class ChildCard:
    """A child on its family's first page."""

    id: int
    called: str
    class_name: str
    school_name: str
    services: tuple[ServiceToday, ...]
    wallets: tuple[WalletToday, ...]
    diet_code: str = ""

    @property
    def first_service(self) -> ServiceToday | None:
        """The service the page speaks about: the meal, else the first one."""
        meals = [service for service in self.services if service.kind in ("meal", "nursery")]
        return next(iter([*meals, *self.services]), None)


@dataclass(frozen=True, slots=True)
class MenuToday:
    """
    What a service serves today.

    :ivar own: the family's children who eat something else, with the code of their diet and what they are served
    """

    service_name: str
    table: Table
    own: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class FamilyHome:
    """
    The first page of a family.

    :ivar is_billed: one of its children has an issued invoice
    :ivar is_enrolling: families may apply for a service today
    """

    greeting_name: str
    children: tuple[ChildCard, ...]
    to_pay: tuple[Awaited, ...]
    under_way: tuple[Awaited, ...]
    held: tuple[Held, ...]
    news: tuple[Headline, ...]
    unread: int
    menus: tuple[MenuToday, ...]
    is_billed: bool = False
    applications: tuple[AppliedLately, ...] = ()
    is_enrolling: bool = False
    # Children who are offered a place that waits for its answer, with how they are called.
    offered: tuple[tuple[int, str], ...] = ()
    # Some price follows from an ISEE: worth asking how it stands.
    is_reckoned: bool = False

    @property
    def may_owe_invoices(self) -> bool:
        """Tell whether an invoice may be open: worth asking. Until it is paid, what it bills leaves a wallet below zero."""
        return self.is_billed and any(one.credit.is_below_zero for child in self.children for one in child.wallets)

    @property
    def may_owe_more(self) -> bool:
        """Tell whether there is more than one thing to pay: worth asking what is owed in all."""
        mine = (wallet.credit for child in self.children for wallet in child.wallets)
        below = sum(credit.is_low and credit.is_below_zero for credit in mine)
        return len(self.to_pay) + below > 1


def family_home(*, user: User, town: Town, now: datetime) -> FamilyHome:
    """
    Gather the first page of a family: three queries, one more on a day with a meal, one more where a register decides.
    """
    today = clock.day_of(now)
    found = rows(user=user, town=town, now=now)
    by_child = [(child_id, list(lines)) for child_id, lines in groupby(found, itemgetter("child_id"))]
    child_ids = [child_id for child_id, _ in by_child]
    waiting = Waiting((), ())
    if child_ids:
        waiting = _own(payments.waiting_of(child_ids=child_ids, now=now, today=today), user, child_ids)
    coming = {one.wallet_id for one in waiting.positions if one.is_coming}
    names = words.at_home({child_id: _name(lines[0]) for child_id, lines in by_child})
    children = _asked(tuple(_child(names[one], lines, town, coming, today) for one, lines in by_child), now)
    news, unread = support.headlines_for(places=_places(found), user_id=user.pk, now=now, limit=NEWS_SHOWN)
    return FamilyHome(
        greeting_name=(found[0]["adult"] if found else None) or user.display_name,
        children=children,
        to_pay=tuple(one for one in waiting.positions if one.is_notice and not one.is_under_way),
        under_way=tuple(one for one in waiting.positions if one.is_under_way),
        held=waiting.held,
        news=tuple(news),
        unread=unread,
        menus=_menus(children, today),
        is_billed=any(row["is_billed"] for row in found),
        applications=applied_lately(found[0]["applications"]) if found else (),
        is_enrolling=bool(found and found[0]["is_enrolling"]),
        offered=tuple((one, names[one]) for one, lines in by_child if lines[0]["is_offered"]),
        is_reckoned=any(row["is_reckoned"] for row in found),
    )


def _own(waiting: Waiting, user: User, child_ids: Sequence[int]) -> Waiting:
    """Leave out what is asked of another payer of the same child: a query where something is being paid."""
    doubtful = {one.id for one in waiting.positions if one.is_asked} | {
        one.request_id for one in waiting.held if one.is_asked
    }
    others = doubtful - seen(user=user, child_ids=child_ids, request_ids=doubtful)
    return Waiting(
        tuple(one for one in waiting.positions if one.id not in others),
        tuple(one for one in waiting.held if one.request_id not in others),
    )


def _asked(children: tuple[ChildCard, ...], now: datetime) -> tuple[ChildCard, ...]:
    """Say of whom the class register says absent while its meal can still be cancelled: a query where one may be."""

    def may_be(service: ServiceToday) -> bool:
        return service.terms.mode == "register" and service.state == "awaited" and now <= service.terms.cut_off

    child_ids = [child.id for child in children if any(may_be(service) for service in child.services)]
    lines = registered.questions(child_ids=child_ids, day=clock.day_of(now)) if child_ids else set()
    if not lines:
        return children
    return tuple(
        replace(
            child,
            services=tuple(
                replace(service, is_asked=may_be(service) and (child.id, service.id) in lines) for service in child.services
            ),
        )
        for child in children
    )


def _menus(children: Sequence[ChildCard], today: date) -> tuple[MenuToday, ...]:
    """Return what is served today, each service once however many children eat it."""
    eaters: dict[int, list[tuple[ChildCard, ServiceToday]]] = {}
    for child in children:
        for service in child.services:
            if service.kind in COOKED and service.state in SERVED:
                eaters.setdefault(service.id, []).append((child, service))
    tables = cooking.tables(service_ids=eaters, day=today) if eaters else {}
    return tuple(
        MenuToday(
            found[0][1].name,
            tables[service_id],
            tuple(
                (child.called, child.diet_code, plate(tables[service_id].dishes, child.diet_code))
                for child, service in found
                if child.diet_code and not service.is_white
            ),
        )
        for service_id, found in eaters.items()
        if service_id in tables
    )


def _places(rows: Sequence[dict[str, Any]]) -> list[Place]:
    """Return where the children go to school, for the news that concern them."""
    found = {row["child_id"]: row for row in rows if row["class_name"] is not None}
    names = ("child_id", "class_group_id", "class_name", "school_id", "school_name", "level")
    return [Place(*(row[name] for name in names)) for row in found.values()]


def _name(line: dict[str, Any]) -> words.Name:
    return words.Name(line["given_name"], line["family_name"], line["birth_date"], line["child_code"])


@dataclass(frozen=True, slots=True)
class _Use:
    """One use of a service on the first page, as ``credit.counted`` wants it."""

    kind: str
    price: Euro
    unit: str
    units: str


def _child(called: str, lines: Sequence[dict[str, Any]], town: Town, coming: set[int], today: date) -> ChildCard:
    usual, first = terms.usual_hours(), lines[0]
    return ChildCard(
        id=first["child_id"],
        called=called,
        class_name=first["class_name"] or "",
        school_name=first["school_name"] or "",
        services=tuple(_service(line, today, usual) for line in lines if line["bracket_cents"] is not None),
        wallets=tuple(_wallets(lines, town, coming)),
        diet_code=first["diet_code"] or "",
    )


def _service(line: dict[str, Any], today: date, usual: UsualHours) -> ServiceToday:
    mode: Mode = line["mode"] or "roll_call"
    days_before = line["cut_off_days_before"] or 0
    of_day = terms.made(
        day=today,
        mode=mode,
        cut_off=line["cut_off"] or usual.on(today - timedelta(days=days_before)),
        days_before=days_before,
        moved_to=line["moved_to"],
        horizon_days=line["horizon_days"],
        opens_at=line["opens_at"],
        own={"book": (line["book_cut_off"], line["book_cut_off_days_before"])} if line["book_cut_off"] else None,
        own_moved_to={"book": line["book_moved_to"]} if line["book_moved_to"] else None,
    )
    state = day_state(
        is_enrolled=line["class_name"] is not None,
        runs=bool(line["runs"]),
        is_closed=line["closed_because"] is not None,
        is_present=line["is_present"],
        is_future=False,
        is_today=True,
        wish=line["is_booked"],
        is_booked_by_default=is_booked_by_default(mode),
        is_due=bool(line["is_due"]),
    )
    return ServiceToday(
        line["service_id"],
        line["service_name"],
        line["kind"],
        state,
        line["confirmed_at"],
        line["confirmed_by"] or "",
        line["closed_because"] or "",
        of_day,
        bool(line["is_white"]),
    )


def _wallets(lines: Sequence[dict[str, Any]], town: Town, coming: set[int]) -> Iterator[WalletToday]:
    limits, top_ups = town.chosen(CreditChoices), town.chosen(TopUpChoices)
    for line in lines:
        if line["wallet_id"] is None:
            continue
        balance = Euro(line["balance_cents"])
        paid = [
            _Use(use["kind"], _price(use), use["unit"], use["units"])
            for use in (lines if line["service_id"] is None else [line])
            if use["bracket_cents"] is not None
        ]
        mine = [line] if line["service_id"] is not None else [use for use in lines if use["service_id"] is not None]
        is_after = bool(mine) and all(use["is_after"] for use in mine)
        credit = counted(
            balance=balance, uses=paid, limits=limits, is_untouched=bool(line["is_untouched"]), is_after=is_after
        )
        enough = (Euro(cents) for cents in sorted(top_ups.top_up_presets) if cents + balance.cents >= 0)
        yield WalletToday(
            id=line["wallet_id"],
            service_name=line["service_name"] or "Tutti i servizi",
            kind=line["kind"] or "",
            credit=credit,
            even_with=next(enough, None) if credit.is_below_zero and not is_after else None,
            is_coming=line["wallet_id"] in coming,
        )


def _price(line: dict[str, Any]) -> Euro:
    return rules.price(full=Euro(line["bracket_cents"]), reduction_percent=line["reduction_percent"])
