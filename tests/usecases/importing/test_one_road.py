"""What a file asks for is done as the office's pages do it: re-priced, within its days, on the wallet that pays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger import verify
from campanella.domains.people import queries as people
from campanella.domains.people import searching
from campanella.domains.people.models import Child
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, Membership, School
from campanella.domains.services.models import Bracket
from campanella.foundation.core import audit, clock
from campanella.readings import proofs
from campanella.usecases import enrolling, mealtime, pricing
from tests.config.commands.running import said
from tests.tariffs import let_pay, load, prices
from tests.towns import TODAY, Cast
from tests.usecases.importing.files import ANNA, HEADERS, LUCA, changed, text_file

YESTERDAY = TODAY - timedelta(days=1)
ANNA_ROSSI = changed(
    ANNA,
    codice="R-1",
    cognome="Rossi",
    codice_fiscale="RSSNNA19D52L483C",
    plesso="Primaria Rodari",
    classe="2B",
    cognome_genitore="Rossi",
    codice_fiscale_genitore="RSSMRA85T10A562S",
    servizi="mensa=3,10",
    saldo="",
)


def bring(folder: Path, *rows: list[str], first: date = TODAY, more: tuple[str, ...] = ()) -> str:
    return said("import", "people", str(text_file(folder, rows)), "--town", "valle", "--from", first.isoformat(), *more)


def lines_of(child: Child, service: str = "mensa") -> list[Enrolled]:
    found = [line for line in enrolment.subscriptions_of(child_id=child.pk) if line.service_code == service]
    return sorted(found, key=lambda line: line.first)


def eat(valle: Cast, day: date) -> None:
    call = valle.roll_call(day=day)
    mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=None, now=clock.now())


def price(valle: Cast, code: str) -> Bracket:
    return Bracket.objects.select_related("tariff__service").get(code=code, tariff__service=valle.services["mensa"])


def change_on_the_page(valle: Cast, child: Child, *, percent: int, first: date) -> None:
    pricing.change_price(
        by=valle.staff["office"],
        child_id=child.pk,
        subscription_id=lines_of(child)[-1].id,
        bracket=price(valle, "full"),
        reduction_percent=percent,
        first=first,
        now=clock.now(),
    )


@pytest.mark.parametrize("first", [YESTERDAY, TODAY])
def test_a_new_price_charges_the_days_already_charged_again(valle: Cast, tmp_path: Path, first: date) -> None:
    eat(valle, YESTERDAY)
    eat(valle, TODAY)
    assert valle.balance("Anna") == -2 * 460

    bring(tmp_path, ANNA_ROSSI, first=first)

    days = 2 if first == YESTERDAY else 1
    assert valle.balance("Anna") == -2 * 460 + days * 150
    assert verify.violations() + proofs.violations() == []
    assert "ha cambiato la tariffa di Refezione" in audit.acts_on(subjects=[f"child:{valle.child('Anna').pk}"])[0].sentence


def test_a_new_price_keeps_the_last_day_and_the_reduction(valle: Cast, tmp_path: Path) -> None:
    anna, last = valle.child("Anna"), date(2027, 1, 29)
    change_on_the_page(valle, anna, percent=10, first=YESTERDAY)
    office = valle.staff["office"]
    enrolling.end(by=office, child_id=anna.pk, subscription_id=lines_of(anna)[-1].id, last=last, now=clock.now())

    printed = bring(tmp_path, ANNA_ROSSI)

    assert "riga 2, avviso, Servizi: la riduzione del 10 % su “mensa” resta: paga 2,79\xa0€" in printed
    now = lines_of(anna)[-1]
    assert (now.first, now.last, now.reduction_percent, now.price.cents) == (TODAY, last, 10, 279)


@pytest.mark.parametrize(("told", "warns"), [("4,14", False), ("4,60", True)], ids=["what it pays", "the whole price"])
def test_the_price_a_child_with_a_reduction_has_already(valle: Cast, tmp_path: Path, told: str, warns: bool) -> None:
    change_on_the_page(valle, valle.child("Anna"), percent=10, first=YESTERDAY)
    row = changed(ANNA_ROSSI, servizi=f"mensa={told}")
    bring(tmp_path, row)
    printed = bring(tmp_path, row)
    assert ("la riduzione del 10 % su “mensa” resta: paga 4,14" in printed) is warns
    assert "niente da cambiare" in printed
    assert lines_of(valle.child("Anna"))[-1].price.cents == 414


def test_a_new_subscription_lasts_as_long_as_its_season(valle: Cast, tmp_path: Path) -> None:
    bring(tmp_path, ANNA)
    (anna,) = searching.children(text="A-1")
    assert {line.last for line in enrolment.subscriptions_of(child_id=anna.pk)} == {date(2027, 8, 31)}
    assert Membership.objects.get(child=anna).days.upper == date(2027, 9, 1)


def test_a_common_wallet_is_used_and_none_is_opened_beside_it(valle: Cast, tmp_path: Path) -> None:
    anna = Child.objects.create(given_name="Anna", family_name="Bruni", tax_code=ANNA[3], code="C-1")
    common = ledger.open_wallet(child=anna, service_id=None)

    bring(tmp_path, ANNA)

    (wallet,) = wallets.wallets_of(child_ids=[anna.pk])
    assert (wallet.id, wallet.balance.cents) == (common.pk, 1250)
    # What was brought for one service does not stand in the way of another's, and is not brought twice.
    bring(tmp_path, changed(ANNA, servizi="scuolabus=1,50", saldo="4,00"))
    assert "niente da cambiare" in bring(tmp_path, ANNA)
    assert [w.balance.cents for w in wallets.wallets_of(child_ids=[anna.pk])] == [1650]


@pytest.mark.parametrize("known_by", [{}, {"codice": ""}, {"codice_fiscale": ""}], ids=["both", "tax code", "old code"])
def test_a_balance_comes_once_for_a_service_whatever_the_child_is_known_by(
    valle: Cast, tmp_path: Path, known_by: dict[str, str]
) -> None:
    bring(tmp_path, ANNA)
    again = changed(ANNA, **known_by)
    assert "niente da cambiare" in bring(tmp_path, again)
    other = changed(again, servizi="scuolabus=1,50", saldo="4,00")
    assert "1 saldo iniziale" in bring(tmp_path, other)
    assert "niente da cambiare" in bring(tmp_path, other)
    same = "riga 2, Saldo: il saldo iniziale è già stato portato con 4,00"
    assert same in said(
        "import", "people", str(text_file(tmp_path, [changed(other, saldo="5,00")])), "--town", "valle", "--skip-bad"
    )
    (anna,) = searching.children(text="A-1")
    assert [w.balance.cents for w in wallets.wallets_of(child_ids=[anna.pk])] == [1250, 400]


def test_the_same_amount_for_another_service_is_pointed_out(valle: Cast, tmp_path: Path) -> None:
    bring(tmp_path, ANNA)
    printed = bring(tmp_path, changed(ANNA, servizi="scuolabus=1,50"))
    assert (
        "avviso, Saldo: lo stesso saldo, 12,50\xa0€, è già stato portato per “mensa”: controlla che sia un altro" in printed
    )


def test_debt_and_credit_of_one_child_are_both_in_the_totals(valle: Cast, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Codice;Cognome;Nome;Plesso;Ordine;Classe;Servizi;Debito;Credito\n"
        "A-1;Bruni;Anna;Collodi;primaria;2A;mensa=4,60;10,00;3,00\n"
    )
    said("import", "people", str(path), "--town", "valle", "--total-debts", "10,00", "--total-credits", "3,00")
    (anna,) = searching.children(text="A-1")
    assert [w.balance.cents for w in wallets.wallets_of(child_ids=[anna.pk])] == [-700]


def test_a_class_of_the_file_takes_the_place_of_one_that_was_to_come(valle: Cast, tmp_path: Path) -> None:
    anna, third = valle.child("Anna"), valle.classes["3A"]
    schools.move(child_id=anna.pk, class_group=third, first=TODAY + timedelta(days=20))
    ClassGroup.objects.create(school=valle.school, year=third.year, name="4C")

    bring(tmp_path, changed(ANNA_ROSSI, classe="4C"))

    places = Membership.objects.filter(child=anna).order_by("days").values_list("class_group__name", "days")
    assert [(name, days.lower) for name, days in places] == [("2B", date(2026, 9, 1)), ("4C", TODAY)]
    told = [act.sentence for act in audit.acts_on(subjects=[f"child:{anna.pk}"])]
    assert "ha messo il bambino in 4C, Primaria Rodari dal 14/10/2026" in told


def test_a_school_of_the_town_is_found_by_its_name(valle: Cast, tmp_path: Path) -> None:
    printed = bring(tmp_path, changed(ANNA_ROSSI, classe="2 b"))
    assert "0 plessi, 0 classi" in printed
    assert [str(school) for school in School.objects.all()] == ["Primaria Rodari"]
    assert Membership.objects.get(child=valle.child("Anna")).class_group == valle.classes["2B"]


def test_total_rows_are_no_children_and_the_last_one_is_checked(valle: Cast, tmp_path: Path) -> None:
    nothing = [""] * 13
    rows = [ANNA, ["Totale 2A", *nothing, "12,50"], LUCA, ["Tot. 1A", *nothing, "-36,80"]]
    path = text_file(tmp_path, [*rows, HEADERS, ["TOTALE", *nothing, "-24,30"]])
    assert "2 righe" in said("import", "people", str(path), "--town", "valle", "--dry-run")
    path = text_file(tmp_path, [*rows, ["TOTALE", *nothing, "-24,31"]])
    with pytest.raises(CommandError, match="il totale dichiarato dice −24,31"):
        said("import", "people", str(path), "--town", "valle", "--dry-run")


def test_a_search_for_a_code_with_zeros_shows_both(valle: Cast, tmp_path: Path) -> None:
    bring(tmp_path, changed(ANNA, codice="00123"), changed(LUCA, codice="123"))
    for typed in ("123", "00123", "0123"):
        assert {child.given_name for child in searching.children(text=typed)} == {"Anna", "Luca"}, typed


def test_a_person_of_one_name_keeps_it(valle: Cast, tmp_path: Path) -> None:
    one = changed(ANNA, cognome="", nome="Suharto", codice_fiscale="", cognome_genitore="", nome_genitore="Sukarno")
    assert "avviso, Cognome: manca: lo registro con un nome solo" in bring(tmp_path, one)
    (child,) = searching.children(text="A-1")
    payer = people.payer_of(child_id=child.pk)
    assert payer is not None
    assert (child.full_name, payer.full_name) == ("Suharto", "Sukarno")
    assert "niente da cambiare" in bring(tmp_path, one)


def test_a_price_in_a_file_takes_nobody_off_a_tariff_that_is_reckoned(valle: Cast, tmp_path: Path) -> None:
    """The former software has a price and not why: the child goes on paying by its family's ISEE."""
    let_pay(valle, load(), "Anna")
    before = prices(valle, "Anna")
    with pytest.raises(CommandError, match="Una riga non va"):
        bring(tmp_path, ANNA_ROSSI)
    assert prices(valle, "Anna") == before
    for plain in ("mensa", "mensa=4,50"):
        bring(tmp_path, changed(ANNA_ROSSI, servizi=plain))
        assert prices(valle, "Anna") == before
