"""What a family is told of notices that were made for it: for whom, and by when."""

from datetime import date

from campanella.domains.billing import queries
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.usecases import notices
from tests.billing import bill, eat, october
from tests.paying import made_ready, prepare, wish
from tests.towns import Cast
from tests.usecases.billing.conftest import post_paid
from tests.usecases.billing.test_paying import invoice_of, position_of


def letter(cast: Cast) -> str:
    payer = cast.families["rossi"].guardian
    return " ".join(Message.objects.get(guardian=payer, template="notices_made").text.split())


def test_the_notice_of_an_invoice_names_its_children_and_the_day_it_is_due(valle: Cast) -> None:
    """It is taken for half a year more, but whoever waits so long is in arrears."""
    post_paid(valle)
    eat(valle, october(1, 2))
    bill(valle)
    position = position_of(invoice_of(valle))

    notices.tell(request_ids=[position.pk])

    assert queries.invoice(invoice_id=invoice_of(valle).id).due_on == date(2026, 12, 5)
    assert position.due_on > date(2027, 1, 1)
    assert "15,40 € per Anna e Luca, Refezione, entro sabato 5 dicembre" in letter(valle)


def test_the_notice_of_an_invoice_is_told_to_nobody_else(valle: Cast) -> None:
    post_paid(valle)
    eat(valle, october(1, 2))
    bill(valle)
    position, maria = position_of(invoice_of(valle)), valle.families["rossi"].guardian
    aunt = people.register_guardian(given_name="Zia", family_name="Nuova", tax_code="", email="zia@posta.example", phone="")
    for name in ("Anna", "Luca"):
        people.tie(child=valle.child(name), guardian=aunt, is_payer=False)
        people.make_payer(child_id=valle.child(name).pk, guardian_id=aunt.pk)
        people.untie(child_id=valle.child(name).pk, guardian_id=maria.pk)

    notices.tell(request_ids=[position.pk])

    assert not Message.objects.filter(template="notices_made").exists()


def test_the_notice_of_a_top_up_names_its_child_and_its_last_day(valle: Cast) -> None:
    (made,) = prepare(valle, made_ready(valle.families["rossi"]), wish(valle))
    notices.tell(request_ids=[made.pk])
    assert "20,00 € per Anna, Refezione, entro venerdì 13 novembre" in letter(valle)
