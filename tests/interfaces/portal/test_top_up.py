"""A family tops up: amounts, check, summary, payment; back, twice, in two tabs, after signing in again."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from campanella.domains.accounts.models import User
from campanella.domains.payments.gateways.base import GatewayUnavailable
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.models import Cart, PaymentRequest
from campanella.domains.people import mending
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from tests.browsing import Browser, at_most, browser
from tests.paying import TAX_CODES, prepare, receive, wish
from tests.towns import OFFICE, PASSWORD, Cast, Family, choosing, text_of, without_account


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    return browser(valle.town, ready.user)


def choose(phone: Browser, **amounts: str) -> str:
    """Fill the first step in and return the address of the second."""
    answer = phone.get("/pagamenti/ricarica/", {**amounts, "fai": "prosegui"})
    assert answer.status_code == 303, text_of(answer)
    return str(answer["Location"])


def summary_of(valle: Cast, phone: Browser, **cents: int) -> str:
    """Go to the summary of an order, by the names of the children."""
    wishes = {f"scelta-{valle.wallet(name).pk}": str(amount) for name, amount in cents.items()}
    return choose(phone, **wishes).replace("controllo", "riepilogo")


def test_both_children_are_paid_at_once_with_one_cart(valle: Cast, rossi: Family, phone: Browser, pagopa: list[Any]) -> None:
    anna, luca = valle.wallet("Anna").pk, valle.wallet("Luca").pk
    valle.credit("Anna", 3680)

    with at_most(7):
        first = phone.read("/pagamenti/ricarica/")
    check = choose(phone, **{f"scelta-{luca}": "2000", f"scelta-{anna}": "altro", f"importo-{anna}": "46"})
    with at_most(12):
        second = phone.read(check)
    third = phone.read(check.replace("controllo", "riepilogo"))
    answer = phone.post(check.replace("controllo", "riepilogo"), {"modo": "online"})

    assert "Adesso 36,80 €, circa 8 pasti" in first
    assert "circa 6 pasti" in first
    assert "Procedi! Mail corretta" in second
    assert "rossi@posta.example" in second
    assert "RSSMRA85T1••••••" in second
    assert "il credito diventa 82,80 €, circa 18 pasti" in third
    assert "Totale 66,00 €" in third
    assert (answer.status_code, answer["Location"]) == (303, "https://checkout.example/1")
    assert sorted(notice.cents for notice in pagopa[0].notices) == [2000, 4600]
    told = sorted(notice.description for notice in pagopa[0].notices)
    codes = sorted(child.code for child in rossi.children.values())
    assert told == [f"Ricarica Refezione, ottobre 2026, codice {code}" for code in codes], "whose it is, and no name"


def test_the_address_of_an_order_names_nobody(valle: Cast, phone: Browser) -> None:
    check = choose(phone, **{f"scelta-{valle.wallet('Anna').pk}": "2000"})

    assert set(parse_qs(urlsplit(check).query)) == {"r", "ordine"}
    assert not re.search("(?i)anna|rossi|@", check)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("3", "Il minimo è 5,00 €. Scrivi per esempio 20,00."),
        ("0", "Il minimo è 5,00 €."),
        ("-20", "L’importo non può essere negativo."),
        ("1e9", "Questo non è un importo."),
        ("1000000000", "Il massimo è 500,00 €."),
        ("500,01", "Il massimo è 500,00 €."),
        ("20,555", "Dopo la virgola vanno al massimo due cifre"),
        ("venti", "Questo non è un importo."),
        ("", "Scegli almeno un importo"),
    ],
)
def test_a_wrong_amount_is_explained_and_kept(valle: Cast, phone: Browser, typed: str, words: str) -> None:
    anna = valle.wallet("Anna").pk
    answer = phone.get("/pagamenti/ricarica/", {f"scelta-{anna}": "altro", f"importo-{anna}": typed, "fai": "prosegui"})

    assert answer.status_code == 200
    assert words in text_of(answer)
    assert "<title>Errore: " in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode() or not typed


@pytest.mark.parametrize(("typed", "cents"), [("20", 2000), ("20,5", 2050), ("20.50", 2050), ("€ 20", 2000), ("5", 500)])
def test_amounts_are_read_as_people_write_them(valle: Cast, phone: Browser, typed: str, cents: int) -> None:
    anna = valle.wallet("Anna").pk

    assert f"r={anna}-{cents}&" in choose(phone, **{f"scelta-{anna}": "altro", f"importo-{anna}": typed})


def test_an_amount_written_without_a_tile_counts(valle: Cast, phone: Browser) -> None:
    anna = valle.wallet("Anna").pk

    assert f"r={anna}-2300&" in choose(phone, **{f"importo-{anna}": "23"})


def test_a_wallet_in_the_address_is_ready_and_the_total_follows(valle: Cast, phone: Browser) -> None:
    anna = valle.wallet("Anna").pk

    assert "Totale 20,00 €" in phone.read("/pagamenti/ricarica/", wallet=str(anna))
    part = phone.get("/pagamenti/ricarica/", {f"scelta-{anna}": "5000"}, headers={"HX-Request": "true"})
    assert text_of(part).strip() == "Totale 50,00 €"


def test_a_missing_datum_stops_before_paying(valle: Cast, rossi: Family, pagopa: list[Any]) -> None:
    phone = browser(valle.town, rossi.user)
    check = choose(phone, **{f"scelta-{valle.wallet('Luca').pk}": "2000"})

    page = phone.read(check)
    assert "Attenzione: manca il codice fiscale di Luca" in page
    assert "Prosegui" not in page
    assert phone.post(check.replace("controllo", "riepilogo"), {"modo": "online"})["Location"] == check
    assert pagopa == []
    mending.write_child_tax_code(by=OFFICE, child_id=rossi.children["Luca"].pk, tax_code=TAX_CODES["Luca"], now=clock.now())
    assert "Procedi! Mail corretta" in phone.read(check)


def test_sending_the_summary_twice_makes_one_payment(valle: Cast, phone: Browser, pagopa: list[Any]) -> None:
    summary = summary_of(valle, phone, Anna=2000)

    first = phone.post(summary, {"modo": "online"})
    second = phone.post(summary, {"modo": "online"})

    assert first["Location"] == second["Location"] == "https://checkout.example/1"
    assert PaymentRequest.objects.count() == Cart.objects.count() == len(pagopa) == 1


def test_a_second_start_is_stopped_kindly_and_free_after_half_an_hour(
    valle: Cast, phone: Browser, pagopa: list[Any], at: Any
) -> None:
    summary = summary_of(valle, phone, Anna=2000)
    phone.post(summary, {"modo": "online"})

    at("08:52")
    stopped = phone.post(summary, {"modo": "online"})
    assert stopped["Location"] == f"/pagamenti/ritorno/{pagopa[0].id}/"
    assert "finisce da solo alle 9:17" in phone.read(stopped["Location"])
    at("09:18")
    assert phone.post(summary, {"modo": "online"})["Location"] == "https://checkout.example/2"
    assert PaymentRequest.objects.count() == 1


def test_the_summary_tells_a_payment_under_way_from_one_the_office_looks_at(
    valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]
) -> None:
    phone.post(summary_of(valle, phone, Luca=2000), {"modo": "online"})
    luca = phone.read(summary_of(valle, phone, Luca=5000))
    (deleted,) = prepare(valle, ready, wish(valle, cents=3000))
    phone.post(f"/pagamenti/avvisi/{deleted.pk}/elimina/")
    receive(deleted)
    anna = phone.read(summary_of(valle, phone, Anna=2000))

    assert "Non sappiamo se hai già pagato Alle 8:47 si è aperta la pagina di pagoPA" in luca
    assert "Refezione di Luca, 20,00 €" in luca
    assert "Non sappiamo" not in anna
    assert "Un pagamento è arrivato e lo controlla l’ufficio" in anna
    assert "Refezione di Anna, 30,00 €, avviso del 14 ottobre 2026" in anna


def test_a_long_order_survives_signing_in_again(valle: Cast, ready: Family) -> None:
    """The first step carries every wallet's amount in its address, and a large family has many."""
    place = "/pagamenti/ricarica/?" + "&".join(f"importo-{number:018}=12,50" for number in range(20)) + "&fai=prosegui"
    stranger = browser(valle.town)

    asked = stranger.get(place)["Location"]
    answer = stranger.post(asked, {"username": ready.user.username, "password": PASSWORD})

    assert len(place) > 500
    assert answer["Location"] == place


def test_another_tab_is_another_order(valle: Cast, phone: Browser, pagopa: list[Any]) -> None:
    one, other = summary_of(valle, phone, Anna=2000), summary_of(valle, phone, Luca=5000)

    phone.post(other, {"modo": "online"})
    phone.post(one, {"modo": "online"})

    assert [cart.notices[0].cents for cart in pagopa] == [5000, 2000]


def test_signing_in_again_comes_back_to_the_same_amounts(valle: Cast, phone: Browser) -> None:
    summary = summary_of(valle, phone, Anna=2000)
    stranger = browser(valle.town)

    read = stranger.get(summary)["Location"]
    sent = stranger.post(summary, {"modo": "online"}, HTTP_REFERER=f"http://{valle.town.host}{summary}")["Location"]

    assert parse_qs(urlsplit(read).query)["next"] == parse_qs(urlsplit(sent).query)["next"] == [summary]
    assert "Totale 20,00 €" in phone.read(summary)


def test_going_back_shows_the_amounts_again(valle: Cast, phone: Browser) -> None:
    anna = valle.wallet("Anna").pk
    check = choose(phone, **{f"scelta-{anna}": "altro", f"importo-{anna}": "23,40"})

    page = phone.get(check.replace("controllo/", "")).content.decode()
    assert 'value="23,40"' in page
    assert "Totale 23,40 €" in phone.read(check.replace("controllo/", ""))


def test_a_notice_instead_is_one_notice_however_often_it_is_sent(valle: Cast, phone: Browser) -> None:
    summary = summary_of(valle, phone, Anna=2000)

    places = {phone.post(summary, {"modo": "avviso"})["Location"] for _ in range(3)}

    assert places == {f"/pagamenti/avvisi/{PaymentRequest.objects.get().pk}/"}
    page = phone.read(places.pop())
    assert "Refezione di Anna" in page
    assert "venerdì 13 novembre 2026" in page


def test_pagopa_that_does_not_answer_offers_the_notice(valle: Cast, phone: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: Any, **__: Any) -> str:
        raise GatewayUnavailable("Il pagamento on-line in questo momento non risponde. Non hai pagato nulla.")

    monkeypatch.setattr(checkout, "open_cart", silent)
    summary = summary_of(valle, phone, Anna=2000)

    page = text_of(phone.post(summary, {"modo": "online"}))

    assert "Il pagamento on-line non è partito" in page
    assert "Non hai pagato nulla" in page
    assert phone.post(summary, {"modo": "avviso"}).status_code == 303
    assert PaymentRequest.objects.get().is_notice


@pytest.mark.parametrize("change", ["-100&", "-60000&", "-x&", "-2000&r=1-2000&r=2-2000&r=3-2000&r=4-2000&r=5-2000&"])
def test_an_address_changed_by_hand_pays_nothing(valle: Cast, phone: Browser, pagopa: list[Any], change: str) -> None:
    summary = summary_of(valle, phone, Anna=2000).replace("-2000&", change)

    answer = phone.post(summary, {"modo": "online"})

    assert answer.status_code in (303, 404)
    assert pagopa == []
    assert not PaymentRequest.objects.exists()


def test_another_family_s_wallet_is_not_there(valle: Cast, phone: Browser) -> None:
    amina = valle.wallet("Amina").pk
    summary = summary_of(valle, phone, Anna=2000)

    assert phone.get("/pagamenti/ricarica/", {"wallet": str(amina)}).status_code == 404
    assert phone.post(re.sub(r"r=\d+-", f"r={amina}-", summary), {"modo": "online"}).status_code == 404
    assert phone.get(f"/pagamenti/movimenti/{amina}/").status_code == 404


def test_coming_back_tells_how_it_stands(valle: Cast, phone: Browser, pagopa: list[Any]) -> None:
    phone.post(summary_of(valle, phone, Anna=2000), {"modo": "online"})
    token = pagopa[0].id

    with at_most(15):
        page = phone.read(f"/pagamenti/ritorno/{token}/ok/")
    assert "Il pagamento sta arrivando 20,00 €" in page
    assert "Puoi chiudere questa pagina" in page
    assert phone.get(f"/pagamenti/ritorno/{token}/")["Refresh"] == f"5;url=/pagamenti/ritorno/{token}/", "without scripts"
    assert phone.get(f"/pagamenti/ritorno/{token}/", headers={"HX-Request": "true"}).status_code == 204
    assert "Il pagamento sta arrivando" in phone.read(f"/pagamenti/ritorno/{token}/cancelled/"), "the first word holds"


@pytest.mark.parametrize(
    ("outcome", "words"), [("cancelled", "Hai lasciato il pagamento"), ("failed", "Il pagamento non è riuscito")]
)
def test_a_payment_left_may_be_tried_again_at_once(
    valle: Cast, phone: Browser, pagopa: list[Any], outcome: str, words: str
) -> None:
    phone.post(summary_of(valle, phone, Anna=2000), {"modo": "online"})

    page = phone.read(f"/pagamenti/ritorno/{pagopa[0].id}/{outcome}/")

    assert words in page
    assert "Non hai pagato nulla" in page
    again = phone.post("/pagamenti/avvisi/paga/", {"avviso": PaymentRequest.objects.get().pk})
    assert again["Location"] == "https://checkout.example/2"


def test_who_left_the_payment_of_a_notice_goes_back_to_it(
    valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]
) -> None:
    (made,) = prepare(valle, ready, wish(valle, cents=3000))
    phone.post(f"/pagamenti/avvisi/{made.pk}/paga/")

    page = phone.read(f"/pagamenti/ritorno/{pagopa[0].id}/cancelled/")

    assert "Torna all’avviso" in page
    assert "Genera Avviso" not in page


def test_a_visit_is_its_own_family_s(valle: Cast, phone: Browser, pagopa: list[Any]) -> None:
    phone.post(summary_of(valle, phone, Anna=2000), {"modo": "online"})
    other = browser(valle.town, valle.families["haddad"].user)
    request = PaymentRequest.objects.get().pk

    for address in ("ritorno/{0}/", "ritorno/{0}/ok/", "ritorno/{0}/cancelled/"):
        assert other.get("/pagamenti/" + address.format(pagopa[0].id)).status_code == 404
    for address in ("", "avviso.pdf", "ricevuta.pdf", "elimina/"):
        assert other.get(f"/pagamenti/avvisi/{request}/{address}").status_code == 404
    for address in ("paga/", "genera/", "elimina/"):
        assert other.post(f"/pagamenti/avvisi/{request}/{address}").status_code == 404
    with scope(valle.town.id):
        assert Cart.objects.get().outcome == ""
        assert PaymentRequest.objects.get().state == "open"


def test_clicca_qui_mends_the_datum_and_comes_back_to_the_same_place(valle: Cast, rossi: Family) -> None:
    phone = browser(valle.town, rossi.user)
    check = choose(phone, **{f"scelta-{valle.wallet('Luca').pk}": "2000"})
    page = phone.get(check).content.decode()
    link = html.unescape(re.search(rf'href="(/anagrafica/figli/{rossi.children["Luca"].pk}/[^"]+)"', page)[1])  # type: ignore[index]  # it is there

    assert phone.get(link).status_code == 200
    saved = phone.post(link, {"tax_code": TAX_CODES["Luca"], "next": parse_qs(urlsplit(link).query)["next"][0]})

    assert saved["Location"] == check
    assert "Procedi! Mail corretta" in phone.read(check)


def test_an_address_that_waits_for_its_link_is_not_said_to_be_missing(valle: Cast, ready: Family) -> None:
    Guardian.objects.filter(pk=ready.guardian.pk).update(email="")
    User.objects.filter(pk=ready.user.pk).update(email="")
    phone = browser(valle.town, ready.user)
    check = choose(phone, **{f"scelta-{valle.wallet('Luca').pk}": "2000"})
    assert "Attenzione: manca la tua e-mail" in phone.read(check)

    phone.post(
        "/anagrafica/recapiti/",
        {"email": "maria@nuova.example", "phone": "333 555 0142", "password": PASSWORD, "next": check},
    )

    page = phone.read(check)
    assert "Puoi pagare lo stesso: finché non tocchi il collegamento che ti abbiamo mandato a maria@nuova.example" in page
    assert "manca la tua e-mail" not in page


@pytest.mark.parametrize("way", ["avviso", "online"])
def test_one_pays_with_an_address_that_still_waits_for_its_link(
    valle: Cast, ready: Family, pagopa: list[Any], way: str
) -> None:
    """The link concerns messages; pagoPA is not told an address that nobody has proved."""
    Guardian.objects.filter(pk=ready.guardian.pk).update(email="")
    User.objects.filter(pk=ready.user.pk).update(email="")
    phone = browser(valle.town, ready.user)
    new = {"email": "maria@nuova.example", "phone": "333 555 0142", "password": PASSWORD}
    phone.post("/anagrafica/recapiti/", new)
    check = choose(phone, **{f"scelta-{valle.wallet('Luca').pk}": "2000"})

    assert "Prosegui" in phone.read(check)
    went = phone.post(check.replace("controllo", "riepilogo"), {"modo": way})["Location"]

    made = PaymentRequest.objects.get()
    assert went == ("https://checkout.example/1" if way == "online" else f"/pagamenti/avvisi/{made.pk}/")
    assert [cart.email for cart in pagopa] == ([""] if way == "online" else [])


def test_a_debt_is_paid_before_any_meal(valle: Cast, ready: Family) -> None:
    valle.credit("Luca", -1500)
    page = browser(valle.town, ready.user).read("/pagamenti/ricarica/", wallet=str(valle.wallet("Luca").pk))

    assert "10 € non basta per il debito" in page
    assert "20 € circa 1 pasto" in page


@pytest.mark.parametrize("way", ["avviso", "online"])
def test_a_town_without_an_account_says_so_and_makes_nothing(valle: Cast, phone: Browser, way: str) -> None:
    summary = summary_of(valle, phone, Anna=2000)
    without_account(valle.town)

    page = text_of(phone.post(summary, {"modo": way}))

    assert "il Comune deve ancora indicare il suo conto" in page
    assert PaymentRequest.objects.count() == 0


def test_whoever_follows_a_payment_can_call_the_office_with_a_tap(
    valle: Cast, phone: Browser, pagopa: list[Any], at: Any
) -> None:
    choosing(valle.town, office_phone="0721 555 011")
    phone.post(summary_of(valle, phone, Anna=2000), {"modo": "online"})
    here = f"/pagamenti/ritorno/{pagopa[0].id}/"
    at("08:50")
    for address, state in ((here, "Non sappiamo se hai pagato"), (f"{here}failed/", "Il pagamento non è riuscito")):
        page = phone.get(address).content.decode()
        assert state in page
        assert 'href="tel:0721555011"' in page, state
    choosing(valle.town, office_phone="")
    assert "tel:" not in phone.get(here).content.decode()
