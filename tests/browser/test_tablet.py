"""The tablet in class: paired by a code, opened by a PIN, and an appello that goes on without network."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.examine import examine
from tests.browser.installation import Installation
from tests.browser.persons import Person

APP = "/appello/tablet/"
PIN = "408215"
TEACHER = "Persona scuola"
# The rows on the disk, as the browser has them after whatever happened.
MARKS = """() => new Promise((resolve) => {
  const asked = indexedDB.open("campanella-tablet");
  asked.onsuccess = () => {
    const all = asked.result.transaction("marks").objectStore("marks").index("seq").getAll();
    all.onsuccess = () => { asked.result.close(); resolve(all.result.map((row) => row.state)); };
  };
})"""
READY = "async () => { await navigator.serviceWorker.ready; }"


@pytest.fixture
def tablet(somebody: Any, place: Installation) -> Callable[[], Person]:
    """Give tablets that are paired, and opened by the teacher's PIN."""

    def come() -> Person:
        person: Person = somebody(size="tablet", worker=True)
        pair(person, code_of(somebody))
        unlock(person)
        expect(person.heading("Le classi di oggi")).to_be_visible()
        return person

    return come


def code_of(somebody: Any) -> str:
    """Let the office prepare a tablet, and return the address that its QR opens."""
    office: Person = somebody(size="desktop").sign_in("office")
    office.open("/ufficio/tablet/nuovo/")
    office.page.get_by_label("Scuola").select_option(label="Primaria Rodari")
    office.button("Prepara il codice").click()
    expect(office.heading("Abbina")).to_be_visible()
    link = office.page.locator("[data-copy]").get_attribute("data-copy")
    office.context.close()
    assert link
    return link


def pair(person: Person, link: str) -> None:
    """Open the address of the QR, and pair."""
    person.open(link)
    person.button("Abbina questo tablet").click()
    expect(person.heading("Chi sei?")).to_be_visible()
    person.page.evaluate(READY)


def unlock(person: Person, pin: str = PIN) -> None:
    """Choose one's name and write the PIN."""
    person.button(TEACHER).click()
    person.page.get_by_label("Il tuo PIN").fill(pin)
    person.button("Entra").click()


def open_class(person: Person, name: str) -> None:
    """Open a class of the list."""
    person.page.locator(".cp-class").filter(has_text=name).click()
    expect(person.heading(name)).to_be_visible()


def child(page: Page, name: str) -> Any:
    """Return the tile of a child."""
    return page.locator(".cp-mark").filter(has_text=name)


def waiting(page: Page) -> int:
    """Count the marks on the disk that nobody has answered for."""
    return list(page.evaluate(MARKS)).count("waiting")


def test_a_tablet_is_paired_once_by_the_code_of_the_office(somebody: Any) -> None:
    link = code_of(somebody)
    person: Person = somebody(size="tablet", worker=True)
    pair(person, link)
    assert "#" not in person.page.url
    assert examine(person.page, name="who", wide=False) == []

    unlock(person, "111111")
    person.reads("Il PIN non è giusto")
    assert examine(person.page, name="pin", wide=False) == []
    person.page.get_by_label("Il tuo PIN").fill(PIN)
    person.button("Entra").click()
    expect(person.heading("Le classi di oggi")).to_be_visible()
    assert examine(person.page, name="classes") == []

    second: Person = somebody(size="tablet", worker=True)
    second.open(link)
    second.button("Abbina questo tablet").click()
    second.reads("Questo codice non vale più")
    assert examine(second.page, name="pairing") == []


def test_marks_are_on_the_disk_before_they_are_shown_and_outlive_a_crash(tablet: Callable[[], Person]) -> None:
    person = tablet()
    open_class(person, "5N")
    person.place.stop_web()
    try:
        child(person.page, "Ada 5N").get_by_role("button").click()
        expect(child(person.page, "Ada 5N")).to_contain_text("assente")
        assert waiting(person.page) == 1
        person.page.get_by_role("button", name="In bianco", exact=True).click()
        child(person.page, "Bice 5N").get_by_role("button").click()
        expect(child(person.page, "Bice 5N")).to_contain_text("in bianco")
        person.page.get_by_role("button", name="Un adulto in più").click()
        person.reads("3 segni da inviare, dalle", "Senza rete dalle")
        assert examine(person.page, name="roll") == []

        # The browser is killed in the middle, and the tablet is opened again without network.
        person.page.close()
        person.page = person.context.new_page()
        person.open(APP)
        unlock(person)
        open_class(person, "5N")

        expect(child(person.page, "Ada 5N")).to_contain_text("assente")
        expect(child(person.page, "Bice 5N")).to_contain_text("in bianco")
        expect(person.page.locator("[data-count=adults]")).to_have_text("1")
        assert waiting(person.page) == 3
        names = person.page.evaluate("() => document.body.innerText")
        assert re.search(r"Ada 5N P\.", names)
    finally:
        person.place.start_web()


def reopen(person: Person) -> None:
    """Close the app and open it again, as after an empty battery."""
    person.page.close()
    person.page = person.context.new_page()
    person.open(APP)
    unlock(person)


def tap(person: Person, name: str, becomes: str) -> None:
    """Tap a child, and see what it becomes."""
    child(person.page, name).get_by_role("button").click()
    expect(child(person.page, name)).to_contain_text(becomes)


def adults(person: Person, step: str, count: str) -> None:
    """Press until the number is seen: a press that meets a page which is being drawn anew is made again."""
    said = person.page.locator("[data-count=adults]")
    for _ in range(5):
        person.page.get_by_role("button", name=f"Un adulto {step}").click()
        with suppress(AssertionError):
            expect(said).to_have_text(count, timeout=3_000)
            return
    expect(said).to_have_text(count)


def confirm(person: Person) -> None:
    """Confirm the class: a press that meets a page which is being drawn anew is made again, as a person does."""
    said = person.page.get_by_text("Appello confermato")
    for _ in range(5):
        if said.count() or not person.page.locator("#confirm").count():
            break
        person.page.locator("#confirm").click()
        person.page.wait_for_timeout(2_000)
    expect(said.first).to_be_visible()


def everything_is_sent(person: Person) -> None:
    """Wait until the marks have left by themselves."""
    expect(person.page.locator("[data-bar]")).to_contain_text("Tutto inviato", timeout=60_000)
    assert waiting(person.page) == 0


def presences(place: Installation, class_name: str) -> list[tuple[Any, ...]]:
    """Return who was there, with a white meal, and charged how often, of a confirmed class, in the book itself."""
    return place.asked(
        """
        select split_part(c.given_name, ' ', 1), p.is_present, p.is_white,
               (select count(*)::int from ledger_entry e where e.municipality_id = p.municipality_id
                   and e.source = 'presence:' || p.id and e.kind = 'charge')
          from attendance_presence p
          join people_child c on c.municipality_id = p.municipality_id and c.id = p.child_id
          join attendance_rollcall r on r.municipality_id = p.municipality_id and r.id = p.roll_call_id
          join schools_classgroup g on g.municipality_id = r.municipality_id and g.id = r.class_group_id
         where g.name = %s and p.day = '2026-10-14' and r.confirmed_at is not null
         order by c.given_name
        """,
        class_name,
    )


def test_a_lunch_without_network_on_two_tablets_is_charged_once_it_is_back(tablet: Callable[[], Person]) -> None:
    first, second = tablet(), tablet()
    first.place.stop_web()
    try:
        for person in (first, second):
            reopen(person)
            expect(person.heading("Le classi di oggi")).to_be_visible()
            open_class(person, "5L")
        tap(first, "Ada 5L", "assente")
        tap(second, "Bice 5L", "assente")
        # The second teacher sees Ada come in a minute later.
        tap(second, "Ada 5L", "assente")
        tap(second, "Ada 5L", "mangia")
        first.page.get_by_role("button", name="In bianco", exact=True).click()
        tap(first, "Ciro 5L", "in bianco")
        first.page.get_by_role("button", name="Un adulto in più").click()
        first.button("Conferma, parte appena c’è rete").click()
        first.reads("Appello confermato alle", "È salvato sul tablet e parte appena c’è rete.", "4 segni da inviare, dalle")
        second.reads("3 segni da inviare, dalle")
    finally:
        first.place.start_web()
    second.button("Invia ora").click()
    everything_is_sent(second)
    everything_is_sent(first)

    assert presences(first.place, "5L") == [
        ("Ada", True, False, 1),
        ("Bice", False, False, 0),
        ("Ciro", True, True, 1),
    ]
    second.button("Classi").click()
    expect(second.page.locator(".cp-class").filter(has_text="5L")).to_contain_text("confermato", timeout=90_000)


def open_ride(person: Person, way: str) -> None:
    """Open a ride of line 4, from the classes of the lunch."""
    person.page.get_by_role("button", name="Scuolabus", exact=True).click()
    person.page.locator(".cp-class").filter(has_text=f"Linea 4, {way}").click()
    expect(person.heading(f"Linea 4, {way}")).to_be_visible()


def test_a_ride_is_called_by_stop_without_network(tablet: Callable[[], Person]) -> None:
    person = tablet()
    place = person.place
    place.stop_web()
    try:
        reopen(person)
        open_ride(person, "andata")
        # Who is not there in the morning may still ride home: that is of this ride alone, and no mark of the day.
        tap(person, "Ciro 5R", "non su questa corsa")
        assert waiting(person.page) == 0
        person.button("Conferma, parte appena c’è rete").click()
        person.reads("Corsa segnata", "1 classe aspetta chi è su altre corse o senza fermata: 5R.")
        assert waiting(person.page) == 1

        reopen(person)
        open_ride(person, "andata")
        expect(child(person.page, "Ciro 5R")).to_contain_text("non su questa corsa")
        person.button("Torna all’elenco").click()
        person.page.locator(".cp-class").filter(has_text="Linea 4, ritorno").click()
        expect(person.heading("Linea 4, ritorno")).to_be_visible()
        assert person.page.locator("main h2").all_inner_texts() == ["13:15 Via Mulino", "13:25 Piazza Alberica"]
        tap(person, "Ada 5R", "assente")
        assert waiting(person.page) == 2
        assert examine(person.page, name="ride") == []

        # Everybody else is on board; nobody of the class is missing, so it is confirmed with the ride.
        person.button("Conferma, parte appena c’è rete").click()
        person.reads("Corsa segnata", "Le classi di chi è a bordo sono confermate.", "4 segni da inviare, dalle")
        reopen(person)
        person.page.get_by_role("button", name="Scuolabus", exact=True).click()
        expect(person.page.locator(".cp-class").filter(has_text="Linea 4, ritorno")).to_contain_text("segnata")
    finally:
        place.start_web()
    everything_is_sent(person)
    assert [row[:2] for row in presences(place, "5R")] == [("Ada", False), ("Bice", True), ("Ciro", True)]


def test_a_server_that_is_killed_while_marks_arrive_loses_none(tablet: Callable[[], Person]) -> None:
    person = tablet()
    place, page = person.place, person.page
    open_class(person, "5M")
    place.stop_web()
    try:
        for turn in range(3):
            for step, count in (("in più", "1"), ("in meno", "0")) * 6:
                adults(person, step, count)
            # The last of thirteen; shown, it is on the disk, and so are those before it.
            tap(person, "Ada 5M", "assente" if turn % 2 == 0 else "mangia")
            with page.expect_request("**/rollcall/events", timeout=60_000):
                place.start_web()
            page.wait_for_timeout(turn * 30)
            place.kill_web()
        confirm(person)
    finally:
        place.start_web()
    everything_is_sent(person)

    told = place.asked(
        "select e.seq, e.kind from attendance_dayevent e join schools_classgroup g on g.municipality_id = e.municipality_id"
        " and g.id = e.class_group_id where g.name = '5M' and e.device_id is not null order by e.seq"
    )
    assert [seq for seq, _ in told] == list(range(1, 41))
    assert [kind for _, kind in told].count("adults") == 36
    assert presences(place, "5M") == [("Ada", False, False, 0), ("Bice", True, False, 1), ("Ciro", True, False, 1)]


# The tablet's disk as somebody reads it who has taken it apart.
DISK = """() => new Promise((resolve) => {
  const text = (value) => {
    if (value instanceof CryptoKey) return `[key, ${value.extractable ? "readable" : "closed"}]`;
    if (value instanceof ArrayBuffer) return new TextDecoder("latin1").decode(value);
    if (ArrayBuffer.isView(value)) return new TextDecoder("latin1").decode(value.buffer);
    if (value && typeof value === "object") return Object.entries(value).map(([k, v]) => `${k}=${text(v)}`).join(" ");
    return String(value);
  };
  const asked = indexedDB.open("campanella-tablet");
  asked.onsuccess = async () => {
    const all = (store) => new Promise((done) => {
      const found = asked.result.transaction(store).objectStore(store).getAll();
      found.onsuccess = () => done(found.result.map(text).join(" | "));
    });
    const found = (await Promise.all(["kept", "marks"].map(all))).join(" || ");
    asked.result.close();
    resolve(found);
  };
})"""
NO_ROOM = """() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...given) {
    if (window.roomIsBack) return add.apply(this, given);
    const asked = add.apply(this, given);
    this.transaction.abort();
    return asked;
  };
}"""


def test_what_is_on_the_disk_names_no_child_and_no_key_can_be_read(tablet: Callable[[], Person]) -> None:
    person = tablet()
    open_class(person, "2B")
    expect(child(person.page, "Anna R.")).to_contain_text("dieta SG")
    person.page.context.set_offline(True)
    tap(person, "Anna R.", "assente")

    disk = person.page.evaluate(DISK)

    assert TEACHER in disk
    assert "[key, closed]" in disk
    assert "[key, readable]" not in disk
    for secret in ("Anna", "Nicolò", "dieta", "Senza glutine", "absent", "mensa"):
        assert secret not in disk, secret


def test_a_full_tablet_says_so_and_shows_nothing_as_done(tablet: Callable[[], Person]) -> None:
    person = tablet()
    open_class(person, "5N")
    person.page.evaluate(NO_ROOM)

    child(person.page, "Ciro 5N").get_by_role("button").click()

    person.reads("Questo segno non è stato salvato", "libera memoria")
    expect(child(person.page, "Ciro 5N")).to_contain_text("mangia")
    person.page.evaluate("() => { window.roomIsBack = true; }")
    tap(person, "Ciro 5N", "assente")
    expect(person.page.get_by_text("Questo segno non è stato salvato")).to_have_count(0)
    everything_is_sent(person)


def test_a_revoked_tablet_hands_in_what_waits_and_forgets_everything(tablet: Callable[[], Person], somebody: Any) -> None:
    person = tablet()
    open_class(person, "5N")
    number = re.search(r"device_id=(\d+)", person.page.evaluate(DISK))
    assert number
    person.page.context.set_offline(True)
    tap(person, "Bice 5N", "assente")
    person.reads("1 segno da inviare, dalle")
    office: Person = somebody(size="desktop").sign_in("office")
    office.open(f"/ufficio/tablet/{number[1]}/")
    office.button("Revoca il tablet").click()
    office.reads("Tablet revocato")
    person.page.context.set_offline(False)

    # By itself, when the network is back; or by the button, whichever is first.
    person.page.evaluate("() => document.querySelector('#send')?.click()")

    person.reads("Questo tablet è stato revocato")
    assert examine(person.page, name="revoked") == []
    assert person.page.evaluate(DISK).strip(" |") == ""
    office.open("/ufficio/tablet/segni/")
    office.reads("Questo tablet è stato revocato: il segno è tenuto per l’ufficio")


def test_a_tablet_that_lies_about_locks_itself_and_forgets_its_lists_after_a_week(tablet: Callable[[], Person]) -> None:
    person = tablet()
    person.page.clock.install()
    person.page.reload()
    unlock(person)
    expect(person.heading("Le classi di oggi")).to_be_visible()
    person.page.clock.fast_forward("06:00")
    expect(person.heading("Chi sei?")).to_be_visible()

    person.place.stop_web()
    try:
        person.page.clock.fast_forward(8 * 24 * 60 * 60 * 1000)
        unlock(person)
        person.reads("L’elenco non è ancora su questo tablet", "usa il foglio di carta")
    finally:
        person.place.start_web()


def test_who_touches_a_tablet_that_lay_about_marks_nothing_in_anothers_name(tablet: Callable[[], Person]) -> None:
    """The screen slept, so nothing locked it; the first touch does, and marks nothing."""
    person = tablet()
    expect(person.page.locator("[data-bar]")).to_contain_text(f"Segna {TEACHER}")
    open_class(person, "5N")
    tile = child(person.page, "Ciro 5N").get_by_role("button").bounding_box()
    assert tile
    person.page.clock.set_fixed_time(person.page.evaluate("() => Date.now() / 1000 + 6 * 60"))
    person.page.mouse.click(tile["x"] + 20, tile["y"] + 20)
    expect(person.heading("Appello")).to_be_visible()
    assert person.page.evaluate(MARKS) == []
    assert person.page.locator("#child-1").count() == 0


def test_a_day_that_is_over_is_looked_at_and_says_who_puts_it_right(tablet: Callable[[], Person]) -> None:
    person = tablet()
    person.button("mar 13").click()
    expect(person.heading("Le classi")).to_be_visible()
    open_class(person, "5N")
    person.reads("Appello di un giorno passato", "Qui si guarda soltanto.", "l’ufficio")
    assert child(person.page, "Ciro 5N").get_by_role("button").count() == 0
    assert person.page.locator("#confirm").count() == 0
    assert examine(person.page, name="past day") == []


def test_a_class_that_has_not_confirmed_in_time_is_told_on_the_tablet(tablet: Callable[[], Person]) -> None:
    person = tablet()
    person.page.context.set_offline(True)
    person.page.clock.set_fixed_time(person.page.evaluate("() => Date.now() / 1000 + 3 * 3_600"))
    person.page.mouse.click(5, 5)
    unlock(person)
    person.reads("non hanno confermato in tempo", "La scuola e l’ufficio lo sanno.")
    open_class(person, "5O")
    person.reads("L’appello si chiudeva alle", "Puoi confermare lo stesso: fallo subito, e avvisa la cucina per telefono.")
    assert examine(person.page, name="late class") == []


def test_a_child_that_goes_home_before_lunch_is_marked_with_its_hour(tablet: Callable[[], Person]) -> None:
    person = tablet()
    open_class(person, "5N")
    person.page.get_by_role("button", name="Va via", exact=True).click()
    tap(person, "Ada 5N", "via dalle")
    assert examine(person.page, name="gone home") == []
    everything_is_sent(person)
    tap(person, "Ada 5N", "mangia")
    everything_is_sent(person)
    expect(child(person.page, "Ada 5N")).to_contain_text("mangia")


def test_after_an_empty_battery_without_network_the_list_is_there_and_the_day_is_asked(tablet: Callable[[], Person]) -> None:
    person = tablet()
    person.place.stop_web()
    try:
        person.page.close()
        person.page = person.context.new_page()
        person.page.clock.install(time=datetime(1971, 1, 2, 8, tzinfo=UTC))
        person.open(APP)
        unlock(person)
        person.reads("L’orologio del tablet è indietro", "Che giorno è oggi?")
        assert examine(person.page, name="which day") == []
        person.button("mercoledì 14 ottobre").click()
        person.reads("Hai detto che oggi è mercoledì 14 ottobre.")
        open_class(person, "5O")
        tap(person, "Ciro 5O", "assente")
        assert waiting(person.page) == 1
    finally:
        person.place.start_web()
    everything_is_sent(person)
    expect(child(person.page, "Ciro 5O")).to_contain_text("assente")


def test_a_child_that_is_there_though_its_family_has_cancelled_says_both(
    tablet: Callable[[], Person], somebody: Any
) -> None:
    parent: Person = somebody().sign_in("esposito")
    parent.open("/")
    parent.link("Disdici il pasto di oggi di Gennaro").click()
    parent.button("Disdici il pasto di oggi").click()
    expect(parent.heading("Pasto di Gennaro disdetto")).to_be_visible()
    person = tablet()
    open_class(person, "4C")
    expect(child(person.page, "Gennaro")).to_contain_text("disdetto dalla famiglia")
    expect(person.page.get_by_text("La famiglia ha detto altro")).to_have_count(0)

    tap(person, "Gennaro", "mangia, disdetto dalla famiglia")
    person.reads("La famiglia ha detto altro", "disdetto dalla famiglia, a scuola risulta presente. L’ufficio lo vede.")
    assert examine(person.page, name="at odds") == []
    everything_is_sent(person)
    reopen(person)
    open_class(person, "4C")
    person.reads("La famiglia ha detto altro")
    expect(child(person.page, "Gennaro")).to_contain_text("mangia, disdetto dalla famiglia")

    child(person.page, "Gennaro").get_by_role("button").click()
    expect(person.page.get_by_text("La famiglia ha detto altro")).to_have_count(0)
    everything_is_sent(person)

    # Booked again by its family, and still marked absent: the same alarm the other way round.
    parent.open("/")
    parent.page.get_by_role("link", name=re.compile("Rimetti")).first.click()
    parent.button("Rimetti il pasto").click()
    expect(parent.heading("Pasto di Gennaro prenotato")).to_be_visible()
    reopen(person)
    open_class(person, "4C")
    person.reads("La famiglia ha detto altro", "prenotato dalla famiglia, a scuola risulta assente. L’ufficio lo vede.")
    expect(child(person.page, "Gennaro")).to_contain_text("assente, prenotato dalla famiglia")
