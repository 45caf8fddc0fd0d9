"""The whole story: a parent tops up for two children and pays, the class is called, the meal is taken from the credit."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.persons import Person
from tests.browser.steps import (
    MINUS,
    choose_tile,
    credit,
    euro,
    eventually,
    mails,
    pay,
    send_receipts,
    to_summary,
    write_amount,
)

# Notes when the row of a class changes, and how often the board had to ask for it.
WATCH = """name => {
  const found = () => [...document.querySelectorAll("tr")].find((tr) => tr.querySelector("th")?.innerText.trim() === name);
  const before = found().innerText;
  const look = () => { if (found()?.innerText !== before) window.changedAt ??= Date.now(); };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
  window.asked = 0;
  document.body.addEventListener("htmx:beforeRequest", () => { if (!window.changedAt) window.asked += 1; });
}"""
TAP = "tile => { const now = Date.now(); tile.click(); return now; }"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_top_up_to_the_meal(somebody: Any, javascript: bool) -> None:
    username, first, second, class_name = (
        ("rossi", "Anna", "Luca", "2B") if javascript else ("bianchi", "Sofia", "Marco", "3A")
    )
    parent: Person = somebody(javascript=javascript).sign_in(username)
    before = {child: credit(parent, child) for child in (first, second)}

    _top_up(parent, first, second)
    _pay(parent)
    parent.link("Torna alla Home").click()
    assert credit(parent, first) == before[first] + 2000
    assert credit(parent, second) == before[second] + 1250
    told = eventually(lambda: [mail for mail in mails(parent.place, f"{username}@posta.example") if "icarica" in mail])
    assert len(told) >= 1

    board: Person = somebody(size="desktop", javascript=javascript).sign_in("kitchen")
    teacher: Person = somebody(size="tablet", javascript=javascript).sign_in("school")
    _call_the_roll(teacher, board, class_name, absent=second, javascript=javascript)

    parent.open("/")
    expect(parent.wallet(first)).to_contain_text("Oggi mangia")
    expect(parent.wallet(second)).to_contain_text("risulta assente")
    assert credit(parent, second) == before[second] + 1250
    assert credit(parent, first) == before[first] + 2000 - 460
    parent.open(f"/presenze/{parent.place.people['children'][first]}/2026-10-14/")
    parent.reads("Refezione", f"{MINUS}{euro(460)}")


def _top_up(parent: Person, first: str, second: str) -> None:
    parent.open("/pagamenti/")
    parent.link("Effettua una ricarica").click()
    choose_tile(parent, first, 20)
    write_amount(parent, second, "12,50")
    to_summary(parent)
    parent.reads(euro(3250), "mercoledì 14 ottobre")
    parent.button("Prosegui").click()


def _pay(parent: Person) -> None:
    expect(parent.heading("Stai per pagare")).to_be_visible()
    pay(parent, receipt="Mai")
    expect(parent.heading("Il pagamento sta arrivando")).to_be_visible()
    send_receipts(parent.place)
    # With a script the page asks every two seconds, without one it is loaded again: nobody touches it.
    expect(parent.heading("Ricarica ricevuta, grazie")).to_be_visible()


def _call_the_roll(teacher: Person, board: Person, class_name: str, *, absent: str, javascript: bool) -> None:
    row = board.page.get_by_role("row").filter(has=board.page.get_by_role("rowheader", name=class_name, exact=True))
    total = row.get_by_role("cell").nth(5)
    expected = int(total.inner_text())
    teacher.link(class_name).click()
    child = teacher.page.get_by_role("checkbox", name=absent)
    # Who is cancelled already would be marked as present by the tap.
    expect(child).to_be_checked()
    if javascript:
        board.page.evaluate(WATCH, class_name)
        with teacher.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            tapped = child.evaluate(TAP)
        assert answer.value.status == 204
        board.page.evaluate("() => { window.asked = 0; }")
        board.comes_true("() => window.changedAt")
        changed_at, asked = board.page.evaluate("() => [window.changedAt, window.asked]")
        print(f"\nFrom the tap in class to the kitchen's board: {(changed_at - tapped) / 1000:.2f} s")
        assert asked <= 1, "the first question after the tap was taken has it"
    else:
        child.click()
    teacher.page.get_by_role("button", name="Conferma").click()
    teacher.reads("Appello confermato alle")
    if not javascript:
        board.page.reload()
    expect(row).to_contain_text("confermato")
    expect(total).to_have_text(str(expected - 1))
