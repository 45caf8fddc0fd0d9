"""Who is reminded, of how much and when; who is left out and why; what came between the preview and the sending."""

from datetime import timedelta

import pytest
from django.core import mail

from campanella.domains.arrears import issuing, queries
from campanella.domains.arrears.issuing import NotInThisState, RunUnderWay
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest, PositionShare
from campanella.domains.people.models import Guardian
from campanella.foundation.core import audit, clock, jobs
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.readings.arrears.households import households
from campanella.usecases import adjust
from campanella.usecases.arrears import handing, ladder, papers, running, sending
from campanella.usecases.arrears.running import NobodyToRemind
from tests.arrears import DUE, ROSSI, after_due, outcomes, remind, reminders_of
from tests.browsing import at_most
from tests.paying import receive
from tests.towns import OFFICE, Cast, choosing, run_jobs
from tests.usecases.billing.test_paying import invoice_of, position_of


def pay(cast: Cast, family: str = "rossi", iur: str = "iur-1") -> None:
    receive(position_of(invoice_of(cast, family)), iur=iur)


def test_nobody_is_reminded_before_the_first_step(owing: Cast) -> None:
    run = remind(after_due(14))
    assert run.wanted == 0
    assert {why for _, why in outcomes(run).values()} == {"early"}
    with pytest.raises(NobodyToRemind):
        running.confirm(by=OFFICE, run_id=run.id, now=after_due(14))


def test_a_household_is_reminded_once_of_all_it_owes(owing: Cast) -> None:
    run = remind(after_due(15))
    assert (run.state, run.wanted, run.sent) == ("sent", 2, 2)

    (rossi,) = reminders_of(owing)
    assert (rossi.number, rossi.name, rossi.total, rossi.channel) == ("SO/2026/1", "Promemoria", Euro(ROSSI), "mail")
    assert sorted(debt.amount.cents for debt in rossi.debts) == [6 * 310, 6 * 460]
    assert {debt.title for debt in rossi.debts} == {"Refezione, ottobre 2026"}
    (request_id,) = rossi.request_ids
    position = PaymentRequest.objects.get(pk=request_id)
    assert (position.amount_cents, position.description) == (ROSSI, "Servizi scolastici, sollecito SO/2026/1")
    assert position.asked_by == rossi.pay_by == DUE + timedelta(days=30)
    shares = PositionShare.objects.filter(request_id=request_id).values_list("cents", flat=True)
    assert sorted(shares) == [6 * 310, 6 * 460]
    assert verify.violations() == []
    assert proofs.violations() == []


def test_a_worker_whose_clock_is_behind_sends_a_moment_later(owing: Cast) -> None:
    now = after_due(15)
    with clock.standing_at(now):
        run = running.preview(by=OFFICE, now=now)
        running.confirm(by=OFFICE, run_id=run.id, now=now)
        jobs.take_waiting(town=owing.town.id)
    leaves = now + timedelta(minutes=5)
    with clock.standing_at(leaves - timedelta(minutes=2)):
        sending.send(run_id=run.id)
        assert not jobs.take_waiting(town=owing.town.id)
    with clock.standing_at(leaves - timedelta(seconds=2)):
        sending.send(run_id=run.id)
    assert not reminders_of(owing)

    with clock.standing_at(leaves):
        run_jobs()

    assert len(reminders_of(owing)) == 1


def test_the_mail_says_what_to_do_and_names_no_child_and_no_sum_in_its_subject(owing: Cast) -> None:
    mail.outbox.clear()
    remind(after_due(15))
    run_jobs()
    sent = next(one for one in mail.outbox if one.to == ["rossi@posta.example"] and "promemoria" in one.subject)
    assert sent.subject == "Un promemoria sui pagamenti · Comune di Valle"
    text = str(sent.body)
    for said in ("46,20", "4 gennaio 2027", "Contattaci", "a rate", "scuola@valle.example", "A scuola nessuno vede"):
        assert said in text
    assert not [name for name in ("Anna", "Luca") if name in sent.subject + text]
    assert [name for name, *_ in sent.attachments] == ["sollecito-SO-2026-1.pdf", "avviso-SO-2026-1.pdf"]
    assert all(bytes(content).startswith(b"%PDF") for _, content, _ in sent.attachments)
    assert Message.objects.filter(template="reminder").count() == 2


def test_the_paper_is_kept_as_it_was_printed(owing: Cast) -> None:
    remind(after_due(15))
    (rossi,) = reminders_of(owing)
    first = papers.paper_of(reminder_id=rossi.id)
    Guardian.objects.filter(pk=rossi.payer_id).update(family_name="Altro")
    choosing(owing.town, office_name="Altro ufficio")
    assert papers.paper_of(reminder_id=rossi.id) == first


def test_the_next_step_waits_its_days_and_then_comes_as_a_letter(owing: Cast) -> None:
    remind(after_due(15))
    assert set(outcomes(remind(after_due(34))).values()) == {(0, "waiting")}
    # The ladder of 45 days after the due date is not there yet, though the 20 days are over.
    assert set(outcomes(remind(after_due(36))).values()) == {(0, "early")}

    remind(after_due(45))
    first, second = reminders_of(owing)
    assert (second.name, second.channel, second.number) == ("Sollecito", "letter", "SO/2027/1")
    assert second.debts == first.debts
    run_jobs()
    assert PaymentRequest.objects.get(pk=first.request_ids[0]).state == "cancelled"
    assert PaymentRequest.objects.get(pk=second.request_ids[0]).state == "open"


def test_the_formal_step_has_its_threshold_and_its_cost(owing: Cast) -> None:
    for days in (15, 45):
        remind(after_due(days))
    # Rossi owes 46.20, under the 50.00 of the third step.
    assert set(outcomes(remind(after_due(90))).values()) == {(0, "under")}


def test_a_cost_is_an_entry_of_its_kind_asked_for_last_and_paid_with_the_rest(valle: Cast) -> None:
    from tests.arrears import overdue

    overdue(valle, days=8)
    for days in (15, 45, 90):
        remind(after_due(days))
    *_, third = reminders_of(valle)
    owed = 8 * 770
    assert (third.channel, third.cost, third.total) == ("registered", Euro(588), Euro(owed + 588))
    assert [debt.kind for debt in third.debts] == ["invoice", "invoice", "cost"]
    assert valle.balance("Anna") + valle.balance("Luca") == -(owed + 588)
    with clock.standing_at(after_due(91)):
        (house,) = households(payer_ids=[third.payer_id], now=after_due(91))
        assert (house.total, house.debts[-1].kind, house.debts[-1].cents) == (owed + 588, "cost", 588)
        receive(PaymentRequest.objects.get(pk=third.request_ids[0]))
        assert households(payer_ids=[third.payer_id], now=after_due(91)) == []
    assert valle.balance("Anna") + valle.balance("Luca") == 0
    assert verify.violations() == []
    assert proofs.violations() == []


def test_who_pays_between_the_preview_and_the_sending_is_not_written_to(owing: Cast) -> None:
    now = after_due(15)
    with clock.standing_at(now):
        run = running.preview(by=OFFICE, now=now)
        running.confirm(by=OFFICE, run_id=run.id, now=now)
        pay(owing)
    with clock.standing_at(now + timedelta(minutes=5)):
        sending.send(run_id=run.id)
    found = outcomes(queries.run(run_id=run.id))
    assert found[owing.families["rossi"].guardian.pk] == (1, "paid")
    assert found[owing.families["haddad"].guardian.pk] == (1, "sent")
    assert reminders_of(owing) == []
    (haddad,) = reminders_of(owing, "haddad")
    assert haddad.number == "SO/2026/1"


def test_a_part_that_is_paid_meanwhile_is_not_asked_for(owing: Cast) -> None:
    now = after_due(15)
    with clock.standing_at(now):
        run = running.preview(by=OFFICE, now=now)
        running.confirm(by=OFFICE, run_id=run.id, now=now)
        wallet = owing.wallet("Anna").pk
        adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(500), reason="pasto freddo", key="a", now=now)
    with clock.standing_at(now + timedelta(minutes=5)):
        sending.send(run_id=run.id)
    (rossi,) = reminders_of(owing)
    assert rossi.total == Euro(ROSSI - 500)
    assert proofs.violations() == []


def test_nothing_leaves_before_five_minutes_and_until_then_it_is_taken_back(owing: Cast) -> None:
    now = after_due(15)
    with clock.standing_at(now):
        run = running.preview(by=OFFICE, now=now)
        running.confirm(by=OFFICE, run_id=run.id, now=now)
    early = now + timedelta(minutes=4, seconds=59)
    with clock.standing_at(early):
        sending.send(run_id=run.id)
        assert queries.run(run_id=run.id).gone == 0
        running.stop(by=OFFICE, run_id=run.id, now=early)
    with clock.standing_at(now + timedelta(minutes=6)):
        sending.send(run_id=run.id)
        assert reminders_of(owing) == []
        assert Message.objects.filter(template="reminder").count() == 0
        running.close(by=OFFICE, run_id=run.id, now=clock.now())
    assert queries.run(run_id=run.id).state == "closed"
    assert remind(after_due(16)).sent == 2


def test_the_first_ones_wait_for_somebody_to_look(owing: Cast) -> None:
    choosing(owing.town, arrears_sample=1)
    run = remind(after_due(15), all_of_them=False)
    assert (run.state, run.is_waiting, run.gone, run.wanted) == ("going", True, 1, 2)
    with pytest.raises(RunUnderWay):
        running.preview(by=OFFICE, now=after_due(15))
    with pytest.raises(NotInThisState):
        running.close(by=OFFICE, run_id=remind_again(run.id), now=after_due(15))


def remind_again(run_id: int) -> int:
    """Let the rest go, so that it is under way."""
    running.go_on(by=OFFICE, run_id=run_id, now=after_due(15))
    return run_id


def test_a_stopped_household_is_left_out_and_nobody_reads_why(owing: Cast) -> None:
    payer = owing.families["rossi"].guardian.pk
    now = after_due(15)
    with clock.standing_at(now):
        ladder.stop(by=OFFICE, payer_id=payer, until=DUE + timedelta(days=60), reason="servizi sociali", now=now)
    assert outcomes(remind(now))[payer] == (0, "stop")
    assert outcomes(remind(after_due(61)))[payer][0] == 1


def test_a_payment_that_is_coming_leaves_its_household_out(owing: Cast) -> None:
    from campanella.domains.payments import operations as payments

    now = after_due(15)
    with clock.standing_at(now):
        position = position_of(invoice_of(owing))
        payments.open_cart(user_id=owing.families["rossi"].user.pk, email="", requests=[position], now=now)
    found = outcomes(remind(now))
    assert found[owing.families["rossi"].guardian.pk] == (0, "coming")
    assert found[owing.families["haddad"].guardian.pk] == (1, "sent")


def test_who_has_no_address_gets_a_letter_and_the_office_writes_its_delivery_down(owing: Cast) -> None:
    payer = owing.families["haddad"].guardian
    Guardian.objects.filter(pk=payer.pk).update(email="", address="Via Roma 1, Valle")
    remind(after_due(15))
    (haddad,) = reminders_of(owing, "haddad")
    assert (haddad.channel, haddad.address) == ("letter", "Via Roma 1, Valle")

    now = after_due(17)
    with pytest.raises(handing.NotOnThisDay):
        handing.note(by=OFFICE, reminder_id=haddad.id, kind="posted", day=DUE, protocol="", note="", now=now)
    for _ in range(2):
        handing.note(
            by=OFFICE,
            reminder_id=haddad.id,
            kind="handed",
            day=DUE + timedelta(days=16),
            protocol="",
            note="al padre",
            now=now,
        )
    (haddad,) = reminders_of(owing, "haddad")
    assert [(one.kind, one.note) for one in haddad.handings] == [("handed", "al padre")]
    sentences = [act.sentence for act in audit.acts_on(subjects=[f"reminder:{haddad.id}"])]
    assert sentences == [
        "ha scritto che il sollecito SO/2026/2 è stato consegnato a mano il 21/12/2026",
        "ha avuto il sollecito SO/2026/2: Promemoria",
    ]


def test_a_new_debt_after_everything_was_paid_begins_at_the_first_step(owing: Cast) -> None:
    from datetime import date

    from tests.billing import eat

    remind(after_due(15))
    with clock.standing_at(after_due(16)):
        pay(owing)
    from tests.billing import bill, tell

    eat(owing, [date(2026, 11, day) for day in (2, 3, 4)])
    bill(owing, "2026-11")
    tell()
    run = remind(after_due(50))
    assert outcomes(run)[owing.families["rossi"].guardian.pk] == (1, "sent")
    assert reminders_of(owing)[-1].total == Euro(3 * 770)


def test_a_credit_below_zero_is_a_debt_from_the_day_it_fell(valle: Cast) -> None:
    from datetime import date

    from tests.billing import eat, noon, october

    valle.credit("Amina", 460)
    eat(valle, october(1, 2, 5, 6, 7))
    now = noon(date(2026, 10, 21))
    found = {one.payer_id: one for one in households(payer_ids=None, now=now)}
    amina = found[valle.families["haddad"].guardian.pk]
    # 4.60 of credit, five meals: the fourth, on the sixth, brought it to −13.80, below the ten euros that count.
    assert (amina.total, amina.debts[0].due_on, amina.debts[0].kind) == (4 * 460, date(2026, 10, 6), "wallet")
    rossi = found[valle.families["rossi"].guardian.pk]
    assert (rossi.total, len(rossi.debts)) == (5 * 770, 2)
    assert outcomes(remind(noon(date(2026, 10, 22))))[amina.payer_id] == (1, "sent")
    assert proofs.violations() == []


def test_a_contested_day_is_left_out_until_the_office_has_answered(valle: Cast) -> None:
    from datetime import date

    from campanella.usecases import contests
    from tests.billing import eat, noon, october

    eat(valle, october(1, 2, 5, 6, 7))
    now = noon(date(2026, 10, 25))
    with clock.standing_at(now):
        contests.contest(
            by=valle.families["haddad"].user,
            child_id=valle.child("Amina").pk,
            service_id=valle.services["mensa"].pk,
            day=date(2026, 10, 5),
            text="Era a casa",
            origin="",
            now=now,
        )
    (amina,) = households(payer_ids=[valle.families["haddad"].guardian.pk], now=now)
    assert amina.total == 4 * 460
    assert [(one.why, one.debt.cents) for one in amina.left] == [("contested", 460)]


def test_a_contested_invoice_is_left_out_whole(owing: Cast) -> None:
    from datetime import date

    from campanella.usecases import contests

    now = after_due(15)
    with clock.standing_at(now):
        contests.contest(
            by=owing.families["haddad"].user,
            child_id=owing.child("Amina").pk,
            service_id=owing.services["mensa"].pk,
            day=date(2026, 10, 5),
            text="Era a casa",
            origin="",
            now=now,
        )
    assert outcomes(remind(now))[owing.families["haddad"].guardian.pk] == (0, "contested")


def test_money_by_the_invoice_s_own_notice_withdraws_the_reminder_s(owing: Cast) -> None:
    remind(after_due(15))
    (rossi,) = reminders_of(owing)
    with clock.standing_at(after_due(16)):
        pay(owing)
        run_jobs()
    assert PaymentRequest.objects.get(pk=rossi.request_ids[0]).state == "cancelled"


def test_money_by_the_reminder_s_notice_withdraws_the_invoice_s_and_is_thanked_for(owing: Cast) -> None:
    remind(after_due(15))
    (rossi,) = reminders_of(owing)
    own = position_of(invoice_of(owing))
    with clock.standing_at(after_due(16)):
        receive(PaymentRequest.objects.get(pk=rossi.request_ids[0]))
        run_jobs()
    own.refresh_from_db()
    assert (own.state, invoice_of(owing).state) == ("cancelled", "paid")
    (thanks,) = Message.objects.filter(template="arrears_paid")
    assert "non resta niente da pagare" in thanks.text
    assert Message.objects.filter(template="top_up_booked").count() == 0


def test_what_is_asked_of_the_database_does_not_grow_with_the_debtors(owing: Cast) -> None:
    with at_most(45):
        households(payer_ids=None, now=after_due(15))
    now = after_due(15)
    with clock.standing_at(now):
        run = running.preview(by=OFFICE, now=now)
        running.confirm(by=OFFICE, run_id=run.id, now=now)
    with clock.standing_at(now + timedelta(minutes=5)), at_most(95):
        sending.send_next(run_id=run.id, by=OFFICE, now=clock.now())
    assert issuing.last_entry()
