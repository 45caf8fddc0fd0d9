"""A service that begins, an authorisation that ends: how it is paid from then on, and what the family reads."""

from datetime import date, timedelta

import pytest

from campanella.domains.billing import policies
from campanella.domains.debiting import queries as mandates
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.messaging.models import Message
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.usecases import pricing
from campanella.usecases.billing import policies as ways
from campanella.usecases.debiting import authorising, booking
from tests.billing import noon
from tests.debits import OTHER, holder, signed
from tests.towns import OFFICE, run_jobs
from tests.usecases.debiting.conftest import asked

TODAY = date(2026, 11, 20)


def kind(cast, child: str, service: str, day: date) -> str:
    owner = cast.child(child).pk, cast.services[service].pk
    return policies.kinds_on(owners=[owner], day=day)[owner]


def rides(cast, child: str, first: date) -> None:
    """Let a child begin to ride the bus."""
    bracket = next(one for one in services.prices_from(day=first) if one.tariff.service_id == cast.services["scuolabus"].pk)
    line = pricing.NewSubscription(cast.child(child).pk, bracket.tariff.service_id, bracket.pk, None, 0)
    with clock.standing_at(noon(TODAY)):
        pricing.write_lines(by=OFFICE, ended=[], lines=[line], first=first, now=clock.now())
        run_jobs(500)


def last_rule(cast) -> tuple[str, date]:
    """Give the last rule of Anna's canteen: how, and from when."""
    mine = policies.policies_of(child_id=cast.child("Anna").pk)
    row = max((one for one in mine if one.service_id == cast.services["mensa"].pk), key=lambda one: (one.made_at, one.first))
    return row.kind, row.first


def told() -> list[Message]:
    return list(Message.objects.filter(template="services_joined"))


def test_a_service_that_begins_is_paid_by_the_bank_and_the_family_is_told(debited) -> None:
    first = date(2026, 11, 23)
    rides(debited, "Luca", first)
    assert kind(debited, "Luca", "scuolabus", first) == "debit"
    assert kind(debited, "Luca", "scuolabus", date(2026, 11, 22)) != "debit"
    (letter,) = told()
    assert letter.guardian_id == debited.families["rossi"].guardian.pk
    assert letter.subject.startswith("L’addebito sul conto paga un servizio in più")
    assert "dal lunedì 23 novembre" in letter.text
    assert f"- {debited.services['scuolabus'].name} di Luca" in letter.text
    assert "IT •••• 7890" in letter.text
    assert "Luca" not in letter.subject


def test_another_price_of_the_same_service_tells_nothing(debited) -> None:
    anna = debited.child("Anna").pk
    line = next(one for one in enrolment.subscriptions_of(child_id=anna) if one.service_id == debited.services["mensa"].pk)
    new = pricing.NewSubscription(anna, line.service_id, line.bracket_id, line.end, 50)
    with clock.standing_at(noon(TODAY)):
        pricing.write_lines(by=OFFICE, ended=[line.id], lines=[new], first=date(2026, 11, 23), now=clock.now())
        run_jobs(500)
    assert told() == []


def test_without_an_authorisation_in_force_nothing_joins(debited) -> None:
    with clock.standing_at(noon(TODAY)):
        mandate = authorising.mandate_of(payer=debited.families["rossi"].guardian)
        authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate.id, now=clock.now())
    rides(debited, "Luca", date(2026, 11, 23))
    assert (kind(debited, "Luca", "scuolabus", date(2026, 11, 23)), told()) == ("prepaid", [])


def test_who_revokes_in_a_month_billed_already_pays_otherwise_from_the_next(debited) -> None:
    """October is billed; on a day of September nothing may stop a family from taking its word back."""
    with clock.standing_at(noon(date(2026, 9, 20))):
        mandate = authorising.mandate_of(payer=debited.families["rossi"].guardian)
        authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate.id, now=clock.now())
    assert last_rule(debited) == ("town", date(2026, 11, 1))


def test_an_account_that_is_closed_is_no_promise_of_the_next_invoice(debited, bank) -> None:
    one = asked()
    bank.hear((one.end_to_end_id, "AC04", one.cents), on=date(2026, 12, 4))
    assert last_rule(debited) == ("town", date(2027, 1, 1))
    with clock.standing_at(noon(date(2026, 12, 5))):
        authorising.change_account(by=debited.families["rossi"].user, holder=holder(OTHER), now=clock.now())
    assert last_rule(debited) == ("debit", date(2027, 1, 1))


def test_one_revoked_beside_the_night_keeps_no_other_from_lapsing(debited, monkeypatch) -> None:
    gone = signed(debited.families["haddad"].guardian, OTHER)
    other = authorising.mandate_of(payer=debited.families["rossi"].guardian)
    with clock.standing_at(noon(TODAY)):
        authorising.revoke_at_desk(by=OFFICE, mandate_id=gone.pk, now=clock.now())
    listed = [gone.pk, other.id]
    monkeypatch.setattr(booking.queries, "unused_since", lambda **_: listed)
    with clock.standing_at(noon(date(2029, 9, 3))):
        assert booking.lapse(by=OFFICE, now=clock.now()) == 1
    states = [mandates.mandate(mandate_id=pk).state for pk in listed]
    assert states == ["revoked", "lapsed"]


def test_a_mandate_that_lapses_gives_its_services_back(debited) -> None:
    with clock.standing_at(noon(date(2029, 9, 3))):
        assert booking.lapse(by=OFFICE, now=clock.now()) == 1
    assert last_rule(debited) == ("town", date(2029, 10, 1))


@pytest.mark.parametrize("ends", ["revoked", "lapsed", "closed"])
def test_what_a_family_had_agreed_before_its_mandate_holds_again_after_it(debited, bank, ends) -> None:
    """Anna's bus was paid after the month by a rule of her own, as her family had asked."""
    anna = [debited.child("Anna").pk]
    with clock.standing_at(noon(date(2026, 9, 1))):
        ways.set_for_children(
            by=OFFICE,
            child_ids=anna,
            service=debited.services["scuolabus"],
            kind="postpaid",
            first=date(2026, 9, 1),
            reason="richiesta della famiglia",
            now=clock.now(),
        )
        payer = debited.families["rossi"].guardian
        authorising.hold_payers(payer_ids=[payer.pk])
        authorising.pay_so(by=OFFICE, payer=payer, kind="debit", now=clock.now())
    assert kind(debited, "Anna", "scuolabus", TODAY) == "debit"
    later = date(2026, 12, 4)
    if ends == "closed":
        one = asked()
        bank.hear((one.end_to_end_id, "AC04", one.cents), on=later)
    elif ends == "revoked":
        with clock.standing_at(noon(later)):
            authorising.revoke(by=debited.families["rossi"].user, now=clock.now())
    else:
        later = date(2029, 9, 3)
        with clock.standing_at(noon(later)):
            booking.lapse(by=OFFICE, now=clock.now())
    assert kind(debited, "Anna", "scuolabus", later + timedelta(days=60)) == "postpaid"


def test_who_revokes_reads_what_is_paid_before_it_is_used_from_then_on(debited) -> None:
    with clock.standing_at(noon(TODAY)):
        mandate = authorising.mandate_of(payer=debited.families["rossi"].guardian)
        authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate.id, now=clock.now())
        run_jobs(500)
    letter = Message.objects.filter(template="mandate_changed").latest("id")
    assert kind(debited, "Anna", "scuolabus", date(2026, 12, 1)) == "prepaid"
    assert f"- {debited.services['scuolabus'].name} di Anna, da martedì 1 dicembre" in letter.text.replace("\xa0", " ")
    assert "da ora si pagano prima, con la ricarica" in letter.text
    # The town lets accounts pay the canteen: it stays paid after the month.
    assert f"- {debited.services['mensa'].name}" not in letter.text
