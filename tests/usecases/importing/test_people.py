"""An office's register comes over: once, whole, and the second time nothing changes."""

import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.attendance import operations as attendance
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger import verify
from campanella.domains.people import queries as people
from campanella.domains.people import searching
from campanella.domains.people.models import Child, Guardian, Guardianship
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Service
from campanella.foundation.core import audit, clock
from campanella.readings import proofs
from campanella.usecases import mealtime
from tests.config.commands.running import ROOT, said
from tests.towns import TODAY, Cast
from tests.usecases.importing.files import ANNA, HEADERS, LUCA, changed, text_file, town_of, workbook


def bring(path: Path, *more: str) -> str:
    return said("import", "people", str(path), "--town", "valle", *more)


def tried(path: Path, *more: str) -> str:
    """Return what a dry run prints of a file that does not do; it ends with a status other than 0."""
    out = StringIO()
    with pytest.raises(CommandError, match=r"non v(a|anno): così com’è non si importa niente\.$"):
        call_command("import", "people", str(path), "--town", "valle", "--dry-run", *more, stdout=out)
    return out.getvalue()


def test_a_family_comes_with_its_class_services_and_balance(valle: Cast, tmp_path: Path) -> None:
    printed = bring(text_file(tmp_path, [ANNA, LUCA]), "--total-debts", "36,80", "--total-credits", "12,50")

    assert "2 righe; debiti 36,80\xa0€, crediti 12,50\xa0€" in printed
    assert "bambini registrati 2, aggiornati 0, già a posto 0, righe che non vanno 0" in printed
    assert "aggiunti: 1 genitore, 1 plesso, 2 classi, 0 servizi, 3 iscrizioni, 2 saldi iniziali" in printed
    (anna,) = searching.children(text="A-1")
    assert (anna.full_name, anna.tax_code, anna.birth_date) == ("Anna Bruni", "BRNNNA19D52L483B", date(2019, 4, 12))
    payer = people.payer_of(child_id=anna.pk)
    assert payer is not None
    assert (payer.full_name, payer.email) == ("Maria Addolorata Bruni", "bruni@posta.example")
    assert len(people.children_of_guardian(guardian_id=payer.pk)) == 2
    assert schools.places_of(child_ids=[anna.pk], day=TODAY)[anna.pk].label == "2A · Primaria Collodi"
    used = enrolment.enrolled(child_ids=[anna.pk], day=TODAY)
    assert [(use.service_code, use.price.cents) for use in used] == [("mensa", 460), ("scuolabus", 150)]
    assert [(w.service_name, w.balance.cents) for w in wallets.wallets_of(child_ids=[anna.pk])] == [
        ("Refezione", 1250),
        ("Scuolabus", 0),
    ]
    (luca,) = searching.children(text="A-2")
    (line,) = wallets.movements_of(wallet_id=wallets.wallets_of(child_ids=[luca.pk])[0].id)
    source = f"opening:{luca.pk}:{Service.objects.get(code='mensa').pk}"
    assert (line.memo, line.amount.cents, line.source) == ("Saldo dal programma precedente", -3680, source)
    assert verify.violations() + proofs.violations() == []
    assert "ha importato anagrafica.csv: 2 bambini nuovi" in audit.acts_on(subjects=["town"])[0].sentence


def test_the_documented_example_is_whole(valle: Cast) -> None:
    printed = bring(ROOT / "docs" / "how" / "esempio-import.csv")
    assert "bambini registrati 3, aggiornati 0, già a posto 0, righe che non vanno 0" in printed
    assert "avviso" not in printed


def test_a_second_run_changes_nothing_and_says_so(valle: Cast, tmp_path: Path) -> None:
    path = text_file(tmp_path, [ANNA, LUCA])
    bring(path)
    before = _counts()
    assert "niente da cambiare: nel Comune è già tutto come nel file" in bring(path)
    assert _counts() == before


def test_an_imported_child_eats_and_pays(valle: Cast, tmp_path: Path) -> None:
    bring(text_file(tmp_path, [ANNA]))
    (anna,) = searching.children(text="A-1")
    place = schools.places_of(child_ids=[anna.pk], day=TODAY)[anna.pk]
    group = next(group for group in schools.all_classes(day=TODAY) if group.pk == place.class_group_id)
    meal = Service.objects.get(code="mensa")
    call = attendance.begin(class_group=group, service=meal, day=TODAY)
    assert mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=0, now=clock.now()) == 1
    assert wallets.wallets_of(child_ids=[anna.pk])[0].balance.cents == 1250 - 460


def test_a_dry_run_writes_nothing_and_prints_every_bad_line(valle: Cast, tmp_path: Path) -> None:
    bad = changed(LUCA, codice_fiscale_genitore="BRNMDD85T50A562A", data_di_nascita="31/02/2020", saldo="boh")
    before = _counts()
    printed = tried(text_file(tmp_path, [ANNA, bad]))
    assert "riga 3, Codice fiscale genitore: il codice fiscale non è corretto" in printed
    assert "riga 3, Data di nascita: “31/02/2020” non è una data del calendario" in printed
    assert "riga 3, Saldo: “boh” non è un importo: scrivi per esempio 12,50" in printed
    assert "bambini da registrare 1, da aggiornare 0, già a posto 0, righe che non vanno 1" in printed
    assert _counts() == before


def test_a_dry_run_says_in_advance_what_the_import_does(valle: Cast, tmp_path: Path) -> None:
    path = text_file(tmp_path, [ANNA, LUCA])
    before = bring(path, "--dry-run")
    after = bring(path)
    assert "da registrare 2" in before
    told = before.replace("da registrare", "registrati").replace("da aggiornare", "aggiornati")
    assert told.replace("si aggiungono", "aggiunti") == after


def test_a_line_with_more_cells_than_headers_is_not_guessed_at(valle: Cast, tmp_path: Path) -> None:
    printed = tried(text_file(tmp_path, [ANNA, [*LUCA[:-1], "1", "234.56"]]))
    assert "riga 3, tutta la riga: ci sono più celle che intestazioni (“234.56”)" in printed


def test_a_bad_line_stops_everything_unless_it_is_skipped(valle: Cast, tmp_path: Path) -> None:
    path = text_file(tmp_path, [ANNA, changed(LUCA, classe="")])
    before = _counts()
    with pytest.raises(CommandError, match=r"^Una riga non va: non è stato importato niente\.$"):
        bring(path)
    assert _counts() == before
    printed = bring(path, "--skip-bad")
    assert "bambini registrati 1, aggiornati 0, già a posto 0, righe che non vanno 1" in printed
    assert "di cui nelle righe che non vanno: debiti 36,80\xa0€, crediti 0,00\xa0€; sono rimasti fuori" in printed


@pytest.mark.parametrize(
    ("options", "last", "sentence"),
    [
        (["--total-debts", "36,79"], None, "I debiti nelle righe fanno 36,80\xa0€, il totale dichiarato dice 36,79\xa0€"),
        (["--total-credits", "0"], None, "I crediti nelle righe fanno 12,50\xa0€, il totale dichiarato dice 0,00\xa0€"),
        ([], "-24,31", "I crediti meno i debiti nelle righe fanno −24,30\xa0€, il totale dichiarato dice −24,31\xa0€"),
    ],
)
def test_totals_that_do_not_agree_stop_it(
    valle: Cast, tmp_path: Path, options: list[str], last: str | None, sentence: str
) -> None:
    total = [["TOTALE", *[None] * 13, last]] if last else []
    before = _counts()
    with pytest.raises(CommandError, match=re.escape(sentence)):
        bring(text_file(tmp_path, [ANNA, LUCA, *total]), *options)
    assert _counts() == before


def test_a_total_line_that_agrees_is_no_child(valle: Cast, tmp_path: Path) -> None:
    assert "2 righe" in bring(text_file(tmp_path, [ANNA, LUCA, ["Totale generale", *[None] * 13, "-24,30"]]))


def test_the_total_of_a_large_town_is_compared_too(valle: Cast, tmp_path: Path) -> None:
    path = text_file(tmp_path, [ANNA, LUCA, ["TOTALE", *[None] * 13, "-120000,00"]])
    with pytest.raises(CommandError, match=r"il totale dichiarato dice −120\.000,00"):
        bring(path)
    with pytest.raises(CommandError, match=r"il totale dichiarato dice 120\.000,00"):
        bring(text_file(tmp_path, [ANNA, LUCA]), "--total-debts", "120000,00")


@pytest.mark.parametrize("code", ["A-1B", "a-1"])
def test_a_child_with_a_new_code_brings_its_balance_once(valle: Cast, tmp_path: Path, code: str) -> None:
    bring(text_file(tmp_path, [ANNA, LUCA]))
    printed = bring(text_file(tmp_path, [changed(ANNA, codice=code), changed(LUCA, codice="A-2B")]))
    assert "bambini registrati 0, aggiornati 2" in printed
    assert "0 saldi iniziali" in printed
    with pytest.raises(CommandError, match="Una riga non va"):
        bring(text_file(tmp_path, [changed(ANNA, codice="A-1C", saldo="13,00")]))


def test_a_class_is_the_same_in_small_letters(valle: Cast, tmp_path: Path) -> None:
    bring(text_file(tmp_path, [ANNA]))
    printed = bring(text_file(tmp_path, [changed(ANNA, classe="2a"), changed(LUCA, classe="2a")]))
    assert "aggiunti: 0 genitori, 0 plessi, 0 classi" in printed
    assert "già a posto 1" in printed


def test_a_town_with_both_spellings_of_a_class_keeps_its_children_in_theirs(valle: Cast, tmp_path: Path) -> None:
    bring(text_file(tmp_path, [ANNA]))
    anna = ClassGroup.objects.get(name="2A")
    ClassGroup.objects.create(school=anna.school, year=anna.year, name="2a")
    assert "niente da cambiare" in bring(text_file(tmp_path, [ANNA]))
    assert "aggiunti: 0 genitori, 0 plessi, 0 classi" in bring(text_file(tmp_path, [changed(LUCA, classe="2a")]))
    (luca,) = searching.children(text="A-2")
    assert schools.places_of(child_ids=[luca.pk], day=TODAY)[luca.pk].label == "2a · Primaria Collodi"


def test_a_child_who_may_be_one_of_two_is_a_bad_line(valle: Cast, tmp_path: Path) -> None:
    nameless = {"codice": "", "codice_fiscale": "", "data_di_nascita": "", "saldo": ""}
    codes = ("BRNLCU20P03L483T", "BRNNNA19D52L483B")
    bring(text_file(tmp_path, [changed(LUCA, **nameless | {"codice_fiscale": code}) for code in codes]))
    before = _counts()
    with pytest.raises(CommandError, match="Una riga non va"):
        bring(text_file(tmp_path, [changed(LUCA, **nameless)]))
    assert _counts() == before


def test_a_price_after_a_blank_is_a_price(valle: Cast, tmp_path: Path) -> None:
    bring(text_file(tmp_path, [changed(ANNA, servizi="mensa 4,60 + scuolabus: 1,50 €")]))
    (anna,) = searching.children(text="A-1")
    used = enrolment.enrolled(child_ids=[anna.pk], day=TODAY)
    assert [(use.service_code, use.price.cents) for use in used] == [("mensa", 460), ("scuolabus", 150)]


def test_another_opening_balance_later_is_an_error_and_not_a_correction(valle: Cast, tmp_path: Path) -> None:
    bring(text_file(tmp_path, [ANNA]))
    with pytest.raises(CommandError, match="Una riga non va"):
        bring(text_file(tmp_path, [changed(ANNA, saldo="20,00")]))
    (anna,) = searching.children(text="A-1")
    assert wallets.wallets_of(child_ids=[anna.pk])[0].balance.cents == 1250


def test_changes_are_told_and_made(valle: Cast, tmp_path: Path) -> None:
    bring(text_file(tmp_path, [ANNA, changed(LUCA, data_di_nascita="")]))
    moved = changed(ANNA, classe="3A", servizi="mensa=3,10", email_genitore="altra@posta.example")
    known = changed(LUCA, codice_fiscale="BRNLCU20P03L483T")
    printed = bring(text_file(tmp_path, [moved, known]))
    assert "bambini registrati 0, aggiornati 2, già a posto 0, righe che non vanno 0" in printed
    (anna,) = searching.children(text="A-1")
    assert schools.places_of(child_ids=[anna.pk], day=TODAY)[anna.pk].class_name == "3A"
    used = enrolment.enrolled(child_ids=[anna.pk], day=TODAY)
    assert [(use.service_code, use.price.cents) for use in used] == [("mensa", 310), ("scuolabus", 150)]
    payer = people.payer_of(child_id=anna.pk)
    assert payer is not None
    assert payer.email == "bruni@posta.example", "what a family may have mended is never replaced"
    (luca,) = searching.children(text="A-2")
    assert (luca.tax_code, luca.birth_date) == ("BRNLCU20P03L483T", date(2020, 9, 3))


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (ANNA, "è lo stesso bambino della riga 2"),
        (changed(ANNA, codice="A-9"), "è lo stesso bambino della riga 2"),
        (changed(LUCA, codice="A-1"), "è lo stesso bambino della riga 2"),
        (changed(LUCA, cognome="", nome="=cmd|'/c calc'!A1"), "comincia con “=”: sembra una formula"),
        (changed(LUCA, classe="=cmd|'/c calc'!A1"), "comincia con “=”: sembra una formula"),
        (changed(LUCA, plesso="@SUM(A1)"), "comincia con “@”: sembra una formula"),
        (changed(LUCA, ordine="liceo"), "“liceo” non è un ordine di scuola"),
        (changed(LUCA, servizi="nuoto=3,00"), "il Comune non ha un servizio “nuoto”"),
        (changed(LUCA, servizi="mensa=fascia Z"), "“mensa” non ha una fascia “fascia Z”"),
        (changed(LUCA, servizi=""), "per portare un saldo serve un servizio"),
        (changed(LUCA, codice=""), "per portare un saldo serve il codice precedente o il codice fiscale"),
        (changed(LUCA, data_di_nascita="03/09/2031"), "la data 03/09/2031 non è possibile"),
        (changed(LUCA, email_genitore="rossi"), "“rossi” non è un indirizzo e-mail"),
        (changed(LUCA, cognome_genitore="", nome_genitore=""), "manca"),
        (changed(LUCA, codice_fiscale="BRNNNA19D52L483B"), "è lo stesso bambino della riga 2"),
    ],
)  # fmt: skip
def test_each_bad_line_has_its_reason(valle: Cast, tmp_path: Path, second: list[str], reason: str) -> None:
    printed = tried(text_file(tmp_path, [ANNA, second]))
    assert re.search(rf"^riga 3, [^:]+: .*{re.escape(reason)}", printed, re.MULTILINE), printed


def test_a_tax_code_of_somebody_else_is_a_warning(valle: Cast, tmp_path: Path) -> None:
    printed = bring(text_file(tmp_path, [changed(ANNA, nome="Lucia")]))
    assert "riga 2, avviso, Codice fiscale: il codice fiscale non sembra di questo nome e cognome" in printed
    assert "bambini registrati 1," in printed


def test_brackets_of_the_town_are_used_by_name_or_as_the_full_price(valle: Cast, tmp_path: Path) -> None:
    named, full = changed(ANNA, servizi="mensa=half"), changed(LUCA, servizi="mensa")
    bring(text_file(tmp_path, [named, full]))
    prices = [
        use.price.cents
        for code in ("A-1", "A-2")
        for use in enrolment.enrolled(child_ids=[searching.children(text=code)[0].pk], day=TODAY)
        if use.service_code == "mensa"
    ]
    assert prices == [310, 460]


def test_a_workbook_gives_the_same_as_a_text(valle: Cast, tmp_path: Path) -> None:
    text = bring(text_file(tmp_path, [ANNA, LUCA]), "--dry-run")
    assert bring(workbook(tmp_path, [ANNA, LUCA]), "--dry-run") == text


def test_a_formula_as_a_name_is_a_text_and_the_total_no_child(valle: Cast, tmp_path: Path) -> None:
    total = ["Totale", "=COUNTA(B2:B3)", *[""] * (len(HEADERS) - 2)]
    printed = bring(text_file(tmp_path, [ANNA, changed(LUCA, nome="=1+1"), total], headers=HEADERS))
    assert "riga 3, avviso, Nome: comincia con “=”: è un testo, lo registro com’è scritto" in printed
    assert "bambini registrati 2," in printed
    (child,) = searching.children(text="A-2")
    assert (child.given_name, child.family_name) == ("=1+1", "Bruni")
    assert "niente da cambiare" in bring(text_file(tmp_path, [ANNA, changed(LUCA, nome="=1+1"), total], headers=HEADERS))


def test_formulas_count_by_their_kept_value_and_without_one_are_told(valle: Cast, tmp_path: Path) -> None:
    path = workbook(tmp_path, [ANNA, LUCA], formulas=[("O2", "=10+2.5", 12.5), ("O3", "=1+1", "")])
    printed = tried(path)
    assert "riga 3, Saldo: contiene una formula senza valore: apri il file, salvalo di nuovo e riprova" in printed
    assert "riga 2" not in printed
    assert "crediti 12,50" in printed


def test_the_old_codes_of_two_children_are_not_mixed(valle: Cast, tmp_path: Path) -> None:
    bring(text_file(tmp_path, [ANNA, changed(LUCA, codice_fiscale="BRNLCU20P03L483T")]))
    printed = tried(text_file(tmp_path, [changed(ANNA, codice="A-2")]))
    assert "questo codice è già di un altro bambino" in printed


@pytest.mark.slow
def test_eight_thousand_children_twice(valle: Cast, tmp_path: Path) -> None:
    path = text_file(tmp_path, [*town_of(8050)], headers=HEADERS)
    for run, sentence in ((1, "bambini registrati 8050"), (2, "niente da cambiare")):
        with CaptureQueriesContext(connection) as queries:
            assert sentence in bring(path)
        assert len(queries) < 120, f"run {run}"
    assert Child.objects.count() == 8053
    assert verify.violations() == []


def _counts() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_entry")
        (entries,) = cursor.fetchone() or (0,)
    return (Child.objects.count(), Guardian.objects.count(), Guardianship.objects.count(), entries)
