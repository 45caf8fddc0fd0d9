"""A month's fixed share and a year's fee: charged once, followed when somebody leaves, billed once for the same days."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from campanella.domains.billing import fee_queries, fee_rules, queries, runs
from campanella.domains.billing.fee_rules import Edges, Every, Part
from campanella.domains.billing.models import FeeDue
from campanella.domains.enrolment.queries import subscriptions_of
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child
from campanella.domains.schools import operations as schools
from campanella.domains.services import operations as services
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.money import Euro
from campanella.readings import movements, proofs, wallet_sums
from campanella.readings.billing import papers
from campanella.usecases import enrolling, pricing
from campanella.usecases.billing import fees, staging
from campanella.usecases.billing.second import AnotherPersonNeeded
from tests.billing import bill, eat, noon, october
from tests.towns import OFFICE, Cast, choosing, open_class, run_jobs, subscribe
from tests.usecases.billing.conftest import post_paid

YEAR = (date(2026, 9, 1), date(2027, 6, 30))


def monthly(
    cast: Cast,
    cents: int = 5_000,
    *,
    service: str = "mensa",
    edges: Edges = "half",
    level: str = "",
    shift: int = 0,
    first: date = YEAR[0],
    last: date = YEAR[1],
    half: int | None = None,
    name: str = "Retta mensile",
) -> int:
    """Let the town ask for so much a month of all, charged on the first of each."""
    brackets = Bracket.objects.filter(tariff__service=cast.services[service])
    parts = fee_rules.monthly(first=first, last=last, day=1, shift=shift)
    prices = {one.pk: half if half is not None and one.code == "half" else cents for one in brackets}
    return decided(cast, parts, prices, service=service, edges=edges, level=level, name=name)


def decided(
    cast: Cast,
    parts: Sequence[Part],
    cents: dict[int, int],
    *,
    service: str,
    name: str,
    every: Every = "month",
    edges: Edges = "half",
    level: str = "",
) -> int:
    """Draft a fee and confirm it; what is due by now is charged."""
    fee_id = fees.draft(
        by=OFFICE,
        service=cast.services[service],
        name=name,
        every=every,
        edges=edges,
        level=level,
        parts=parts,
        cents=cents,
        reason="delibera 12",
        now=clock.now(),
    )
    fees.confirm(by=OFFICE, fee_id=fee_id, now=clock.now())
    return fee_id


def on(day: date) -> None:
    """Charge what is due on a day, as the night does."""
    with clock.standing_at(noon(day)):
        fees.charge(by=OFFICE, now=clock.now())


def charged(cast: Cast, child: str) -> list[tuple[date, int]]:
    """Return what fees have moved of a child's wallet, with the day it stands on."""
    lines = wallets.movements_of(wallet_id=cast.wallet(child).pk, first=None, last=None, limit=100)
    return sorted((line.day, line.amount.cents) for line in lines if line.kind == "fee")


def is_clean() -> bool:
    return verify.violations() == [] and proofs.violations() == []


def drafted(cast: Cast, by: Actor, name: str, price: int) -> int:
    """Draft a share of every month of the year for all who use the canteen, confirmed by nobody yet."""
    meal = cast.services["mensa"]
    return fees.draft(
        by=by,
        service=meal,
        name=name,
        every="month",
        edges="half",
        level="",
        parts=fee_rules.monthly(first=YEAR[0], last=YEAR[1], day=1, shift=0),
        cents={one.pk: price for one in Bracket.objects.filter(tariff__service=meal)},
        reason="",
        now=clock.now(),
    )


def test_a_month_is_charged_once_each_at_the_childs_price(billed: Cast) -> None:
    monthly(billed, 5_000, half=2_500)
    on(date(2026, 11, 1))
    on(date(2026, 11, 1))

    days = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    # Both began on the fifteenth of September, the last day of its first half.
    assert charged(billed, "Anna") == [(day, -5_000) for day in days]
    assert charged(billed, "Luca") == [(day, -2_500) for day in days]
    assert is_clean()


def test_a_fixed_share_and_days_are_one_invoice_and_the_share_is_told_by_its_name(billed: Cast) -> None:
    monthly(billed)
    eat(billed, october(1, 2), absent=["Luca"])

    bill(billed)

    (invoice,) = queries.invoices_of(payer_id=billed.families["rossi"].guardian.pk)
    # September's share was on no invoice yet: it comes with October.
    assert invoice.total == Euro(2 * 460 + 4 * 5_000)
    anna, luca = papers.sheet(invoice=invoice).parts
    assert (anna.count, luca.count) == ("2 pasti e 2 quote", "2 quote")
    assert [text for text, _ in luca.days] == ["Retta mensile, settembre 2026", "Retta mensile, ottobre 2026"]
    run = runs.runs()[0]
    assert {one["kind"] for one in run.summary["anomalies"]} == {"tax_code"}, "a share is no day outside the calendar"
    assert is_clean()


def test_who_leaves_in_the_first_half_gets_half_of_the_month_back_on_the_next_invoice(billed: Cast) -> None:
    monthly(billed)
    bill(billed)
    (line,) = [one for one in subscriptions_of(child_id=billed.child("Amina").pk) if one.service_code == "mensa"]
    with clock.standing_at(noon(date(2026, 11, 6))):
        enrolling.end(by=OFFICE, child_id=line.child_id, subscription_id=line.id, last=date(2026, 10, 12), now=clock.now())

    assert charged(billed, "Amina")[1:] == [(date(2026, 10, 1), -5_000), (date(2026, 10, 1), 2_500)]
    assert is_clean()


def test_a_dearer_bracket_from_a_month_on_is_followed(billed: Cast) -> None:
    monthly(billed, 5_000, half=2_500)
    (line,) = subscriptions_of(child_id=billed.child("Luca").pk)
    full = Bracket.objects.get(tariff__service=billed.services["mensa"], code="full")
    pricing.change_price(
        by=OFFICE,
        child_id=line.child_id,
        subscription_id=line.id,
        bracket=full,
        reduction_percent=10,
        first=date(2026, 10, 1),
        now=clock.now(),
    )

    assert sum(cents for _, cents in charged(billed, "Luca")) == -2_500 - 4_500
    assert is_clean()


def test_a_years_fee_in_three_instalments_makes_its_price(billed: Cast) -> None:
    days = [date(2026, 9, 20), date(2027, 1, 15), date(2027, 4, 15)]
    parts = fee_rules.yearly(first=YEAR[0], last=YEAR[1], charged=days)
    cents = {one.pk: 10_001 for one in Bracket.objects.filter(tariff__service=billed.services["mensa"])}
    decided(billed, parts, cents, service="mensa", name="Quota annua", every="year", edges="whole")

    on(date(2027, 4, 20))

    assert charged(billed, "Anna") == [(days[0], -3_334), (days[1], -3_334), (days[2], -3_333)]
    assert is_clean()


def _school(cast: Cast, level: str, names: Sequence[str]) -> list[Child]:
    """Open another school with these children, who use the service ``retta``."""
    school = schools.register_school(code=level, name=f"Scuola {level}", level=level)
    year = cast.classes["2B"].year
    group = open_class(school=school, year=year, name="A")
    retta = cast.services["retta"]
    services.run(service=retta, school=school, first=date(2026, 9, 1), end=date(2027, 7, 1))
    bracket = Bracket.objects.get(tariff__service=retta)
    made = []
    for name in names:
        guardian = people.register_guardian(
            given_name="Ada", family_name=name, tax_code="", email=f"{name}@posta.example", phone=""
        )
        child = people.register_child(given_name=name, family_name="Neri", tax_code="", birth_date=date(2022, 4, 12))
        people.tie(child=child, guardian=guardian, is_payer=True)
        schools.place(child=child, class_group=group, first=date(2026, 9, 1), end=None)
        subscribe(child=child, service=retta, bracket=bracket, first=date(2026, 9, 1), end=None)
        ledger.open_wallet(child=child, service_id=retta.pk)
        made.append(child)
    return made


def test_june_already_billed_in_may_is_flagged_and_nobody_is_billed_twice(valle: Cast) -> None:
    """postpaid-month.md: 3 × 20.00 = 60.00; 5 flagged with the number of May's invoice; pressed twice, one run."""
    valle.services["retta"] = services.register_service(code="retta", name="Retta", kind="meal", position=2)
    services.set_tariff(
        service=valle.services["retta"],
        code="retta-26",
        name="Retta",
        first=date(2026, 9, 1),
        end=date(2027, 9, 1),
        brackets=[("unica", "Unica", None, 0)],
    )
    five = _school(valle, "primaria", ["Primo", "Secondo", "Terzo", "Quarto", "Quinto"])
    three = _school(valle, "infanzia", ["Sesto", "Settimo", "Ottavo"])
    post_paid(valle, service="retta")
    june = {"service": "retta", "first": date(2027, 6, 1), "last": date(2027, 6, 30)}
    with clock.standing_at(noon(date(2027, 5, 10))):
        monthly(valle, 2_000, level="primaria", shift=-1, name="Retta di giugno, primarie", **june)
    may = bill(valle, "2027-05", service="retta")
    assert (may.invoices, may.total) == (5, Euro(5 * 2_000))
    with clock.standing_at(noon(date(2027, 6, 10))):
        monthly(valle, 2_000, name="Retta di giugno", **june)

    run = bill(valle, "2027-06", service="retta")
    again = bill(valle, "2027-06", service="retta", by=valle.staff["office"])

    assert (run.invoices, run.total, again.id) == (3, Euro(60_00), run.id)
    numbers = {one.child_ids[0]: one.number for one in queries.invoices_between(period=date(2027, 5, 1))}
    told = {one["child_id"]: one["number"] for one in run.summary["anomalies"] if one["kind"] == "billed"}
    assert told == {child.pk: numbers[child.pk] for child in five}
    assert {child for one in queries.invoices_between(period=date(2027, 6, 1)) for child in one.child_ids} == {
        child.pk for child in three
    }
    assert FeeDue.objects.filter(cents__gt=0).count() == 8
    assert is_clean()


def test_a_month_reopened_is_billed_once(billed: Cast) -> None:
    monthly(billed)
    run = bill(billed)
    staging.recall(by=OFFICE, run_id=run.id, reason="sbagliate", now=clock.now())
    on(date(2026, 10, 20))

    again = bill(billed)

    assert again.total == run.total == Euro(3 * 2 * 5_000)
    assert Entry.objects.filter(kind="fee").count() == 6
    assert is_clean()


def test_a_fee_withdrawn_gives_everything_back_and_another_may_take_its_place(billed: Cast) -> None:
    wrong = monthly(billed, 7_000)
    fees.withdraw(by=OFFICE, fee_id=wrong, reason="delibera corretta", now=clock.now())
    assert billed.balance("Anna") == 0

    monthly(billed, 5_000)

    assert billed.balance("Anna") == -2 * 5_000
    with pytest.raises(fees.NotThisFee):
        fees.withdraw(by=OFFICE, fee_id=wrong, reason="ancora", now=clock.now())
    assert is_clean()


def test_a_small_share_waits_until_it_is_worth_an_invoice(billed: Cast) -> None:
    choosing(billed.town, bill_least=2_000)
    monthly(billed, 900)
    assert bill(billed).total == Euro(4 * 900), "Rossi has two children; what Haddad owes is too little"
    on(date(2026, 11, 2))

    november = bill(billed, "2026-11")

    assert november.total == Euro(3 * 900), "Haddad has three shares now, Rossi two more"
    assert is_clean()


def test_a_fee_above_the_towns_amount_is_confirmed_by_somebody_else(billed: Cast) -> None:
    choosing(billed.town, bill_second_person=10_000)
    office, other = billed.staff["office"], billed.staff["cashier"]
    fee_id = drafted(billed, office, "Retta", 1_000)
    assert fee_queries.total_of(fee_id=fee_id) == Euro(3 * 10 * 1_000)
    with pytest.raises(AnotherPersonNeeded):
        fees.confirm(by=office, fee_id=fee_id, now=clock.now())
    assert fees.confirm(by=other, fee_id=fee_id, now=clock.now()) == 3


def test_of_two_fees_for_the_same_days_the_one_confirmed_first_is_owed(billed: Cast) -> None:
    """A forgotten draft, older and dearer, charges nobody whom the newer one charges, whoever confirms it."""
    office = billed.staff["office"]
    old, new = drafted(billed, office, "Vecchia bozza", 9_000), drafted(billed, office, "Retta", 1_000)
    fees.confirm(by=OFFICE, fee_id=new, now=clock.now())
    assert fee_queries.total_of(fee_id=old) == Euro(0)

    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        assert fees.confirm(by=office, fee_id=old, now=clock.now()) == 0

    assert billed.balance("Anna") == -2 * 1_000
    assert is_clean()


def test_a_fee_that_asks_another_sum_than_the_page_told_is_not_confirmed(billed: Cast) -> None:
    fee_id = drafted(billed, OFFICE, "Retta", 1_000)
    told = fee_queries.total_of(fee_id=fee_id)
    (line,) = [one for one in subscriptions_of(child_id=billed.child("Amina").pk) if one.service_code == "mensa"]
    enrolling.end(by=OFFICE, child_id=line.child_id, subscription_id=line.id, last=date(2026, 12, 31), now=clock.now())

    with pytest.raises(fees.ChangedSinceShown):
        fees.confirm(by=OFFICE, fee_id=fee_id, now=clock.now(), told=told)
    assert billed.balance("Anna") == 0


def test_the_family_reads_a_fee_by_its_name_and_the_statement_apart(billed: Cast) -> None:
    monthly(billed)
    wallet_id = billed.wallet("Luca").pk
    lines = wallets.movements_of(wallet_id=wallet_id, first=None, last=None, limit=10)
    assert [one.title for one in movements.told(lines=lines)] == [
        "Retta mensile, ottobre 2026",
        "Retta mensile, settembre 2026",
    ]
    account = wallet_sums.account(wallet_id=wallet_id, first=YEAR[0], last=YEAR[1])
    assert account is not None
    assert account.lines == (("Quote fisse", Euro(-10_000)),)


def test_who_pays_from_the_credit_is_warned_of_it(valle: Cast) -> None:
    valle.credit("Anna", 6_000)
    monthly(valle)
    run_jobs()
    assert "Anna" in Message.objects.filter(template="low_credit").values_list("text", flat=True)[0]
