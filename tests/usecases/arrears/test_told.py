"""The ladder counts from when a family was told; who answers no more for a child reads on paper; each has its proof."""

from datetime import date, timedelta

import pytest

from campanella.domains.billing import queries as billing
from campanella.domains.billing.views import InvoiceView
from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.readings.arrears import exports
from campanella.readings.arrears.households import households
from campanella.readings.office.arrears import page_of
from campanella.usecases import registry
from campanella.usecases.arrears import handing as reminders_handed
from campanella.usecases.billing import handing
from tests.arrears import DUE, HADDAD, after_due, outcomes, remind, reminders_of
from tests.billing import noon
from tests.towns import OFFICE, Cast, run_jobs


def payer(cast: Cast, family: str = "rossi") -> Guardian:
    return cast.families[family].guardian


def mine(cast: Cast) -> InvoiceView:
    (found,) = billing.invoices_of(payer_id=payer(cast).pk)
    return found


def without_mail(cast: Cast) -> None:
    """As if there had been no address when October was issued: it was written down later."""
    Message.objects.filter(key=mine(cast).letter).delete()


def hand(cast: Cast, day: date, how: str = "hand") -> int:
    with clock.standing_at(noon(day)):
        return handing.note(by=OFFICE, invoice_ids=[mine(cast).id], day=day, how=how, now=clock.now())


def test_an_address_that_was_written_down_later_has_told_nobody(owing: Cast) -> None:
    without_mail(owing)
    assert outcomes(remind(after_due(15)))[payer(owing).pk] == (0, "untold")
    assert reminders_of(owing) == []
    hand(owing, DUE + timedelta(days=20))
    # Fifteen days from when it was handed over, and not from a due date that the family did not know.
    assert outcomes(remind(after_due(34)))[payer(owing).pk] == (0, "early")
    assert outcomes(remind(after_due(35)))[payer(owing).pk] == (1, "sent")


def test_told_before_its_day_it_is_due_on_its_day(owing: Cast) -> None:
    without_mail(owing)
    hand(owing, date(2026, 11, 20), "post")
    assert outcomes(remind(after_due(15)))[payer(owing).pk] == (1, "sent")


def test_a_mail_that_left_late_told_late(owing: Cast) -> None:
    """The mail server was down, or the address put right: it left ten days after the due date."""
    letter = Message.objects.filter(key=mine(owing).letter)
    letter.update(sent_at=None)
    assert outcomes(remind(after_due(5)))[payer(owing).pk] == (0, "untold")
    letter.update(sent_at=after_due(10))
    assert outcomes(remind(after_due(24)))[payer(owing).pk] == (0, "early")
    assert outcomes(remind(after_due(25)))[payer(owing).pk] == (1, "sent")


def test_a_mail_that_was_refused_told_nobody(owing: Cast) -> None:
    Message.objects.filter(key=mine(owing).letter).update(sent_at=None, failed_at=noon(date(2026, 11, 5)))
    now = after_due(40)
    with clock.standing_at(now):
        (house,) = households(payer_ids=[payer(owing).pk], now=now)
    assert {one.why for one in house.left} == {"untold"}


def test_what_was_brought_is_written_down_once_and_on_a_day_that_can_be(owing: Cast) -> None:
    without_mail(owing)
    for day, how, refusal in (
        (date(2026, 11, 4), "hand", handing.NotOnThisDay),
        (date(2027, 1, 1), "hand", handing.NotOnThisDay),
        (date(2026, 11, 6), "dove", handing.UnknownWay),
    ):
        with pytest.raises(refusal), clock.standing_at(noon(date(2026, 12, 31))):
            handing.note(by=OFFICE, invoice_ids=[mine(owing).id], day=day, how=how, now=clock.now())
    with clock.standing_at(noon(date(2026, 12, 31))):
        run_id = mine(owing).run_id
        assert handing.note_of_run(by=OFFICE, run_id=run_id, day=date(2026, 11, 9), how="hand", now=clock.now()) == 1
        assert handing.note_of_run(by=OFFICE, run_id=run_id, day=date(2026, 11, 9), how="hand", now=clock.now()) == 0


def test_a_debtor_who_answers_no_more_for_the_child_gets_a_letter_and_no_mail(owing: Cast) -> None:
    haddad, child = payer(owing, "haddad"), owing.child("Amina")
    Guardian.objects.filter(pk=haddad.pk).update(address="Via Roma 1, Valle")
    with clock.standing_at(noon(date(2026, 12, 10))):
        registry.untie(by=OFFICE, child_id=child.pk, guardian_id=haddad.pk, why="tutela", now=clock.now())
    run = remind(after_due(15))
    assert outcomes(run)[haddad.pk] == (1, "sent")
    (letter,) = reminders_of(owing, "haddad")
    assert (letter.channel, letter.address, letter.total.cents) == ("letter", "Via Roma 1, Valle", HADDAD)
    assert not Message.objects.filter(template="reminder", guardian=haddad).exists()
    # Whoever is still tied goes on reading it by e-mail.
    assert reminders_of(owing)[0].channel == "mail"


def test_who_is_tied_to_one_of_two_children_reads_of_both_on_paper(owing: Cast) -> None:
    with clock.standing_at(noon(date(2026, 12, 10))):
        aunt = registry.register_guardian(
            by=OFFICE,
            child_id=owing.child("Anna").pk,
            given_name="Zia",
            family_name="Nuova",
            tax_code="",
            email="zia@posta.example",
            phone="",
            kind="tutor",
            is_payer=True,
            now=clock.now(),
        )
        assert aunt
        registry.untie(by=OFFICE, child_id=owing.child("Anna").pk, guardian_id=payer(owing).pk, why="x", now=clock.now())
    remind(after_due(15))
    assert reminders_of(owing)[0].channel == "letter"


def test_each_reminder_of_a_run_has_its_delivery_on_record(owing: Cast) -> None:
    Guardian.objects.filter(pk=payer(owing, "haddad").pk).update(email="")
    run = remind(after_due(15))

    def told() -> dict[int, tuple[str, str | None, str]]:
        rows = {one["payer_id"]: one["told"] for one in exports.candidates(run=run)}
        return {pk: (row["how"], row["on"], row["outcome"]) for pk, row in rows.items()}

    rossi, haddad = payer(owing).pk, payer(owing, "haddad").pk
    assert told() == {rossi: ("mail", None, "waiting"), haddad: ("letter", None, "waiting")}
    with clock.standing_at(after_due(16)):
        run_jobs(500)
        (letter,) = reminders_of(owing, "haddad")
        reminders_handed.note(
            by=OFFICE, reminder_id=letter.id, kind="posted", day=date(2026, 12, 21), protocol="77", note="", now=clock.now()
        )
    assert told() == {rossi: ("mail", "2026-12-21", "taken"), haddad: ("letter", "2026-12-21", "posted")}
    mail = Message.objects.filter(template="reminder")
    mail.update(sent_at=None, failed_at=after_due(17), failure="casella piena")
    assert told()[rossi] == ("mail", "2026-12-22", "refused")
    page = page_of(run=run)
    assert sorted((words, count) for _, words, count in page.told) == [("Non arrivata", 1), ("Spedita", 1)]
    listed = {one["payer_tax_code"]: one["told"]["outcome"] for one in exports.listed()}
    assert sorted(listed.values()) == ["posted", "refused"]
