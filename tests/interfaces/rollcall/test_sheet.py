"""The sheet of a class in a teacher's hands, with and without JavaScript."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.accounts.roles import Role
from campanella.domains.people.models import Child
from campanella.domains.schools import operations as schools
from campanella.foundation.core import audit, clock
from tests.browsing import Browser, at_most, browser
from tests.diets import serve
from tests.towns import OFFICE, TODAY, Cast, text_of
from tests.usecases.asking import ask, goes


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff[Role.SCHOOL])


def address(cast: Cast, class_name: str = "2B", service: str = "mensa") -> str:
    return f"/appello/{cast.classes[class_name].pk}/{service}/"


def tap(cast: Cast, one: Browser, name: str, eats: int = 0, day: str = "2026-10-14") -> Any:
    return one.post(address(cast) + "segno/", {"day": day, "child": cast.child(name).pk, "eats": eats, "tap": "a1"})


def page(cast: Cast, absent: tuple[str, ...] = (), before: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """Return the form of 2B as a page sends it; ``before`` names those who were absent when it was made."""
    everybody = {name: cast.child(name).pk for name in ("Anna", "Luca", "Amina")}
    return {
        "day": "2026-10-14", "shown": list(everybody.values()), "act": "confirm", "adults": "0", "adults_before": "0",
        "before": [pk for name, pk in everybody.items() if name not in before],
        "eats": [pk for name, pk in everybody.items() if name not in absent], **more,
    }  # fmt: skip


def test_the_list_tells_how_far_each_class_is(valle: Cast, teacher: Browser) -> None:
    # Who asks and its schools; the others count a day of which the process knows nothing yet.
    with at_most(9):
        words = teacher.read("/appello/")
    assert "2B da fare 3 bambini" in words
    assert "3A Nessun bambino iscritto" in words
    tap(valle, teacher, "Luca")
    assert "2B in corso 2 mangiano, 1 no" in teacher.read("/appello/")
    teacher.post(address(valle), page(valle, adults="2"))
    assert "2B confermato alle 8:47 2 mangiano, 1 no, 2 adulti" in teacher.read("/appello/")


def test_services_are_chosen_by_tabs(valle: Cast, teacher: Browser) -> None:
    words = teacher.read("/appello/?servizio=scuolabus")
    assert "Refezione Scuolabus" in words
    assert "2B da fare 1 bambino" in words
    assert "Conferma l’appello" in teacher.read(address(valle, service="scuolabus"))


def test_the_sheet_shows_everybody_as_there_and_what_to_serve(valle: Cast, teacher: Browser) -> None:
    serve(valle.child("Amina"), "D4", "Senza maiale", reason="religione")
    valle.credit("Anna", -99900)
    with at_most(8):
        words = teacher.read(address(valle))
    assert "2B · Primaria Rodari mercoledì 14 ottobre · Refezione" in words
    assert "Amina H. mangia" in words
    assert words.count("dieta D4") == 1
    assert "3 mangiano 0 no" in words
    assert "ancora 43 minuti" in words
    for unseen in ("€", "999", "religione", "Senza maiale", "saldo", "credito"):
        assert unseen not in words


def test_two_children_with_one_short_name_are_told_apart(valle: Cast, teacher: Browser) -> None:
    Child.objects.filter(pk=valle.child("Luca").pk).update(given_name="Anna", family_name="Rinaldi")
    words = teacher.read(address(valle))
    assert "Anna Rossi mangia" in words
    assert "Anna Rinaldi mangia" in words
    assert "Amina H. mangia" in words
    Child.objects.filter(pk=valle.child("Luca").pk).update(family_name="Rossi", birth_date=date(2019, 3, 7))
    words = teacher.read(address(valle))
    assert "Anna Rossi, 12/4 mangia" in words
    assert "Anna Rossi, 7/3 mangia" in words


def test_a_tap_costs_few_queries_the_first_one_too(valle: Cast, teacher: Browser) -> None:
    # The town's register, read again every three seconds, is one of them.
    with at_most(6):
        assert tap(valle, teacher, "Luca").status_code == 204
    with at_most(3):
        assert tap(valle, teacher, "Anna").status_code == 204
    assert "1 mangia 2 no" in teacher.read(address(valle))


def test_a_tap_sent_twice_is_one(valle: Cast, teacher: Browser) -> None:
    assert [tap(valle, teacher, "Luca").status_code for _ in range(2)] == [204, 204]
    assert "2 mangiano 1 no" in teacher.read(address(valle))


def test_a_tap_of_adults(valle: Cast, teacher: Browser) -> None:
    assert teacher.post(address(valle) + "segno/", {"day": "2026-10-14", "adults": 3}).status_code == 204
    assert 'name="adults" inputmode="numeric"' in teacher.get(address(valle)).content.decode()
    assert teacher.get(address(valle)).context["sheet"].adults == 3


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"day": "ieri"},
        {"day": "2026-10-14", "adults": "-1"},
        {"day": "2026-10-14", "adults": "100"},
        {"day": "2026-10-14", "child": "x"},
        {"day": "2026-10-14", "child": "0"},
        {"day": "2026-10-14", "child": "1", "eats": "sì"},
    ],
)
def test_a_tap_that_is_none_is_refused(valle: Cast, teacher: Browser, sent: dict[str, str]) -> None:
    assert teacher.post(address(valle) + "segno/", sent).status_code == 400


def test_a_tap_that_cannot_count_says_why(valle: Cast, teacher: Browser) -> None:
    assert "altro giorno" in tap(valle, teacher, "Luca", day="2026-10-13").content.decode()
    stranger = teacher.post(
        address(valle, "3A") + "segno/", {"day": "2026-10-14", "child": valle.child("Luca").pk, "eats": 0}
    )
    assert (stranger.status_code, "Chiama l’ufficio" in stranger.content.decode()) == (409, True)
    teacher.post(address(valle), page(valle))
    late = tap(valle, teacher, "Luca")
    assert (late.status_code, "già confermato" in late.content.decode()) == (409, True)


def test_a_whole_page_confirms_and_charges_once(valle: Cast, teacher: Browser) -> None:
    for _ in range(2):
        answer = teacher.post(address(valle), page(valle, absent=("Luca",), adults="2"))
        assert (answer.status_code, answer["Location"]) == (302, address(valle))
    # Seven of them count a day of which the process knows nothing yet, for the next class to do; one is the sheet's.
    with at_most(13):
        words = teacher.read(address(valle))
    assert "Appello confermato alle 8:47" in words
    assert "Lo ha confermato Persona scuola. La cucina ha ricevuto 2 pasti e 2 adulti." in words
    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, 0)
    assert "€" not in words


def test_a_page_changes_only_what_it_has_changed(valle: Cast, teacher: Browser) -> None:
    old_page = page(valle, absent=("Amina",))
    tap(valle, browser(valle.town, valle.staff[Role.OFFICE]), "Luca")
    teacher.post(address(valle), old_page)
    assert "1 pasto." in teacher.read(address(valle))
    assert valle.balance("Luca") == 0


def test_the_buttons_work_without_javascript(valle: Cast, teacher: Browser) -> None:
    teacher.post(address(valle), page(valle, absent=("Luca",), act="more"))
    sheet = teacher.get(address(valle)).context["sheet"]
    assert (sheet.present, sheet.adults) == (2, 1)
    teacher.post(address(valle), page(valle, absent=("Luca",), before=("Luca",), act="less", adults="1", adults_before="1"))
    teacher.post(address(valle), page(valle, absent=("Luca",), before=("Luca",), act="all"))
    sheet = teacher.get(address(valle)).context["sheet"]
    assert (sheet.present, sheet.adults, sheet.confirmed_at) == (3, 0, None)


def test_confirming_after_the_closing_time_is_allowed_and_says_so(valle: Cast, teacher: Browser, at: Any) -> None:
    at("09:41")
    assert "L’appello si chiudeva alle 9:30 Puoi confermare lo stesso" in teacher.read(address(valle))
    assert "Manca ancora una classe" in teacher.read("/appello/")
    teacher.post(address(valle), page(valle))
    assert "Appello confermato alle 9:41, dopo la chiusura delle 9:30" in teacher.read(address(valle))


def test_a_correction_asks_why_and_moves_only_the_difference(valle: Cast, teacher: Browser) -> None:
    teacher.post(address(valle), page(valle))
    place = f"{address(valle)}{valle.child('Luca').pk}/correggi/"
    words = teacher.read(place)
    assert "Ora risulta presente ." in words
    assert "Segna assente Segna in bianco Indietro" in words
    refused = text_of(teacher.post(place, {"day": "2026-10-14", "becomes": "assente", "reason": " "}))
    assert "Scegli o scrivi il motivo della correzione" in refused
    assert valle.balance("Luca") == -310
    for _ in range(2):
        sent = teacher.post(place, {"day": "2026-10-14", "becomes": "assente", "reason": "è a casa"})
        assert sent.status_code == 302
    assert valle.balance("Luca") == 0
    assert "2 mangiano 1 no" in teacher.read(address(valle))


def test_the_adults_are_corrected_with_a_reason_and_the_kitchen_has_the_number(valle: Cast, teacher: Browser) -> None:
    place = f"{address(valle)}adulti/"
    assert teacher.get(place).status_code == 302
    teacher.post(address(valle), page(valle, adults="1"))
    assert "Correggi il numero di adulti" in teacher.read(address(valle))
    assert "Ora risulta 1 adulto" in teacher.read(place)
    assert "Scegli o scrivi il motivo" in text_of(teacher.post(place, {"day": "2026-10-14", "adults": "3", "reason": " "}))
    assert "da 0 a 99" in text_of(teacher.post(place, {"day": "2026-10-14", "adults": "100", "reason": "gita"}))

    for _ in range(2):
        sent = {"day": "2026-10-14", "adults": "3", "reason": "due supplenti"}
        answer = teacher.post(place, sent, follow=True)

    assert "Adulti corretti: ora sono 3" in text_of(answer)
    assert "3 adulti" in text_of(answer)
    assert "6 pasti in tutto" in browser(valle.town, valle.staff[Role.KITCHEN]).read("/cucina/")
    call = valle.roll_call()
    acts = [(act.sentence, act.why) for act in audit.acts_on(subjects=[f"roll_call:{call.pk}"])]
    assert acts.count(("ha corretto gli adulti: da 1 a 3", "due supplenti")) == 1
    assert teacher.get(f"{address(valle, service='scuolabus')}adulti/").status_code == 404


def test_closed_classes_and_services_that_do_not_run_are_told_kindly(valle: Cast, teacher: Browser, at: Any) -> None:
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=clock.now(), class_group=valle.classes["2B"])
    assert "Oggi questa classe è chiusa Sciopero" in teacher.read(address(valle))
    assert "2B Chiusa: Sciopero" in teacher.read("/appello/")
    assert tap(valle, teacher, "Luca").status_code == 404
    teacher.post(address(valle), page(valle))
    assert valle.balance("Anna") == 0
    assert "Nessun bambino in elenco" in teacher.read(address(valle, "3A"))
    assert "Oggi questo servizio non c’è" in teacher.read(address(valle, service="nido"))
    at("2026-10-17 08:40")
    assert "Oggi non c’è servizio" in teacher.read("/appello/")


def test_another_school_another_town_and_another_role_stay_outside(borgo: Cast, valle: Cast, teacher: Browser) -> None:
    stranger = browser(valle.town, valle.families["rossi"].user)
    assert stranger.get(address(valle)).status_code == 403
    assert browser(valle.town).get(address(valle)).status_code == 302
    assert teacher.get(address(borgo)).status_code == 404
    elsewhere = schools.register_school(code="altrove", name="Altrove", level="primaria")
    schools.let_work_at(user=valle.staff[Role.SCHOOL], school=elsewhere)
    assert teacher.get(address(valle)).status_code == 404
    assert tap(valle, teacher, "Luca").status_code == 404


def test_only_the_office_writes_a_past_day(valle: Cast, teacher: Browser) -> None:
    past = {"giorno": "2026-10-13"}
    assert "Qui si guarda soltanto" in teacher.read(address(valle), **past)
    office = browser(valle.town, valle.staff[Role.OFFICE])
    assert "martedì 13 ottobre" in office.read(address(valle), **past)
    for act in ("adulti/", f"{valle.child('Anna').pk}/correggi/"):
        assert teacher.get(f"{address(valle)}{act}", past).status_code == 302
    teacher.post(address(valle), page(valle, day="2026-10-13"))
    assert "che cambia solo l’ufficio: ecco l’appello di oggi" in teacher.read(address(valle))
    assert valle.balance("Anna") == 0
    office.post(address(valle), page(valle, day="2026-10-13"))
    assert valle.balance("Anna") == -460
    assert "Appello confermato" in office.read(address(valle), **past)


def test_a_white_meal_and_a_late_child_are_marked_by_a_tap(valle: Cast, teacher: Browser) -> None:
    for name, more in (("Luca", {"white": 1}), ("Anna", {"late": 1})):
        sent = {"day": "2026-10-14", "child": valle.child(name).pk, "eats": 1, **more}
        with at_most(6):
            assert teacher.post(address(valle) + "segno/", sent).status_code == 204
    tiles = {tile.name: (tile.eats, tile.is_white, tile.is_late) for tile in teacher.get(address(valle)).context["tiles"]}
    assert tiles == {"Amina H.": (True, False, False), "Anna R.": (True, False, True), "Luca R.": (True, True, False)}
    tap(valle, teacher, "Luca", eats=0)
    assert [tile.is_white for tile in teacher.get(address(valle)).context["tiles"]] == [False, False, False]


def test_a_white_meal_of_a_page_without_javascript_is_charged_as_any_other(valle: Cast, teacher: Browser) -> None:
    luca = str(valle.child("Luca").pk)
    teacher.post(address(valle), page(valle, white=[luca]))
    words = teacher.read(address(valle))
    assert "La cucina ha ricevuto 3 pasti, 1 in bianco." in words
    assert "Luca R. in bianco" in words
    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, -310)


def test_a_page_without_changes_keeps_the_white_meal_of_another_hand(valle: Cast, teacher: Browser) -> None:
    old_page = page(valle, absent=("Amina",))
    teacher.post(address(valle) + "segno/", {"day": "2026-10-14", "child": valle.child("Luca").pk, "eats": 1, "white": 1})
    teacher.post(address(valle), old_page)
    assert "La cucina ha ricevuto 2 pasti, 1 in bianco." in teacher.read(address(valle))


def test_everybody_there_keeps_the_white_meals(valle: Cast, teacher: Browser) -> None:
    luca = str(valle.child("Luca").pk)
    teacher.post(address(valle), page(valle, absent=("Anna",), white=[luca], act="save"))
    teacher.post(
        address(valle), page(valle, absent=("Anna",), before=("Anna",), white=[luca], white_before=[luca], act="all")
    )
    sheet = teacher.get(address(valle)).context["sheet"]
    assert (sheet.present, sheet.white) == (3, 1)


@pytest.mark.parametrize("act", ["save", "confirm"])
def test_more_adults_than_a_class_can_have_are_refused(valle: Cast, teacher: Browser, act: str) -> None:
    sent = page(valle, absent=("Luca",), adults="150", act=act)
    words = text_of(teacher.post(address(valle), sent, follow=True))
    assert "Scrivi quanti adulti mangiano, da 0 a 99: non è stato salvato nulla." in words
    sheet = teacher.get(address(valle)).context["sheet"]
    assert (sheet.present, sheet.adults, sheet.confirmed_at) == (3, 0, None)


def test_everybody_there_takes_no_cancellation_back(valle: Cast, teacher: Browser, at: Any) -> None:
    """Anna's family has cancelled, Luca was absent this morning; a tap of its own puts a cancelled child there."""
    goes(valle)
    ask(valle, "08:02")
    at("2026-10-14 08:47")
    anna = valle.child("Anna").pk
    teacher.post(address(valle), page(valle, absent=("Anna", "Luca"), before=("Anna",), act="all"))
    lines = teacher.get(address(valle)).context["sheet"].lines
    assert {line.given_name: line.is_present for line in lines} == {"Anna": None, "Luca": None, "Amina": None}
    tap(valle, teacher, "Luca")
    shown = teacher.get(address(valle)).content.decode()
    assert f'value="{anna}" data-booked' not in " ".join(shown.split())
    assert " ".join(shown.split()).count("data-booked") == 2
    teacher.post(address(valle), page(valle, absent=("Anna", "Luca"), before=("Anna", "Luca"), act="all"))
    assert teacher.get(address(valle)).context["sheet"].present == 2
    teacher.post(address(valle), page(valle, absent=("Anna",), before=("Anna",)))
    assert (valle.balance("Anna"), valle.balance("Luca")) == (0, -310)


def test_everybody_there_with_a_cancelled_child_that_came(valle: Cast, teacher: Browser, at: Any) -> None:
    goes(valle)
    ask(valle, "08:02")
    at("2026-10-14 08:47")
    teacher.post(address(valle), page(valle, before=("Anna",), act="all"))
    assert teacher.get(address(valle)).context["sheet"].present == 3
    teacher.post(address(valle), page(valle, absent=("Anna",), act="all"))
    assert teacher.get(address(valle)).context["sheet"].present == 2


def test_a_bus_has_no_white_meal(valle: Cast, teacher: Browser) -> None:
    assert "In bianco" in teacher.read(address(valle))
    assert "In bianco" not in teacher.read(address(valle, service="scuolabus"))


def test_a_correction_to_the_white_meal_moves_no_money(valle: Cast, teacher: Browser) -> None:
    teacher.post(address(valle), page(valle))
    place = f"{address(valle)}{valle.child('Luca').pk}/correggi/"
    teacher.post(place, {"day": "2026-10-14", "becomes": "bianco", "reason": "ha mal di pancia"})
    assert "Luca R. in bianco" in teacher.read(address(valle))
    assert "Ora risulta in bianco . Di’ il motivo e scegli." in teacher.read(place)
    assert valle.balance("Luca") == -310


def test_a_child_that_came_after_the_confirmation_is_added_with_a_reason(valle: Cast, teacher: Browser) -> None:
    anna = valle.child("Anna")
    schools.place_many(class_by_child={anna.pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    teacher.post(address(valle), {**page(valle), "shown": [], "before": [], "eats": []})
    schools.place_many(class_by_child={anna.pk: valle.classes["2B"].pk}, first=TODAY, end=None)
    words = teacher.read(address(valle))
    assert "La cucina ha ricevuto 2 pasti." in words
    assert "Anna R. in elenco dopo la conferma: toccalo" in words
    place = f"{address(valle)}{anna.pk}/correggi/"
    assert "È in elenco da dopo la conferma" in teacher.read(place)
    for _ in range(2):
        teacher.post(place, {"day": "2026-10-14", "becomes": "presente", "reason": "è arrivata alle 10"})
    assert "La cucina ha ricevuto 3 pasti." in teacher.read(address(valle))
    assert valle.balance("Anna") == -460


def test_a_class_closed_in_the_middle_of_its_roll_call_charges_nobody(valle: Cast, teacher: Browser) -> None:
    old_page = page(valle)
    tap(valle, teacher, "Luca")
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=clock.now())
    assert tap(valle, teacher, "Anna").status_code == 404
    teacher.post(address(valle), old_page)
    assert "Oggi questa classe è chiusa Sciopero" in teacher.read(address(valle))
    assert valle.balance("Anna") == 0


def test_a_class_closed_after_its_confirmation_stays_as_it_was_and_can_be_corrected(valle: Cast, teacher: Browser) -> None:
    teacher.post(address(valle), page(valle))
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=clock.now())
    assert "Appello confermato alle 8:47" in teacher.read(address(valle))
    place = f"{address(valle)}{valle.child('Luca').pk}/correggi/"
    teacher.post(place, {"day": "2026-10-14", "becomes": "assente", "reason": "sciopero"})
    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, 0)


def test_a_class_without_children_and_a_day_to_come_are_not_confirmed(valle: Cast, teacher: Browser) -> None:
    assert teacher.post(address(valle, "3A"), page(valle)).status_code == 302
    assert "Nessun bambino in elenco" in teacher.read(address(valle, "3A"))
    office = browser(valle.town, valle.staff[Role.OFFICE])
    for one in (teacher, office):
        one.post(address(valle), page(valle, day="2026-10-15"))
        assert tap(valle, one, "Luca", day="2026-10-15").status_code == 409
    assert valle.balance("Anna") == 0
    assert "Conferma e invia alla cucina" in teacher.read(address(valle))


@pytest.mark.parametrize(
    ("moment", "words"),
    [("2026-10-14 08:02", "alle 8:02"), ("2026-10-13 18:30", "il 13/10 alle 18:30")],
)
def test_a_child_that_its_family_has_cancelled_says_so_with_the_hour(
    valle: Cast, teacher: Browser, at: Any, moment: str, words: str
) -> None:
    goes(valle)
    at(moment)
    day, hour = moment.split()
    ask(valle, hour, "Luca", on=date.fromisoformat(day))
    at("2026-10-14 08:47")
    with at_most(8):
        said = teacher.read(address(valle))
    assert f"Luca R. mangia in bianco , arriva dopo disdetto dalla famiglia {words}" in said
    assert said.count("disdetto dalla famiglia") == 1
    teacher.post(address(valle), page(valle, absent=("Luca",), before=("Luca",)))
    assert f"Luca R. disdetto dalla famiglia {words}" in teacher.read(address(valle))
