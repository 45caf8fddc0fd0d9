"""One letter an invoice, with its papers, once; nobody who pays after the month is told that the credit is low."""

from django.core import mail

from campanella.domains.billing import queries
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.usecases import registry
from campanella.usecases.billing import staging, telling
from tests.billing import bill, eat, october
from tests.browsing import browser
from tests.paying import receive
from tests.towns import OFFICE, Cast, run_jobs
from tests.usecases.billing.test_paying import invoice_of, position_of


def letters(template: str) -> list[Message]:
    return list(Message.objects.filter(template=template).order_by("id"))


def test_an_invoice_is_brought_once_with_its_papers_and_says_what_is_to_pay(billed: Cast) -> None:
    eat(billed, october(1, 2))
    bill(billed)
    run_jobs()
    telling.tell_issued(invoice_ids=[one.id for one in queries.invoices_between(period=None)])
    run_jobs()

    first, _ = letters("invoice_issued")
    assert first.sent_at
    assert not [word for word in ("Anna", "15,40") if word in first.subject]
    assert [word in first.text for word in ("15,40", "Anna e Luca", "5 dicembre 2026")] == [True] * 3
    sent = next(one for one in mail.outbox if one.to == ["rossi@posta.example"])
    assert [name for name, *_ in sent.attachments] == ["fattura-FT-2026-1.pdf", "avviso-FT-2026-1.pdf"]
    assert all(bytes(content).startswith(b"%PDF") for _, content, _ in sent.attachments)
    assert len(letters("invoice_issued")) == 2
    assert "Saldo di oggi, come nell’estratto conto:\n- Refezione di Anna: −9,20 €" in first.text.replace("\xa0", " ")


def test_below_zero_every_day_is_no_low_credit(billed: Cast) -> None:
    eat(billed, october(1, 2, 5))
    run_jobs()
    assert letters("low_credit") == []


def test_a_payment_is_thanked_for_as_an_invoice_s(billed: Cast) -> None:
    eat(billed, october(1))
    bill(billed)
    receive(position_of(invoice_of(billed)))
    run_jobs()

    (paid,) = letters("invoice_paid")
    assert "La fattura è pagata" in paid.text
    assert letters("top_up_booked") == []


def test_who_was_recalled_is_told_why_and_not_to_pay(billed: Cast) -> None:
    eat(billed, october(1))
    run = bill(billed)
    run_jobs()
    staging.recall(by=OFFICE, run_id=run.id, reason="tariffa sbagliata", now=clock.now())
    run_jobs()

    told = letters("invoice_recalled")
    assert len(told) == 2
    assert [word in told[0].text for word in ("tariffa sbagliata", "NC/2026/")] == [True, True]


def test_an_invoice_called_back_before_its_letter_is_brought_to_nobody(billed: Cast) -> None:
    eat(billed, october(1))
    run = bill(billed)
    staging.recall(by=OFFICE, run_id=run.id, reason="tariffa sbagliata", now=clock.now())

    telling.tell_issued(invoice_ids=[one.id for one in queries.invoices_between(period=None)])

    assert letters("invoice_issued") == []


def _taken_away(cast: Cast, *children: str) -> Guardian:
    """Let the aunt pay for these children of Rossi, and take Maria Rossi away from them."""
    aunt = people.register_guardian(given_name="Zia", family_name="Nuova", tax_code="", email="zia@posta.example", phone="")
    maria = cast.families["rossi"].guardian
    for name in children:
        child_id = cast.child(name).pk
        registry.tie(by=OFFICE, child_id=child_id, guardian_id=aunt.pk, kind="parent", is_payer=True, now=clock.now())
        registry.untie(by=OFFICE, child_id=child_id, guardian_id=maria.pk, why="decreto", now=clock.now())
    return maria


def test_who_was_taken_away_from_the_children_reads_no_invoice_of_them(billed: Cast) -> None:
    """Neither one that was about to leave, nor that it is paid or called back; the other adult gets none in her name."""
    eat(billed, october(1))
    run = bill(billed)
    telling.tell_issued(invoice_ids=[invoice_of(billed).id])
    maria = _taken_away(billed, "Anna", "Luca")
    receive(position_of(invoice_of(billed)))
    staging.recall(by=OFFICE, run_id=run.id, reason="tariffa sbagliata", now=clock.now())
    run_jobs()

    assert not [one for one in mail.outbox if one.to in (["rossi@posta.example"], ["zia@posta.example"])]
    assert not Message.objects.filter(guardian=maria, template__startswith="invoice", called_off_at=None).exists()


def test_who_was_taken_away_from_one_child_reads_the_invoice_of_both(billed: Cast) -> None:
    eat(billed, october(1))
    bill(billed)
    maria = _taken_away(billed, "Anna")
    run_jobs()

    assert Message.objects.filter(guardian=maria, template="invoice_issued", called_off_at=None).count() == 1


def test_the_first_page_is_calm_below_zero_where_the_month_is_paid_after_it(billed: Cast) -> None:
    eat(billed, october(1, 2, 5))
    page = browser(billed.town, billed.families["rossi"].user).read("/")
    assert "si paga dopo il mese" in page
    assert "sotto zero" not in page
