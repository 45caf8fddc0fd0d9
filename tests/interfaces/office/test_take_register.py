"""A class register from a file: told first, unknown children by name and line, written as marks, priced again."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance.models import DayEvent, DayRule, Presence, RollCall
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import verify
from campanella.domains.people.models import Child
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.readings import proofs
from campanella.readings.explained import explained
from campanella.readings.office import tablet_marks
from campanella.usecases import class_register, mealtime
from campanella.usecases.importing import absences
from tests import auditor
from tests.browsing import Browser, browser
from tests.towns import OFFICE, TODAY, Cast, text_of

PLACE = "/ufficio/presenze/importa/"
TUESDAY = date(2026, 10, 13)
ABC = ("Anna", "Luca", "Amina")
LIST = """Registro di ottobre
Cognome;Nome;Classe;Giorno;Stato
Rossi;Anna;2B;13/10/2026;assente
ROSSI;LUCA;2 b;13/10/2026;P
Bianchi;Ugo;2B;13/10/2026;A
Haddad;Amina;2B;14/10/2026;forse
Haddad;Amina;2B;32/10/2026;A
"""


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def goes_by(valle: Cast, mode: str) -> None:
    DayRule.objects.create(
        service=valle.services["mensa"], school=valle.school, days=DateRange(date(2026, 9, 1), None), mode=mode
    )


def confirm(valle: Cast, day: date) -> None:
    """Let the office confirm it, who was not in class."""
    group = [valle.classes["2B"].pk]
    mealtime.confirm_day(
        by=OFFICE, service=valle.services["mensa"], day=day, class_group_ids=group, absent_ids=[], now=clock.now()
    )


def confirm_in_class(valle: Cast, day: date) -> None:
    call = valle.roll_call(day=day)
    mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=0, now=clock.now())


def tell(office: Browser, valle: Cast, content: bytes | str, name: str = "registro.csv") -> tuple[str, str]:
    """Send a file, and return the words of what it says and the signed answer of the page."""
    data = content.encode() if isinstance(content, str) else content
    sent = {"service": str(valle.services["mensa"].pk), "file": SimpleUploadedFile(name, data)}
    answer = office.post(PLACE, sent)
    signed = re.search(r'name="signed" value="([^"]+)"', answer.content.decode())
    return text_of(answer), signed[1] if signed else ""


def write(office: Browser, signed: str) -> str:
    return text_of(office.post(PLACE, {"act": "confirm", "signed": signed}, follow=True))


def balances(valle: Cast) -> list[int]:
    return [valle.balance(name) for name in ABC]


def sound(valle: Cast) -> None:
    assert verify.violations() + proofs.violations() == []
    assert auditor.differences(valle.town) == []


def test_a_file_is_told_before_it_is_written_and_what_is_unknown_by_name_and_line(valle: Cast, office: Browser) -> None:
    words, _ = tell(office, valle, LIST)
    assert "1 assenza e 1 presenza di 2 bambini, 1 giorno (dal 13 ottobre 2026 al 13 ottobre 2026)" in words
    assert "Riga 5, Bianchi Ugo 2B: quel giorno in 2B non c’è nessuno con questo nome." in words
    assert "Riga 6, Haddad Amina 2B: lo stato non è né assente né presente." in words
    assert "Riga 7, Haddad Amina 2B:" in words
    assert DayEvent.objects.count() == 0


def test_each_line_says_what_will_happen_and_it_does(valle: Cast, office: Browser, at: Any) -> None:
    """The page said how many lines there were, and nobody knew whose meal it would give back."""
    confirm(valle, TUESDAY)
    told, signed = tell(office, valle, LIST)
    assert "3 Rossi Anna 2B assente, 13 ottobre 2026 non si paga; se era addebitato, torna" in told
    assert "4 ROSSI LUCA 2 b presente, 13 ottobre 2026 presente: si paga" in told
    write(office, signed)
    assert balances(valle) == [0, -310, -460]
    again, _ = tell(office, valle, LIST)
    assert again.count("già importato: non cambia niente") == 2

    goes_by(valle, "register")
    absent = "Cognome;Nome;Classe;Giorno\nRossi;Luca;2B;14/10/2026\n"
    assert (
        "Rossi Luca 2B assente, 14 ottobre 2026 si chiede alla famiglia se disdire il pasto"
        in tell(office, valle, absent)[0]
    )
    at("11:00")
    assert "Rossi Luca 2B assente, 14 ottobre 2026 non si paga" in tell(office, valle, absent)[0]
    DayRule.objects.update(mode="opt_out")
    assert "vale quando la classe viene confermata" in tell(office, valle, absent)[0]
    confirm(valle, TODAY)
    assert "resta da pagare: la famiglia non l’ha disdetto" in tell(office, valle, absent)[0]
    sunday = absent.replace("14/10", "11/10")
    assert "lasciato fuori: quel giorno il servizio non c’è" in tell(office, valle, sunday)[0]
    Subscription.objects.filter(child=valle.child("Luca"), service=valle.services["mensa"]).delete()
    assert "non iscritto a questo servizio: non cambia niente" in tell(office, valle, absent)[0]


def test_of_two_with_one_name_the_office_says_which(valle: Cast, office: Browser) -> None:
    """The file has neither class nor school: it is asked, line by line, and what nobody chooses is left out."""
    luca = valle.child("Luca")
    Child.objects.filter(pk=luca.pk).update(given_name="Anna")
    schools.place_many(class_by_child={luca.pk: valle.classes["3A"].pk}, first=date(2026, 9, 2), end=None)
    for day in (TUESDAY, TODAY):
        confirm(valle, day)
    file = "Cognome;Nome;Giorno\nRossi;Anna;13/10/2026\nHaddad;Amina;13/10/2026\nRossi;Anna;14/10/2026\n"
    told, signed = tell(office, valle, file)
    assert "Più bambini hanno questo nome: scegli tu quale" in told
    assert told.count("Rossi Anna, 2B, Primaria Rodari Rossi Anna, 3A, Primaria Rodari") == 2
    assert "Riga 2, Rossi Anna, 13 ottobre 2026: assente" in told
    sent = {"act": "confirm", "signed": signed, "chi-2": f"{luca.pk}", "chi-4": ""}
    assert "Importati 2 segni" in text_of(office.post(PLACE, sent, follow=True))
    said = DayEvent.objects.filter(channel="register").values_list("child_id", "day")
    assert sorted(said) == sorted([(luca.pk, TUESDAY), (valle.child("Amina").pk, TUESDAY)])
    office.post(PLACE, {**sent, "chi-2": f"{valle.child('Amina').pk}", "chi-4": "x"}, follow=True)
    assert DayEvent.objects.filter(channel="register").count() == 2
    with_class = "Cognome;Nome;Classe;Scuola;Giorno\nRossi;Anna;2B;Scuola primaria Rodari;13/10/2026\n"
    told, _ = tell(office, valle, with_class)
    assert "scegli tu quale" not in told
    assert "1 assenza" in told


def test_who_is_chosen_against_another_line_is_not_taken(valle: Cast, office: Browser) -> None:
    luca = valle.child("Luca")
    Child.objects.filter(pk=luca.pk).update(given_name="Anna")
    schools.place_many(class_by_child={luca.pk: valle.classes["3A"].pk}, first=date(2026, 9, 2), end=None)
    file = "Cognome;Nome;Classe;Giorno;Stato\nRossi;Anna;3A;13/10/2026;presente\nRossi;Anna;;13/10/2026;assente\n"
    _, signed = tell(office, valle, file)
    sent = {"act": "confirm", "signed": signed, "chi-3": f"{luca.pk}"}
    assert "Riga 3: di questo bambino un’altra riga dice altro" in text_of(office.post(PLACE, sent, follow=True))
    assert not DayEvent.objects.filter(channel="register").exists()


def test_a_confirmed_day_is_folded_and_priced_again_once(valle: Cast, office: Browser) -> None:
    confirm(valle, TUESDAY)
    assert balances(valle) == [-460, -310, -460]
    _, signed = tell(office, valle, LIST)
    assert "Importati 2 segni. 1 addebito è cambiato." in write(office, signed)
    assert balances(valle) == [0, -310, -460]
    assert "Niente di nuovo" in write(office, signed)
    assert DayEvent.objects.filter(channel="register").count() == 2
    sound(valle)


def test_a_class_that_its_teacher_has_confirmed_is_not_overruled(valle: Cast, office: Browser, at: Any) -> None:
    """The whole class was confirmed, nobody touched one by one: who was there said that Anna was there."""
    confirm_in_class(valle, TUESDAY)
    words, signed = tell(office, valle, LIST)
    assert "In classe è stato detto altro" in words
    assert "Anna Rossi, 13 ottobre 2026: il registro lo dice assente" in words
    assert "Luca Rossi, 13 ottobre 2026" not in words
    assert DayEvent.objects.filter(channel="register").count() == 0
    said = write(office, signed)
    assert "Importati 2 segni. 1 segno non cambia il giorno: chi era in classe ha detto altro, e vale quello." in said
    assert "addebito è cambiato" not in said
    assert balances(valle) == [-460, -310, -460]
    # Both are before the office, which decides.
    (one,) = tablet_marks.to_look_at(now=clock.now())
    assert sorted((side.place, side.said) for side in one.sides) == [
        ("pagina della scuola", "conferma dell’appello"),
        ("registro di classe", "assente"),
    ]
    page = office.read("/ufficio/tablet/segni/")
    assert "conferma dell’appello, Persona scuola" in page
    assert "Vale: presente, di Persona scuola" in page
    (why,) = explained(lines=[(valle.child("Anna").pk, valle.services["mensa"].pk)], day=TUESDAY, now=clock.now())
    assert "Il registro di classe delle 8:47:00 (assente) non ha cambiato l’appello." in why.because
    sound(valle)
    # The same file once more adds nothing, and a correction ends it.
    assert "Niente di nuovo" in write(office, signed)
    anna, meal = valle.child("Anna").pk, valle.services["mensa"]
    about: dict[str, Any] = {"child_id": anna, "service": meal, "day": TUESDAY, "reason": "lo dice il registro"}
    mealtime.correct(by=valle.staff["office"], **about, is_present=False, now=clock.now())
    assert balances(valle) == [0, -310, -460]
    sound(valle)


@pytest.mark.parametrize("mode", ["opt_out", "register"])
def test_whoever_was_in_class_holds_by_every_rule(valle: Cast, office: Browser, mode: str) -> None:
    goes_by(valle, mode)
    confirm_in_class(valle, TUESDAY)
    _, signed = tell(office, valle, LIST)
    write(office, signed)
    assert Presence.objects.get(child=valle.child("Anna")).is_present
    assert balances(valle) == [-460, -310, -460]
    sound(valle)


def test_where_the_school_goes_by_the_register_its_classes_are_confirmed(valle: Cast, office: Browser, at: Any) -> None:
    goes_by(valle, "register")
    _, signed = tell(office, valle, LIST)
    words = write(office, signed)
    assert "risultano 2 presenti" in words
    assert balances(valle) == [0, -310, -460]
    assert RollCall.objects.get(day=TUESDAY).confirmed_at
    sound(valle)
    # A later file corrects an earlier one.
    at("2026-10-14 11:00")
    _, signed = tell(office, valle, "Cognome;Nome;Classe;Giorno\nRossi;Luca;2B;13/10/2026\n")
    write(office, signed)
    assert balances(valle) == [0, 0, -460]
    sound(valle)


def test_where_families_cancel_an_absence_that_nobody_cancelled_stays_charged(valle: Cast, office: Browser) -> None:
    goes_by(valle, "opt_out")
    confirm(valle, TUESDAY)
    _, signed = tell(office, valle, LIST)
    write(office, signed)
    assert balances(valle) == [-460, -310, -460]
    anna = Presence.objects.get(child=valle.child("Anna"))
    assert (anna.is_present, anna.is_due) == (False, True)
    sound(valle)


def test_where_the_roll_call_decides_the_marks_wait_for_it(valle: Cast, office: Browser) -> None:
    _, signed = tell(office, valle, LIST)
    assert "Importati 2 segni." in write(office, signed)
    assert balances(valle) == [0, 0, 0]
    confirm(valle, TUESDAY)
    assert balances(valle) == [0, -310, -460]
    sound(valle)


def test_a_workbook_with_tax_codes(valle: Cast, office: Browser) -> None:
    anna = valle.child("Anna")
    anna.tax_code = "RSSNNA19D52A271F"
    anna.save()
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    page.write_row(0, 0, ["Codice fiscale", "Data assenza"])
    page.write_string(1, 0, "rssnna19d52a271f")
    page.write_datetime(1, 1, TODAY, book.add_format({"num_format": "dd/mm/yyyy"}))
    book.close()
    confirm(valle, TODAY)
    words, signed = tell(office, valle, out.getvalue(), "registro.xlsx")
    assert "1 assenza e 0 presenze di 1 bambino" in words
    write(office, signed)
    assert balances(valle) == [0, -310, -460]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a;b\n1;2\n", "Mancano le colonne"),
        ("Giorno;Codice fiscale\n", "le intestazioni e nessuna riga"),
        ("%PDF-1.7", "Il file è un PDF"),
    ],
)
def test_what_is_no_register_says_what_is_wanted(valle: Cast, office: Browser, content: str, words: str) -> None:
    assert words in tell(office, valle, content)[0]


def test_what_nobody_signed_is_not_written(borgo: Cast, valle: Cast, office: Browser) -> None:
    assert "scegli di nuovo il file" in write(office, "inventato")
    _, signed = tell(office, valle, LIST)
    stranger = browser(borgo.town, borgo.staff["office"])
    assert stranger.post(PLACE, {"act": "confirm", "signed": signed}).status_code == 404
    assert browser(valle.town, valle.staff["school"]).get(PLACE).status_code == 403


def test_days_without_service_are_left_out(valle: Cast) -> None:
    saturday = absences.Said(valle.child("Anna").pk, date(2026, 10, 10), is_present=False)
    taken = class_register.take(by=valle.staff["office"], service=valle.services["mensa"], said=[saturday], now=clock.now())
    assert (taken.marks, taken.unserved) == (0, 1)
    assert issubclass(absences.Unreadable, Refusal)


def test_two_lines_that_contradict_each_other_are_both_named_and_neither_is_taken(valle: Cast, office: Browser) -> None:
    lines = [
        "Cognome;Nome;Classe;Giorno;Stato",
        "Rossi;Anna;2B;13/10/2026;assente",
        "Rossi;Luca;2B;13/10/2026;assente",
        "Rossi;Luca;2B;13/10/2026;A",
        "Rossi;Anna;2B;13/10/2026;presente",
        "Rossi;Anna;2B;12/10/2026;assente",
    ]
    found = absences.read(
        path=_written("\n".join(lines)), pupils_on=class_register.pupils_on, first=date(2026, 9, 1), last=TODAY
    )
    assert [(one.line, one.sentence) for one in found.wrong] == [
        (2, "Rossi Anna 2B: per il 13/10/2026 la riga 2 dice assente e la riga 5 dice presente: togli quella sbagliata.")
    ]
    assert {(one.child_id, one.day, one.is_present) for one in found.said} == {
        (valle.child("Luca").pk, TUESDAY, False),
        (valle.child("Anna").pk, date(2026, 10, 12), False),
    }


def _written(text: str) -> Path:
    path = Path(mkdtemp()) / "registro.csv"
    path.write_text(text)
    return path
