"""A month on direct debit: asked for, booked, sent back, asked for again; the ledger and the family's letters."""

import io
import re
from datetime import date

import pytest
from django.db import connection
from lxml import etree

from campanella.domains.debiting import queries
from campanella.domains.debiting.models import Collection, Coming
from campanella.domains.ledger import verify
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.readings.proofs import collections
from campanella.usecases.debiting import filing, hearing
from campanella.usecases.debiting.creditor import CucMissing, NotItalian
from campanella.usecases.debiting.hearing import NoAnswer
from tests.billing import bill, eat, noon
from tests.debits import OTHER, signed
from tests.towns import OFFICE, as_owner, choosing, run_jobs
from tests.usecases.debiting.conftest import ASKED, PERIOD, asked, booked, invoice, letters

DAY = date(2026, 12, 7)  # due on Saturday the fifth
TOTAL = 3 * (460 + 310)


def balances(cast) -> tuple[int, int]:
    return cast.balance("Anna"), cast.balance("Luca")


def clean() -> bool:
    return verify.violations() == [] and proofs.violations() == []


def test_a_month_is_collected_on_its_day(debited, bank) -> None:
    before = balances(debited)
    one = asked()
    assert (one.cents, one.day, one.sequence, one.attempt) == (TOTAL, DAY, "FRST", 1)
    assert one.remittance.startswith("Refezione, ottobre 2026, fattura FT")
    assert (invoice().open.cents, booked(date(2026, 12, 6))) == (TOTAL, 0)

    assert booked(DAY) == 1
    assert (invoice().state, invoice().open.cents) == ("paid", 0)
    assert balances(debited) == (before[0] + 1380, before[1] + 930)
    assert booked(date(2026, 12, 8)) == 0
    assert clean()


def test_no_money_twice_when_the_bank_says_what_the_night_has_booked(debited, bank) -> None:
    one = asked()
    booked(DAY)
    after = balances(debited)
    (heard,) = bank.hear((one.end_to_end_id, "", TOTAL), form="collected").heard

    assert (heard.verdict, balances(debited)) == ("again", after)


def test_a_bank_that_lists_what_it_has_paid_is_believed_before_the_night(debited, bank) -> None:
    one = asked()
    (heard,) = bank.hear((one.end_to_end_id, "", TOTAL), form="collected").heard

    assert (heard.verdict, heard.coming, invoice().state) == ("applied", "booked", "paid")
    assert booked(DAY) == 0
    assert clean()


def test_what_never_came_leaves_no_trace_in_the_book(debited, bank) -> None:
    before, one = balances(debited), asked()
    bank.hear((one.end_to_end_id, "AM04", TOTAL), on=date(2026, 12, 4))

    assert booked(DAY) == 0
    assert (balances(debited), invoice().state) == (before, "unpaid")
    assert Coming.objects.get().kind == "rejected"
    assert clean()


def test_what_comes_back_reopens_the_debt_and_the_family_reads_why(debited, bank) -> None:
    before, one = balances(debited), asked()
    booked(DAY)
    (heard,) = bank.hear((one.end_to_end_id, "AM04", TOTAL), form="return", on=date(2026, 12, 10)).heard

    assert (heard.verdict, heard.coming, heard.follows) == ("applied", "returned", "retry")
    assert (balances(debited), invoice().state, invoice().open.cents) == (before, "unpaid", TOTAL)
    subject, text = letters()[-1]
    assert subject == "Un addebito sul conto non è andato a buon fine"
    assert "perché sul conto non c’era abbastanza denaro" in text
    assert "riproviamo lunedì 28 dicembre" in text
    assert "23,10" in text
    assert "0306909606100000067890" not in text
    assert not PaymentRequest.objects.filter(
        payer=one.payer
    ).exists()  # it is tried again, so nobody is asked to pay it otherwise
    assert clean()


def test_a_second_attempt_comes_on_the_day_that_was_told_and_is_the_last(debited, bank) -> None:
    one = asked()
    booked(DAY)
    bank.hear((one.end_to_end_id, "AM04", TOTAL), form="return", on=date(2026, 12, 10))
    again = asked(on=date(2026, 12, 14))
    assert (again.attempt, again.day, again.sequence) == (2, date(2026, 12, 28), "RCUR")
    assert again.end_to_end_id != one.end_to_end_id

    booked(date(2026, 12, 28))
    (heard,) = bank.hear((again.end_to_end_id, "AM04", TOTAL), form="return", on=date(2026, 12, 30)).heard
    assert heard.follows == "ask"
    with clock.standing_at(noon(date(2026, 12, 31))):
        left_out = filing.plan(period=PERIOD, today=date(2026, 12, 31)).left_out
    assert [one.why for one in left_out] == ["no_retry", "no_mandate"]
    assert "paga questo importo con pagoPA" in letters()[-1][1]
    assert PaymentRequest.objects.get(payer=one.payer).amount_cents == TOTAL
    assert clean()


def test_a_closed_account_ends_the_mandate_at_once(debited, bank) -> None:
    one = asked()
    (heard,) = bank.hear((one.end_to_end_id, "AC04", TOTAL), on=date(2026, 12, 4)).heard

    mandate = queries.mandates_of(payer_ids=[debited.families["rossi"].guardian.pk])[debited.families["rossi"].guardian.pk]
    assert (heard.follows, mandate.state) == ("stop", "ended")
    assert queries.acts_of(mandate_id=mandate.id)[-1].why == "il conto è chiuso"
    assert "scrivi un altro IBAN" in letters()[-1][1]
    assert PaymentRequest.objects.get(payer=one.payer).amount_cents == TOTAL


def test_nobody_writes_to_the_family_of_a_holder_who_has_died(debited, bank) -> None:
    one = asked()
    booked(DAY)
    bank.hear((one.end_to_end_id, "MD07", TOTAL), form="return", on=date(2026, 12, 10))

    assert not [text for subject, text in letters() if subject.startswith("Un addebito")]
    assert (
        queries.mandates_of(payer_ids=[debited.families["rossi"].guardian.pk])[debited.families["rossi"].guardian.pk].state
        == "ended"
    )
    assert (invoice().state, PaymentRequest.objects.filter(payer=one.payer).count()) == ("unpaid", 0)


def test_a_refund_within_eight_weeks_takes_back_what_was_booked_long_ago(debited, bank) -> None:
    one = asked()
    booked(DAY)
    (heard,) = bank.hear((one.end_to_end_id, "MD06", TOTAL), form="return", on=date(2027, 1, 29)).heard

    assert (heard.follows, invoice().state) == ("pause", "unpaid")
    assert clean()


def test_the_same_answer_twice_and_in_another_file_counts_once(debited, bank) -> None:
    before, one = balances(debited), asked()
    booked(DAY)
    said = (one.end_to_end_id, "AM04", TOTAL)
    body = bank.answer(said, form="return", name="M-1")
    with clock.standing_at(noon(date(2026, 12, 10))):
        first = hearing.hear(by=OFFICE, body=body, now=clock.now())
        second = hearing.hear(by=OFFICE, body=body, now=clock.now())
    third = bank.hear(said, form="return", name="M-2", on=date(2026, 12, 11))
    fourth = bank.hear(said, said, on=date(2026, 12, 11))

    reports = (first, second, third, fourth)
    assert [report.applied for report in reports] == [1, 0, 0, 0]
    assert [report.is_known for report in reports] == [False, True, False, False]
    assert second.heard[0].collection.id == one.pk
    assert (balances(debited), Coming.objects.filter(kind="returned").count()) == (before, 1)
    assert len([subject for subject, _ in letters() if subject.startswith("Un addebito")]) == 1
    assert clean()


@pytest.mark.parametrize(
    ("key", "cents", "verdict"),
    [(None, TOTAL - 1, "amount"), (None, TOTAL + 1, "amount"), ("9-INVOICE-1-1", TOTAL, "unknown"), ("X", 5, "unknown")],
)
def test_what_does_not_fit_changes_nothing(debited, bank, key, cents, verdict) -> None:
    one = asked()
    booked(DAY)
    after = balances(debited)
    (heard,) = bank.hear((key or one.end_to_end_id, "AM04", cents), form="return").heard

    assert (heard.verdict, balances(debited), invoice().state) == (verdict, after, "paid")
    assert clean()


def test_a_reading_that_was_killed_goes_on_where_it_was(debited, bank, monkeypatch) -> None:
    with clock.standing_at(noon(date(2026, 9, 2))):
        signed(debited.families["haddad"].guardian, OTHER)
    asked()
    ours = {one.end_to_end_id: one.cents for one in Collection.objects.order_by("id")}
    assert booked(DAY) == len(ours) == 2
    body = bank.answer(*[(key, "AM04", cents) for key, cents in ours.items()], form="return")
    done = hearing.apply
    killed = iter([False, True])

    def apply(**given):
        if next(killed):
            raise KeyboardInterrupt
        return done(**given)

    monkeypatch.setattr(hearing, "CHUNK", 1)
    monkeypatch.setattr(hearing, "apply", apply)
    with clock.standing_at(noon(date(2026, 12, 10))):
        with pytest.raises(KeyboardInterrupt):
            hearing.hear(by=OFFICE, body=body, now=clock.now())
        assert clean()
        monkeypatch.setattr(hearing, "apply", done)
        report = hearing.hear(by=OFFICE, body=body, now=clock.now())

    assert [one.verdict for one in report.heard] == ["again", "applied"]
    assert not report.is_known
    assert Coming.objects.filter(kind="returned").count() == 2
    assert clean()


def test_files_of_others_are_refused_and_not_kept(debited, bank) -> None:
    one = asked()
    said = (one.end_to_end_id, "AM04", TOTAL)
    ours = bank.answer(said, form="return")
    others = ours.replace(bank.iban.encode(), b"IT78N0760103200001012345678")
    unknown = bank.answer(said).replace(one.file.message_id.encode(), b"SDD-9-20261120-AAAA")
    for body, words in [
        (others, "altro conto"),
        (unknown, "non ha mandato"),
        (ours[:-40], "finisce a metà"),
        (b"", "vuoto"),
        (re.sub(rb"<Acct>.*?</Acct>", b"", ours), "nessun esito"),
    ]:
        with pytest.raises(NoAnswer, match=words):
            hearing.hear(by=OFFICE, body=body, now=clock.now())
    assert not one.comings.exists()
    assert one.file.collections.count() == 1


def test_pressed_twice_a_file_is_one(debited) -> None:
    with clock.standing_at(noon(ASKED)):
        first, planned = filing.make(by=OFFICE, period=PERIOD, now=clock.now())
        second, again = filing.make(by=OFFICE, period=PERIOD, now=clock.now())
    assert (first.pk, planned.total) == (second.pk, Euro(TOTAL))
    assert [one.why for one in again.left_out] == ["under_way", "no_mandate"]
    assert Collection.objects.count() == 1
    bytes_of = []
    for _ in range(2):
        out = io.BytesIO()
        filing.write(out, file=first, form="cbi")
        bytes_of.append(out.getvalue())
    assert bytes_of[0] == bytes_of[1]
    assert etree.fromstring(bytes_of[0]).findtext(".//{*}CtrlSum") == "23.10"


def test_what_the_family_does_not_know_long_enough_waits(debited) -> None:
    choosing(debited.town, sdd_notice_days=40)
    with clock.standing_at(noon(ASKED)):
        file, planned = filing.make(by=OFFICE, period=PERIOD, now=clock.now())
    assert file is None
    assert [one.why for one in planned.left_out] == ["not_told", "no_mandate"]
    said = filing.why_nothing(period=PERIOD, left_out=planned.left_out)
    assert "la famiglia non lo sa da abbastanza giorni" in said


def test_who_cannot_be_collected_from_is_asked_by_a_notice_once(debited) -> None:
    for day in (ASKED, date(2026, 11, 21)):
        with clock.standing_at(noon(day)):
            filing.make(by=OFFICE, period=PERIOD, now=clock.now())
            run_jobs(500)

    other = PaymentRequest.objects.get()
    assert other.payer_id != debited.families["rossi"].guardian.pk
    assert [subject for subject, _ in letters()].count("Un avviso da pagare") == 1


def test_without_its_code_a_town_writes_no_cbi_and_with_it_the_same_file(debited) -> None:
    choosing(debited.town, sdd_cuc="")
    one, out = asked(), io.BytesIO()
    with pytest.raises(CucMissing):
        filing.write(io.BytesIO(), file=one.file, form="cbi")
    filing.write(io.BytesIO(), file=one.file, form="pain008")
    choosing(debited.town, sdd_cuc="7654321B")
    filing.write(out, file=one.file, form="cbi")
    assert etree.fromstring(out.getvalue()).findtext(".//{*}InitgPty//{*}Othr/{*}Id") == "7654321B"


def test_cbi_takes_no_account_from_abroad(debited) -> None:
    choosing(debited.town, sdd_iban="DE89370400440532013000")
    with clock.standing_at(noon(ASKED)), pytest.raises(NotItalian):
        filing.make(by=OFFICE, period=PERIOD, now=clock.now(), form="cbi")
    one = asked()
    with pytest.raises(NotItalian):
        filing.write(io.BytesIO(), file=one.file, form="cbi")
    filing.write(io.BytesIO(), file=one.file, form="pain008")


def test_three_returns_suspend(debited, bank) -> None:
    """Two of October's invoice, one of November's: the third is one too many, whatever it was for."""
    payer = debited.families["rossi"].guardian
    eat(debited, [date(2026, 11, 3)])
    bill(debited, "2026-11")
    run_jobs(500)
    said = []
    for period, on, back in [
        (PERIOD, ASKED, date(2026, 12, 4)),
        (PERIOD, date(2026, 12, 5), date(2026, 12, 21)),
        (date(2026, 11, 1), date(2026, 12, 22), date(2027, 1, 5)),
    ]:
        one = asked(on=on, period=period)
        (heard,) = bank.hear((one.end_to_end_id, "AM04", one.cents), on=back).heard
        said.append((one.attempt, heard.follows, queries.mandates_of(payer_ids=[payer.pk])[payer.pk].state))

    assert said == [(1, "retry", "active"), (2, "ask", "active"), (1, "pause", "suspended")]
    assert "lo riprendi dal portale" in letters()[-1][1]


CAME = "a collection that came is in the book, share by share, and no other is"
WENT = "what came and went back has left the book, share by share, and nothing else has"


PLANTED: list[tuple[str, list[str]]] = [
    ("delete from debiting_coming where kind = 'booked'", [CAME, CAME, WENT, WENT]),
    ("delete from debiting_coming where kind = 'returned'", [WENT, WENT]),
    ("delete from billing_invoicepayment", ["money of a bank says which invoice it is for"] * 4),
    (
        "update debiting_collectionshare set cents = cents + 1",
        [CAME, CAME, WENT, WENT, "the shares of a collection add up to it"],
    ),
    ("update debiting_mandate set state = 'suspended' where state = 'active'", ["a mandate stands as its last act says"]),
    (f"update debiting_mandate set iban = '{OTHER}'", ["a mandate stands as its last act says"]),
    (
        "update ledger_entry set source = 'collection:x:1' where id ="
        " (select min(id) from ledger_entry where kind = 'collection')",
        [CAME, "money of a bank has its collection", "money of a bank says which invoice it is for"],
    ),
]


def test_every_promise_about_collections_has_something_that_breaks_it() -> None:
    assert {promise for _, promises in PLANTED for promise in promises} == set(collections.PROMISES)


@pytest.mark.parametrize(("statement", "promises"), PLANTED)
def test_the_auditor_names_what_somebody_has_planted(debited, bank, statement, promises) -> None:
    one = asked()
    booked(DAY)
    bank.hear((one.end_to_end_id, "AM04", TOTAL), form="return", on=date(2026, 12, 10))
    assert clean()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert sorted(found.promise for found in proofs.broken(collections.PROMISES)) == sorted(promises)
