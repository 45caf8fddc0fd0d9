"""What is done for a list at once: shown first, done once, taken back while it can be."""

import re
from io import BytesIO

import pikepdf
import pytest

from campanella.domains.accounts.models import User
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people import operations as people
from campanella.domains.people.models import Guardian
from campanella.domains.people.operations import HasAnAccess
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.access import handed
from campanella.usecases.top_up import NoAccount
from tests.browsing import Browser, browser
from tests.foundation.documents.reading import text_of as words_of
from tests.towns import OFFICE, Cast, choosing, run_jobs, text_of

MESSAGE = "/ufficio/elenchi/messaggio/"
NOTICES = "/ufficio/elenchi/avvisi/"


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def hidden(page: str) -> dict[str, str]:
    """Return what the page sends without being asked."""
    found = re.findall(r'<input type="hidden" name="(batch|shown|confirmed)" value="([^"]+)"', page)
    assert {"batch", "shown"} <= {name for name, _ in found}
    return dict(found)


def opened(office: Browser, address: str) -> dict[str, str]:
    return hidden(office.get(address).content.decode())


def written(cast: Cast) -> list[Message]:
    with scope(cast.town.id):
        return list(Message.objects.filter(template="from_office").order_by("id"))


def test_a_message_reaches_each_adult_once_and_says_whom_it_does_not_reach(valle: Cast, office: Browser) -> None:
    with scope(valle.town.id):
        Guardian.objects.filter(guardianships__child=valle.child("Amina")).update(email="")
    page = office.read(MESSAGE)
    assert "3 bambini: l’e-mail parte per 1 adulto" in page
    assert "Senza e-mail in famiglia: Haddad Amina" in page

    sent = agreed(office, MESSAGE, subject="Sciopero", text="Domani la mensa è chiusa.")
    answers = [office.post(MESSAGE, sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    (message,) = written(valle)
    assert message.guardian_id == valle.families["rossi"].guardian.pk
    assert "Domani la mensa è chiusa." in message.text


def test_only_those_ticked_are_written_to(valle: Cast, office: Browser) -> None:
    address = f"{MESSAGE}?bambino={valle.child('Amina').pk}&bambino=abc"
    office.post(address, agreed(office, address, subject="Ciao", text="Testo"))
    assert [message.guardian_id for message in written(valle)] == [valle.families["haddad"].guardian.pk]


def test_a_list_that_changed_meanwhile_asks_again_and_writes_to_nobody(valle: Cast, office: Browser) -> None:
    valle.credit("Anna", -500)
    valle.credit("Amina", -500)
    address = f"{MESSAGE}?credito=sotto-zero"
    sent = agreed(office, address, subject="Credito", text="Testo")
    valle.credit("Amina", 1000)

    answer = office.post(address, sent)

    assert "L’elenco è cambiato mentre scrivevi" in text_of(answer)
    assert written(valle) == []
    again = {**sent, **hidden(answer.content.decode())}
    assert office.post(address, again).status_code == 302
    assert len(written(valle)) == 1


def test_what_has_not_left_can_be_stopped_and_what_has_left_is_told(valle: Cast, office: Browser) -> None:
    answer = office.post(MESSAGE, agreed(office, MESSAGE, subject="Prova", text="Testo"))
    done = answer.headers["Location"]
    page = office.read(done)
    assert "In partenza 2" in page
    assert "Partono alle 8:52" in page
    family = browser(valle.town, valle.families["rossi"].user)
    assert "Prova" not in family.read("/anagrafica/e-mail/"), "what may be taken back is not read before it leaves"

    said = office.post(done, {"stop": "messages"}, follow=True)

    assert "Fermate: 2 e-mail non partono più." in text_of(said)
    run_jobs()
    assert [message.sent_at for message in written(valle)] == [None, None]


def test_an_empty_message_is_sent_back_with_what_was_written(valle: Cast, office: Browser) -> None:
    answer = office.post(MESSAGE, {**opened(office, MESSAGE), "subject": "Prova", "text": ""})
    assert "Scrivi il messaggio." in text_of(answer)
    assert 'value="Prova"' in answer.content.decode()
    assert written(valle) == []


def agreed(office: Browser, address: str, **wish: str) -> dict[str, str]:
    """Return what a page sends once it has told what it would do."""
    sent = {**opened(office, address), **wish}
    return {**sent, **hidden(office.post(address, sent).content.decode())}


def test_a_notice_for_each_child_is_made_once_and_deleted_while_nobody_paid(valle: Cast, office: Browser) -> None:
    wish = {"service": str(valle.services["scuolabus"].pk), "how": "uguale", "amount": "20,00"}
    asked = office.post(NOTICES, {**opened(office, NOTICES), **wish})
    assert "1 avviso da 20,00 €: 20,00 € in tutto." in text_of(asked)
    assert "Senza un borsellino per questo servizio, quindi senza avviso: Haddad Amina, Rossi Luca" in text_of(asked)
    with scope(valle.town.id):
        assert not PaymentRequest.objects.exists()

    sent = agreed(office, NOTICES, **wish)
    answers = [office.post(NOTICES, sent) for _ in range(2)]

    with scope(valle.town.id):
        (made,) = PaymentRequest.objects.all()
        assert (made.child_id, made.amount_cents, made.is_notice) == (valle.child("Anna").pk, 2000, True)
    done = answers[0].headers["Location"]
    assert "Ancora da pagare 1" in office.read(done)
    assert office.post(done, {}).status_code == 400
    assert "Avvisi eliminati: 1." in text_of(office.post(done, {"stop": "notices"}, follow=True))
    with scope(valle.town.id):
        assert PaymentRequest.objects.get().state == "cancelled"


def test_a_message_is_shown_as_it_will_be_read_before_it_goes_to_anybody(valle: Cast, office: Browser) -> None:
    shown = office.post(MESSAGE, {**opened(office, MESSAGE), "subject": "Sciopero", "text": "Domani no."})
    words = text_of(shown)
    assert "Così la leggono Oggetto: Sciopero · Comune di Valle Ciao, Domani no." in words
    assert "Sì, manda a 2 adulti" in words
    assert written(valle) == []


def owing(valle: Cast) -> dict[str, str]:
    valle.credit("Anna", -1234)
    valle.credit("Luca", -2000)
    return owing_of(valle)


def test_each_is_asked_for_what_it_owes_and_told_first(valle: Cast, office: Browser) -> None:
    wish = owing(valle)
    told = text_of(office.post(NOTICES, {**opened(office, NOTICES), **wish}))
    assert "2 avvisi: 32,34 € in tutto." in told
    assert "Quanto a ciascuno Rossi Anna 12,34 € Rossi Luca 20,00 €" in told
    assert "Non devono nulla: Haddad Amina" in told

    done = office.post(NOTICES, agreed(office, NOTICES, **wish)).headers["Location"]

    with scope(valle.town.id):
        made = PaymentRequest.objects.order_by("child__given_name").values_list("child__given_name", "amount_cents")
        assert list(made) == [("Anna", 1234), ("Luca", 2000)]
    assert "ha fatto 2 avvisi, a ciascuno quanto deve: 32,34 € in tutto" in office.read("/ufficio/elenchi/")
    again = text_of(office.post(NOTICES, {**opened(office, NOTICES), **wish}))
    assert "Qui nessuno deve niente per questo servizio, o ha già un avviso da pagare." in again
    office.post(done, {"stop": "notices"})
    run_jobs()
    with scope(valle.town.id):
        assert not Message.objects.filter(template="notices_made").exists(), "deleted before the letter left"


def test_what_is_owed_changes_meanwhile_and_is_told_again(valle: Cast, office: Browser) -> None:
    sent = agreed(office, NOTICES, **owing(valle))
    valle.credit("Anna", -460)
    assert "2 avvisi: 36,94 € in tutto." in text_of(office.post(NOTICES, sent))
    with scope(valle.town.id):
        assert not PaymentRequest.objects.exists()


def test_who_owes_less_than_a_notice_may_ask_is_named(valle: Cast, office: Browser) -> None:
    valle.credit("Anna", -1)
    valle.credit("Luca", -2000)
    told = text_of(office.post(NOTICES, {**opened(office, NOTICES), **owing_of(valle)}))
    assert "1 avviso: 20,00 € in tutto." in told
    assert "Devono meno o più di quanto un avviso può chiedere: Rossi Anna" in told


def owing_of(valle: Cast) -> dict[str, str]:
    return {"service": str(valle.services["mensa"].pk), "how": "dovuto", "amount": ""}


def test_another_amount_after_the_sum_was_told_is_told_again(valle: Cast, office: Browser) -> None:
    sent = agreed(office, NOTICES, service=str(valle.services["mensa"].pk), how="uguale", amount="12,00")
    assert "3 avvisi da 90,00 €: 270,00 € in tutto." in text_of(office.post(NOTICES, {**sent, "amount": "90,00"}))
    with scope(valle.town.id):
        assert not PaymentRequest.objects.exists()


def test_corrected_words_under_the_same_form_are_sent_as_well(valle: Cast, office: Browser) -> None:
    first = agreed(office, MESSAGE, subject="Prova", text="Testo sbagliato")
    again = {**first, "text": "Testo giusto"}
    shown = office.post(MESSAGE, again)
    assert "Così la leggono Oggetto: Prova · Comune di Valle Ciao, Testo giusto" in text_of(shown)
    second = {**again, **hidden(shown.content.decode())}
    pages = [office.post(MESSAGE, sent).headers["Location"] for sent in (first, second)]
    assert pages[0] != pages[1]
    assert sorted({message.text.split("\n")[2] for message in written(valle)}) == ["Testo giusto", "Testo sbagliato"]
    listed = office.read("/ufficio/elenchi/")
    assert listed.count("ha scritto a 2 persone: «Prova»") == 2


def test_as_many_but_other_children_are_asked_about_again(valle: Cast, office: Browser) -> None:
    address = f"{MESSAGE}?bambino={valle.child('Amina').pk}"
    sent = agreed(office, address, subject="Ciao", text="Testo")
    other = f"{MESSAGE}?bambino={valle.child('Anna').pk}"
    assert "L’elenco è cambiato mentre scrivevi" in text_of(office.post(other, sent))
    assert written(valle) == []


def test_a_tick_that_cannot_be_read_is_nobody(valle: Cast, office: Browser) -> None:
    assert office.get(f"{MESSAGE}?bambino=abc").status_code == 404


@pytest.mark.parametrize(("amount", "words"), [("0", "minimo"), ("-1", ""), ("1e9", ""), ("99999", "massimo")])
def test_an_amount_out_of_range_makes_no_notice(valle: Cast, office: Browser, amount: str, words: str) -> None:
    sent = {**opened(office, NOTICES), "service": str(valle.services["mensa"].pk), "how": "uguale", "amount": amount}
    answer = office.post(NOTICES, sent)
    assert answer.status_code == 200
    assert words in text_of(answer)
    with scope(valle.town.id):
        assert not PaymentRequest.objects.exists()


def test_a_list_of_nobody_and_a_batch_of_nobody_are_not_there(valle: Cast, office: Browser) -> None:
    assert office.get(f"{MESSAGE}?dieta=XX").status_code == 404
    assert office.get("/ufficio/elenchi/fatto/nessuno/").status_code == 404


def test_another_towns_batch_is_not_there(borgo: Cast, valle: Cast, office: Browser) -> None:
    done = office.post(MESSAGE, agreed(office, MESSAGE, subject="Prova", text="Testo")).headers["Location"]
    other = browser(borgo.town, borgo.staff["office"])
    assert other.get(done).status_code == 404


def test_a_town_without_an_account_is_told_so(valle: Cast, office: Browser) -> None:
    choosing(valle.town, iban="")
    sent = {**opened(office, NOTICES), "service": str(valle.services["mensa"].pk), "how": "uguale", "amount": "20,00"}
    sent = {**sent, **hidden(office.post(NOTICES, sent).content.decode())}
    assert NoAccount.message in text_of(office.post(NOTICES, sent))


LETTERS = "/ufficio/elenchi/lettere/"


def taken_away(cast: Cast, *names: str) -> None:
    with scope(cast.town.id):
        for name in names:
            Guardian.objects.filter(guardianships__child=cast.child(name)).update(user=None)


def test_letters_go_to_who_has_no_access_each_on_a_sheet_of_its_own(valle: Cast, office: Browser) -> None:
    taken_away(valle, "Anna", "Amina")
    choosing(valle.town, office_phone="0721 387 111")
    assert "2 lettere in un solo PDF" in office.read(LETTERS)

    answer = office.post(LETTERS, opened(office, LETTERS))

    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 2
    words = words_of(answer.content)
    assert "Nadir Haddad" in words
    assert "Maria Addolorata Rossi" in words
    assert "Ci trovi: Anna Rossi, 2B · Primaria Rodari; Luca Rossi, 2B · Primaria Rodari" in words
    assert "Chiama l'ufficio: 0721 387 111" in words
    assert "In questo elenco nessuno aspetta una lettera" in office.read(LETTERS)


def test_who_has_an_access_gets_no_letter_and_keeps_the_password(valle: Cast, office: Browser) -> None:
    before = valle.families["rossi"].user.password
    taken_away(valle, "Amina")
    office.post(LETTERS, opened(office, LETTERS))
    with scope(valle.town.id):
        assert type(valle.families["rossi"].user).objects.get(pk=valle.families["rossi"].user.pk).password == before


def test_where_each_child_has_its_own_access_each_child_has_its_own_letter(valle: Cast, office: Browser) -> None:
    choosing(valle.town, account_per_child=True)
    taken_away(valle, "Anna")
    answer = office.post(LETTERS, opened(office, LETTERS))
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 2  # Anna and Luca, of the same mother
    assert "Ci trovi: Luca Rossi, 2B · Primaria Rodari" in words_of(answer.content)


def test_letters_for_nobody_are_refused_in_words(valle: Cast, office: Browser) -> None:
    answer = office.post(LETTERS, opened(office, LETTERS))
    assert "Qui nessuno aspetta una lettera" in text_of(answer)


def test_letters_pressed_twice_are_printed_once_and_the_first_hold(valle: Cast, office: Browser) -> None:
    taken_away(valle, "Amina")
    sent = opened(office, LETTERS)
    first = office.post(LETTERS, sent)
    assert first.headers["Content-Type"] == "application/pdf"
    with scope(valle.town.id):
        users = User.objects.count()
    again = office.post(LETTERS, sent)
    assert "valgono quelle del primo PDF" in text_of(again)
    with scope(valle.town.id):
        assert User.objects.count() == users


def test_an_access_given_meanwhile_is_not_written_over(valle: Cast) -> None:
    with scope(valle.town.id):
        rossi, haddad = valle.families["rossi"], valle.families["haddad"]
        with pytest.raises(HasAnAccess):
            people.give_access(guardian=rossi.guardian, user=haddad.user)


def test_one_closed_access_stops_no_letter_and_is_named(valle: Cast, office: Browser) -> None:
    choosing(valle.town, account_per_child=True)
    taken_away(valle, "Anna", "Amina")
    with scope(valle.town.id):
        handed.print_letter(by=OFFICE, child_id=valle.child("Anna").pk, now=clock.now())
        handed.close_of(
            by=OFFICE,
            child_id=valle.child("Anna").pk,
            guardian_id=valle.families["rossi"].guardian.pk,
            now=clock.now(),
        )
    page = office.read(LETTERS)
    assert "2 lettere in un solo PDF" in page
    assert "Un elenco non li riapre: per Rossi Anna" in page
    assert office.post(LETTERS, opened(office, LETTERS)).headers["Content-Type"] == "application/pdf"
