"""A class in a teacher's hands: modes, a lost network, two tablets, double taps, the way back."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.examine import examine
from tests.browser.persons import Person


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_white_meal_and_a_late_child(somebody: Any, javascript: bool) -> None:
    name = "5A" if javascript else "5B"
    teacher = _at(somebody(size="small", javascript=javascript), name)
    teacher.page.get_by_text("In bianco", exact=True).click()
    teacher.reads("Tocca chi oggi mangia in bianco")
    teacher.page.get_by_role("checkbox", name=f"Ada {name} P., in bianco").check()
    teacher.page.get_by_text("Arriva dopo", exact=True).click()
    teacher.page.get_by_role("checkbox", name=f"Bice {name} P., arriva dopo").check()
    teacher.page.get_by_text("Assente", exact=True).click()
    _child(teacher, "Ciro").click()
    _confirm(teacher).click()
    teacher.reads("Appello confermato alle", "La cucina ha ricevuto 2 pasti, 1 in bianco")
    expect(teacher.link(f"Ada {name}")).to_contain_text("in bianco")
    expect(teacher.link(f"Bice {name}")).to_contain_text("mangia, arriva dopo")
    expect(teacher.link(f"Ciro {name}")).to_contain_text("assente")


def test_a_confirmation_without_network_leaves_when_it_is_back(somebody: Any) -> None:
    teacher = _at(somebody(size="tablet"), "5C")
    teacher.context.set_offline(True)
    _child(teacher, "Ada").click()
    _child(teacher, "Bice").click()
    teacher.reads("Senza rete: 2 segni aspettano di partire", "Conferma, parte appena c’è rete")
    # A second tap on the button, impatient, is none.
    _confirm(teacher).click()
    teacher.button("Confermato, parte appena c’è rete").click()
    teacher.context.set_offline(False)
    teacher.reads("Appello confermato alle", "La cucina ha ricevuto 1 pasto.")
    assert teacher.page.evaluate("() => sessionStorage.length") == 0


def test_two_tablets_on_one_class_and_the_way_back(somebody: Any) -> None:
    one, other = _at(somebody(size="tablet"), "5D"), _at(somebody(size="tablet"), "5D")
    _child(one, "Ada").click()
    expect(one.page.locator("[data-sent]")).to_contain_text("Tutto inviato")
    _confirm(other).dblclick()
    other.reads("La cucina ha ricevuto 2 pasti.")
    # The first tablet still shows the open sheet: whatever it does leads to the truth.
    _child(one, "Bice").click()
    one.reads(
        "Appello confermato alle", "La cucina ha ricevuto 2 pasti.", "è già confermato. Per cambiare un bambino, toccalo"
    )
    other.page.go_back()
    other.page.go_forward()
    other.reads("Appello confermato alle", "La cucina ha ricevuto 2 pasti.")


def test_an_ended_session_gives_the_taps_back_after_a_new_sign_in(somebody: Any) -> None:
    teacher = _at(somebody(size="tablet"), "5E")
    teacher.context.clear_cookies(name="session")
    _child(teacher, "Bice").click()
    teacher.reads("Nome utente")
    teacher.fill_in("school")
    expect(_child(teacher, "Bice")).not_to_be_checked()
    expect(teacher.page.locator("[data-sent]")).to_contain_text("Tutto inviato")
    teacher.page.reload()
    expect(_child(teacher, "Bice")).not_to_be_checked()


def test_what_an_old_tab_sends_after_another_sign_in_is_kept(somebody: Any) -> None:
    """The sheet was open while somebody signed in again in another tab: its token is old, for a tap and a confirmation."""
    teacher = _at(somebody(size="tablet"), "5H")
    _sign_in_again(teacher)
    _child(teacher, "Bice").click()
    expect(teacher.page.locator("[data-sent]")).to_contain_text("Tutto inviato")
    teacher.page.reload()
    expect(_child(teacher, "Bice")).not_to_be_checked()
    _sign_in_again(teacher)
    _confirm(teacher).click()
    teacher.reads("Appello confermato alle", "La cucina ha ricevuto 2 pasti.")
    assert teacher.page.evaluate("() => sessionStorage.length") == 0


def test_what_is_touched_before_the_script_is_there_is_not_lost(somebody: Any) -> None:
    """A slow tablet shows the class before it can tell anybody of a tap; the confirmation says nothing but itself."""
    teacher = somebody(size="tablet").sign_in("school", path="/appello/")
    held: list[Route] = []
    teacher.page.route("**/rollcall/rollcall*.js", lambda script: held.append(script))
    with teacher.page.expect_request("**/rollcall/rollcall*.js"):
        teacher.link("5I").click()
    _child(teacher, "Bice").click()
    teacher.page.get_by_label("Adulti").fill("2")
    for script in held:
        script.continue_()
    expect(teacher.page.locator("[data-sent]")).to_contain_text("Tutto inviato")
    expect(teacher.page.locator("[data-count=in]")).to_have_text("2")
    _confirm(teacher).click()
    teacher.reads("Appello confermato alle", "La cucina ha ricevuto 2 pasti e 2 adulti.")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_enter_in_the_number_of_adults_only_keeps_it(somebody: Any, javascript: bool) -> None:
    teacher = _at(somebody(size="tablet", javascript=javascript), "5F" if javascript else "5G")
    _child(teacher, "Bice").click()
    teacher.page.get_by_label("Adulti").fill("3")
    if javascript:
        teacher.page.keyboard.press("Enter")
        expect(teacher.page.locator("[data-sent]")).to_contain_text("Tutto inviato")
    else:
        with teacher.page.expect_navigation():
            teacher.page.keyboard.press("Enter")
    teacher.page.reload()
    expect(teacher.page.get_by_label("Adulti")).to_have_value("3")
    expect(_child(teacher, "Bice")).not_to_be_checked()
    expect(_confirm(teacher)).to_be_visible()


def test_everybody_there_leaves_who_is_not_booked(somebody: Any) -> None:
    teacher = _at(somebody(size="tablet"), "5O")
    _child(teacher, "Bice").evaluate("(box) => { delete box.dataset.booked; }")  # as one whose family has cancelled
    _child(teacher, "Ada").click()
    _child(teacher, "Bice").click()
    teacher.button("Tutti presenti").click()
    expect(_child(teacher, "Ada")).to_be_checked()
    expect(_child(teacher, "Bice")).not_to_be_checked()
    expect(teacher.page.locator("[data-count=in]")).to_have_text("2")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_hours_of_a_nursery_are_written_on_one_page(somebody: Any, javascript: bool) -> None:
    teacher = _at(somebody(size="small", javascript=javascript), "5P")
    becomes = "update services_service set kind = %s where code = 'mensa' returning id"
    teacher.place.asked(becomes, "nursery")
    try:
        teacher.page.reload()
        teacher.link("Entrate e uscite").click()
        assert not javascript or examine(teacher.page, name="hours") == []
        teacher.page.get_by_label("Entrata di Ada").fill("08:20")
        teacher.page.get_by_label("Uscita di Ada").fill("08:10")
        teacher.button("Salva le ore").click()
        teacher.reads("Non è stato salvato nulla", "L’uscita è prima dell’entrata")
        assert not javascript or examine(teacher.page, name="hours-refused") == []
        teacher.page.get_by_label("Uscita di Ada").fill("")
        teacher.button("Salva le ore").click()
        teacher.reads("Entrate e uscite salvate.", "entra alle 8:20")
    finally:
        teacher.place.asked(becomes, "meal")


def _at(person: Person, name: str) -> Person:
    person.sign_in("school", path="/appello/")
    person.link(name).click()
    expect(_child(person, "Ada")).to_be_checked()
    person.page.wait_for_load_state()  # with its script, which a lost network would keep away
    return person


def _sign_in_again(person: Person) -> None:
    """Leave the sheet open and sign in once more in a new tab of the same browser."""
    sheet, person.page = person.page, person.context.new_page()
    person.context.clear_cookies(name="session")
    person.sign_in("school", path="/appello/")
    person.page.close()
    person.page = sheet


def _child(person: Person, given: str) -> Locator:
    return person.page.get_by_role("checkbox", name=re.compile(f"^{given} .*(mangia|assente)"))


def _confirm(person: Person) -> Locator:
    return person.page.get_by_role("button", name=re.compile("^Conferma"))
