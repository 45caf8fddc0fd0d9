"""How a service is paid by all: what a change would do is read first, and made by a second press."""

from datetime import date

import pytest

from campanella.domains.billing import policies
from campanella.foundation.core import clock
from campanella.usecases.billing import policies as paying
from tests.billing import bill, eat, october
from tests.browsing import Browser, at_most, browser
from tests.debits import signed
from tests.interfaces.office.test_billing import press
from tests.towns import OFFICE, Cast
from tests.usecases.billing.conftest import post_paid

PLACE = "/ufficio/fatture/come-si-paga/"
POST_PAID = {"service": "mensa", "kind": "postpaid", "first": "2026-12-01", "reason": "delibera 12"}


@pytest.fixture
def desk(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def kind_of(cast: Cast, day: date, service: str = "mensa") -> str:
    owner = (cast.child("Anna").pk, cast.services[service].pk)
    return policies.kinds_on(owners=[owner], day=day)[owner]


def test_a_change_is_looked_at_with_balances_and_made_by_a_second_press(valle: Cast, desk: Browser) -> None:
    valle.credit("Anna", 1240)
    eat(valle, october(1))
    with at_most(26):
        told = press(desk, PLACE, **POST_PAID)
    assert "Refezione: dal 1 dicembre 2026 postpagato (fattura dopo il mese). Adesso: prepagato." in told
    assert "Bambini che cambiano 3 Famiglie 2" in told
    assert "Credito che portano con sé: 1 7,80 €" in told
    assert "Debito che portano con sé: 2 7,70 €" in told
    assert "7,80 € di credito: si usa nella prima fattura" in told
    assert kind_of(valle, date(2026, 12, 1)) == "prepaid"

    assert "è cambiato: guarda di nuovo" in press(desk, PLACE, **POST_PAID, confirm="1", children="7")
    assert kind_of(valle, date(2026, 12, 1)) == "prepaid"
    done = press(desk, PLACE, **POST_PAID, confirm="1", children="3")
    assert "Refezione, postpagato dal 1 dicembre 2026" in done
    assert (kind_of(valle, date(2026, 11, 30)), kind_of(valle, date(2026, 12, 1))) == ("prepaid", "postpaid")
    assert "Non cambia nessuno" in press(desk, PLACE, **POST_PAID)


def test_who_has_a_rule_of_its_own_stays_and_who_has_not_signed_is_counted(valle: Cast, desk: Browser) -> None:
    valle_says = {"by": OFFICE, "service": valle.services["mensa"], "reason": "", "now": clock.now()}
    paying.set_for_children(child_ids=[valle.child("Amina").pk], kind="postpaid", first=date(2026, 11, 1), **valle_says)
    paying.set_for_all(kind="postpaid", first=date(2027, 1, 1), **valle_says)
    told = press(desk, PLACE, **POST_PAID | {"kind": "debit"})
    assert "Bambini che cambiano 2 Famiglie 1 Hanno una regola loro, e restano come sono 1" in told
    assert "1 famiglia non ha ancora autorizzato la banca" in told
    assert "Fino al 31 dicembre 2026: dal giorno dopo c’è già un’altra regola" in told
    signed(valle.families["rossi"].guardian)
    assert "autorizzato la banca" not in press(desk, PLACE, **POST_PAID | {"kind": "debit"})


def test_a_billed_month_is_refused_at_the_first_press(valle: Cast, desk: Browser) -> None:
    post_paid(valle)
    eat(valle, october(1))
    bill(valle)
    refused = press(desk, PLACE, service="mensa", kind="prepaid", first="2026-10-15", reason="")
    assert "scegli un giorno dal 1 novembre 2026 in poi" in refused
    assert "Controlla e conferma" not in refused


def test_a_day_of_another_century_is_asked_for_again(desk: Browser) -> None:
    for year in ("0206", "9999"):
        for more in ({}, {"confirm": "1", "children": "3"}):
            told = press(desk, PLACE, **POST_PAID | {"first": f"{year}-12-31"} | more)
            assert "Controlla l’anno" in told
            assert "Le regole scritte" not in told


def test_what_changes_nobody_is_not_written(valle: Cast, desk: Browser) -> None:
    post_paid(valle)
    told = press(desk, PLACE, **POST_PAID, confirm="1", children="0")
    assert "Non cambia nessuno" in told
    assert "delibera 12" not in told
