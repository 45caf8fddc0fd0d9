"""The other parent, who pays for nobody, follows every link of the portal: each page opens, and says who pays."""

import re
from html import unescape

import pytest
from django.urls import resolve

from campanella.foundation.core import clock
from tests.arrears import after_due, overdue, remind
from tests.browsing import Browser
from tests.interfaces.portal.test_wall_of_payers import parent_of
from tests.towns import Cast, choosing, tell_again, text_of

# So many pages of one kind are opened: a list of sixty days leads sixty times to the same page.
OF_A_KIND = 2
LEAVING = {"accounts:sign-out", "accounts:switch-town"}


def followed(desk: Browser, first: str) -> dict[str, int]:
    """Open every page that links lead to from a first one, and return how each answers."""
    answers: dict[str, int] = {}
    kinds: dict[str, int] = {}
    ahead = [first]
    while ahead:
        address = ahead.pop(0)
        name = resolve(address.split("?")[0]).view_name
        if address in answers or name in LEAVING or kinds.get(name, 0) >= OF_A_KIND:
            continue
        kinds[name] = kinds.get(name, 0) + 1
        answer = desk.get(address)
        tell_again()
        answers[address] = answer.status_code
        if answer.status_code == 302:
            ahead.append(answer["Location"])
        elif answer.headers["Content-Type"].startswith("text/html"):
            found = re.findall(r'<a[^>]* href="(/[^"#]*)', answer.content.decode())
            ahead += [unescape(one) for one in found]
    return answers


@pytest.mark.parametrize("children", [("Anna",), ("Anna", "Luca")], ids=["of one", "of all"])
def test_every_page_that_is_offered_opens(valle: Cast, children: tuple[str, ...]) -> None:
    choosing(valle.town, sdd_offered=True)
    overdue(valle)
    remind(after_due(15))
    _, other = parent_of(valle, *children)

    with clock.standing_at(after_due(16)):
        answers = followed(other, "/")

    assert {address: status for address, status in answers.items() if status not in (200, 302)} == {}
    for page in ("addebito", "rimborsi", "estratto-conto", "dichiarazione-fiscale"):
        assert f"/pagamenti/{page}/" in answers
    tell_again()


def test_who_pays_for_nobody_reads_who_authorises_a_debit(valle: Cast) -> None:
    choosing(valle.town, sdd_offered=True)
    _, other = parent_of(valle, "Anna")

    page = text_of(other.get("/pagamenti/addebito/"))

    assert "le fatture le paga un altro adulto" in page
    assert "Maria" not in page
    tell_again()
