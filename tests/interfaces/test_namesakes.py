"""Two children of one name are told apart wherever they are named: by the office, by their family, and in letters."""

from datetime import date

import pytest

from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Child
from campanella.domains.people.queries import called, full_names
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.readings.office.bulk import wallets_for
from campanella.usecases import adjust, top_up
from tests.browsing import Browser, at_most, browser
from tests.foundation.documents.reading import text_of as words_of
from tests.interfaces.office.test_day import parked_receipt
from tests.towns import OFFICE, Cast, run_jobs

FIRST, SECOND = "Anna Rossi, 12/4", "Anna Rossi, 28/7"
AT_HOME = ("Anna Rossi (12/4)", "Anna Rossi (28/7)")
IN_LISTS = ("Rossi Anna, 12/4", "Rossi Anna, 28/7")


@pytest.fixture
def two(valle: Cast) -> Cast:
    """Anna has a sister of her own name, known to the tests as Luca."""
    with scope(valle.town.id):
        luca = valle.child("Luca")
        Child.objects.filter(pk=luca.pk).update(given_name="Anna", birth_date=date(2019, 7, 28))
    valle.credit("Anna", -5100)
    valle.credit("Luca", -5100)
    return valle


def test_the_office_tells_them_apart_on_every_page_and_paper(two: Cast) -> None:
    office: Browser = browser(two.town, two.staff["office"])
    receipt = parked_receipt()
    for place in ("elenchi/", "elenchi/messaggio/", "elenchi/avvisi/", f"presenze/registro/{two.classes['2B'].pk}/mensa/"):
        page = office.read(f"/ufficio/{place}")
        assert all(name in page for name in IN_LISTS), place
    for page in (
        # What was sought is marked, so that a blank stands after it.
        office.seek("/ufficio/cerca/", "rossi").replace(" ,", ","),
        office.read("/ufficio/da-fare/"),
        office.seek(f"/ufficio/incassi/ricevute/{receipt.pk}/accredita/", "rossi"),
    ):
        assert FIRST in page
        assert SECOND in page
    assert f"di {AT_HOME[0]}, {AT_HOME[1]}" in office.seek("/ufficio/cerca/", "rossi")
    paper = words_of(office.get("/ufficio/elenchi/bambini.pdf").content)
    assert all(name in paper for name in IN_LISTS)


def test_their_family_reads_which_of_them(two: Cast) -> None:
    family = browser(two.town, two.families["rossi"].user)
    ids = [two.child("Anna").pk, two.child("Luca").pk]
    held = wallets_for(child_ids=ids, service_id=two.services["mensa"].pk)
    made = top_up.prepare_for_many(
        by=OFFICE,
        wanted=[(wallet, Euro(2000)) for wallet in held],
        key="two",
        now=clock.now(),
    )
    pages = [
        family.read(f"/{place}") for place in ("", "pagamenti/", "pagamenti/avvisi/", "pagamenti/ricarica/", "presenze/")
    ]
    pages += [family.read(f"/pagamenti/avvisi/{one.pk}/") for one in made]
    for page in pages[:4]:
        assert AT_HOME[0] in page
        assert AT_HOME[1] in page
    assert AT_HOME[0] in pages[5]
    assert AT_HOME[1] in pages[6]
    paper = words_of(family.get(f"/pagamenti/avvisi/{made[1].pk}/avviso.pdf").content)
    assert f"{AT_HOME[1]}, 2B" in paper


def test_letters_say_which_of_them(two: Cast) -> None:
    wallet = two.wallet("Luca")
    now = clock.now()
    adjust.adjust(by=OFFICE, wallet_id=wallet.pk, amount=Euro(500), reason="prova", key="k", now=now)
    run_jobs()
    letter = Message.objects.get(template="credit_corrected")
    assert AT_HOME[1] in letter.text


def test_it_costs_one_question_whatever_the_number(two: Cast) -> None:
    ids = [two.child(name).pk for name in ("Anna", "Luca", "Amina")]
    with scope(two.town.id), at_most(1):
        assert full_names(child_ids=ids) == dict(zip(ids, (FIRST, SECOND, "Amina Haddad"), strict=True))
    with scope(two.town.id), at_most(1):
        assert called(child_ids=ids) == dict(zip(ids, (*AT_HOME, "Amina"), strict=True))
