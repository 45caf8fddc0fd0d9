"""Every address there is, from the list of addresses itself, and somebody who may open it."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from campanella.domains.accounts.models import User
from campanella.domains.applying.queries import parts
from campanella.domains.attendance.judging import Arrival
from campanella.domains.billing import fee_rules
from campanella.domains.billing import queries as invoices
from campanella.domains.cooking import operations as cooking
from campanella.domains.enrolment import diet_codes, diets
from campanella.domains.enrolment.models import Subscription
from campanella.domains.people import registering
from campanella.domains.people.registering import Applicant
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.usecases import freezing, isee, tablets, top_up, wishes
from campanella.usecases.access import registering as applying
from campanella.usecases.adjusting import refunds
from campanella.usecases.billing import fees, policies
from campanella.usecases.cash import points
from tests.adjusting import TOWN_ACCOUNT, ask, colleague, confirm
from tests.billing import bill, eat
from tests.browsing import Browser, browser
from tests.buses import assign, ride
from tests.camps import assign as give_week
from tests.camps import camp
from tests.cash import close, opened, take
from tests.ranking import known, published, ranked
from tests.towns import TODAY, Cast, choosing


def _views(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern, (*names, pattern.namespace) if pattern.namespace else names)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*names, pattern.name or "")), pattern


VIEWS = dict(_views(get_resolver()))


def access_of(name: str) -> set[str]:
    """Return who may open a page."""
    access = getattr(VIEWS[name].callback, "access", None)
    assert access, f"{name} has no door"
    return set(access.split("|"))


def parts_of(name: str) -> list[str]:
    """Return the names of an address's parts, whichever way it is written."""
    pattern = VIEWS[name].pattern
    return [*pattern.converters, *pattern.regex.groupindex]


class Visit:
    """A town whose every page can be opened: something exists for each address to point at. Make it inside no scope."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        with scope(cast.town.id):
            wallet, meal = cast.wallet("Anna").pk, cast.services["mensa"]
            (position,) = top_up.prepare_at_desk(
                by=cast.staff["office"], wallet_id=wallet, amount=Euro(2000), count=1, now=clock.now()
            )
            menu = cooking.add_menu(
                by=cast.staff["office"],
                service=meal,
                name="Invernale",
                first=TODAY,
                end=date(2027, 3, 1),
                weeks=2,
                now=clock.now(),
            )
            (waiting, *_) = freezing.due(now=clock.rome(TODAY, time(10)))
            frozen = freezing.freeze(by=cast.staff["office"], due=waiting, now=clock.now())
            diet_code = diet_codes.add_code(
                by=cast.staff["office"], code="GF", menu="Senza glutine", needs_certificate=True, now=clock.now()
            )
            proposal = diets.propose(
                by=cast.staff["office"],
                child=cast.child("Anna"),
                code="GF",
                reason="",
                first=TODAY,
                expires_on=None,
                certificate=b"%PDF-1.7 certificato",
                now=clock.now(),
            )
            pairing = tablets.prepare(by=cast.staff["office"], name="Tablet", school_id=cast.school.pk, now=clock.now())
            answer = wishes.ask(
                by=cast.families["rossi"].user,
                lines=[(cast.child("Anna").pk, meal.pk)],
                days=[TODAY + timedelta(days=1)],
                action="cancel",
                key=uuid4(),
                arrival=Arrival(clock.now()),
                now=clock.now(),
            )
            policies.set_for_all(
                by=cast.staff["office"], service=meal, kind="postpaid", first=TODAY, reason="", now=clock.now()
            )
            eat(cast, [TODAY])
            subscription = Subscription.objects.select_related("bracket").get(child=cast.child("Anna"), service=meal)
            fee_id = fees.draft(
                by=cast.staff["office"],
                service=meal,
                name="Retta mensile",
                every="month",
                edges="half",
                level="",
                parts=fee_rules.monthly(first=date(2026, 9, 1), last=date(2027, 6, 30), day=1, shift=0),
                cents={subscription.bracket_id: 5000},
                reason="",
                now=clock.now(),
            )
            run = bill(cast)
            choosing(cast.town, iban=TOWN_ACCOUNT)
            cast.credit("Luca", 9000)
            confirm(ask(cast, "refund", -500, child="Luca", key="refund"), colleague())
            refund_file = refunds.make(by=cast.staff["office"], now=clock.now())
            decision = ask(cast, "refund", -700, child="Luca", key="decision").proposal
            till = opened(cast)
            at_counter = take(cast, 2000)
            close(cast, till, 2000)
            settlement = points.settle(by=cast.staff["office"], point_id=till.point_id, last=TODAY, now=clock.now())
            application = known(cast, ranked(cast), "Luca")
            ranking = published(application.call)
            (question, *_) = parts(call_id=application.call_id)
            (invoice, *_) = invoices.invoices_of(payer_id=cast.families["rossi"].guardian.pk)
            said = isee.Said(Euro(980_000), "ordinary", date(2026, 3, 2), TODAY)
            payer_id = cast.families["rossi"].guardian.pk
            choosing(cast.town, registration=True)
            mother = Applicant("Laura", "Bianchi", "BNCLRA88C51F205T", "laura@posta.example", "laura", "", "Anna, 2B")
            asked, link = registering.ask(applicant=mother, password="", now=clock.now())
            applying.confirm(token=link, now=clock.now())
            applying.welcome(registration_id=asked.pk)
            one_ride = ride(cast, capacity=5)
            seat = assign(cast, one_ride, "Anna")
            week, *_ = camp(cast, capacity=5)
            give_week(cast, week, "Luca")
            key = "abcdefghijklmnop"
            declaration = isee.declare(by=cast.staff["office"], payer_id=payer_id, said=said, key=key, now=clock.now())
        self.objects: dict[str, Any] = {
            "code_id": diet_code.pk,
            "point_id": till.point_id,
            "session_id": till.pk,
            "top_up_id": at_counter.id,
            "settlement_id": settlement.id,
            "child_id": cast.child("Anna").pk,
            "guardian_id": cast.families["rossi"].guardian.pk,
            "user_id": cast.families["rossi"].user.pk,
            "wallet_id": wallet,
            "subscription_id": subscription.pk,
            "service_id": meal.pk,
            "service": "mensa",
            "service_code": "mensa",
            "class_id": cast.classes["2B"].pk,
            "class_group_id": cast.classes["2B"].pk,
            "day": TODAY,
            "date": TODAY,
            "month": "2026-10",
            "request_id": position.pk,
            "position_id": position.pk,
            "school_id": cast.school.pk,
            "year_id": cast.classes["2B"].year_id,
            "menu_id": menu.pk,
            "sheet_id": frozen.pk if frozen else 0,
            "format": "3x8",
            "proposal_id": proposal.pk,
            "certificate_id": proposal.certificate_id,
            "device_id": pairing.device.pk,
            "asked_id": answer.number,
            "run_id": run.id,
            "invoice_id": invoice.id,
            "fee_id": fee_id,
            "decision_id": decision.id,
            "refund_id": decision.id,
            "declaration_id": declaration.id,
            "registration_id": asked.pk,
            "call_id": application.call_id,
            "tariff_id": subscription.bracket.tariff_id,
            "application_id": application.pk,
            "part_id": question.pk,
            "list_id": ranking.pk,
            "refund_file_id": refund_file.id,
            "ride_id": one_ride.pk,
            "place_id": seat.pk,
            "pool_id": week.pk,
            "token": "nessuno",
            "outcome": "ok",
            "colour": "0a58ad",
        }

    @property
    def people(self) -> dict[str, User]:
        """One person for each role."""
        return {"guardian": self.cast.families["rossi"].user, **self.cast.staff}

    def address(self, name: str, **instead: str) -> str | None:
        """
        Give a page's address, pointing at this town's own objects; None when there is no such address.

        :param instead: a text in the place of an argument
        """
        arguments = {part: self.objects.get(part, 1) for part in parts_of(name)}
        marks = {key: 777_777_777 if isinstance(arguments[key], int) else "ZZZ" for key in instead}
        try:
            found = reverse(name, kwargs={**arguments, **marks})
        except NoReverseMatch:
            return None
        for key, text in instead.items():
            found = found.replace(str(marks[key]), text)
        return found

    def somebody(self, name: str) -> Browser:
        """Give a browser of somebody who may open a page; a failure is an answer here, not an exception."""
        who = next((self.people[role] for role in sorted(access_of(name)) if role in self.people), None)
        client = browser(self.cast.town, who)
        client.raise_request_exception = False
        return client
