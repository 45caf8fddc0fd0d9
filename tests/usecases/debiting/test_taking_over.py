"""Mandates of a former bank or creditor from one file: told first, taken once, told to the bank with the next."""

import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from lxml import etree

from campanella.domains.billing import policies
from campanella.domains.debiting.models import Collection, CollectionFile, Mandate, MandateAct
from campanella.domains.debiting.rules.creditors import creditor_id_of, is_same_creditor
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core import clock
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.debiting import filing, taking_over
from campanella.usecases.debiting.taking_over import LinesWrong, Report
from campanella.usecases.importing.cells import Unreadable
from tests.billing import bill, eat, noon, october, tell
from tests.debits import ACCOUNT, OTHER, signed
from tests.towns import OFFICE, Cast, choosing, run_jobs
from tests.usecases.billing.conftest import post_paid
from tests.usecases.debiting.conftest import letters

HEAD = (
    "Riferimento;Data firma;IBAN;Intestatario del conto;Codice fiscale intestatario;Ultimo addebito;Codice creditore;"
    "Nuovo riferimento"
)
FORMER = "IT58ZZZ0000080017210727"
NOW = noon(date(2026, 9, 20))


@pytest.fixture
def debited_town(valle: Cast) -> Cast:
    """Valle, which collects from accounts; nobody has a mandate yet."""
    choosing(valle.town, sdd_offered=True, sdd_cuc="1234567A", bill_sample=0)
    return valle


def line(
    reference: str = "EX-0001",
    *,
    on: str = "12/09/2024",
    iban: str = ACCOUNT,
    holder: str = "Maria Rossi",
    payer: str = "RSSMRA85T10A562S",
    used: str = "15/06/2026",
    creditor: str = "",
    new: str = "",
) -> str:
    return ";".join((reference, on, iban, holder, payer, used, creditor, new))


def file(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "mandati.csv"
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def take(path: Path, *, leave_wrong: bool = False) -> Report:
    with clock.standing_at(NOW):
        return taking_over.take(by=OFFICE, path=path, kept_at="prot. 12", leave_wrong=leave_wrong, now=NOW)


def first_collection(cast: Cast) -> tuple[Collection, etree._Element]:
    """Bill October, ask the bank for it, and give the collection with its element in the file."""
    post_paid(cast)
    eat(cast, october(1, 2))
    bill(cast)
    tell()
    with clock.standing_at(noon(date(2026, 11, 20))):
        made, _ = filing.make(by=OFFICE, period=date(2026, 10, 1), now=clock.now())
        assert isinstance(made, CollectionFile)
        out = io.BytesIO()
        filing.write(out, file=made, form="pain008")
    return Collection.objects.get(), etree.fromstring(out.getvalue())


def said(root: etree._Element, path: str) -> str | None:
    return root.findtext(f".//{{*}}{path.replace('/', '/{*}')}")


def test_it_goes_on_as_the_same_mandate_and_the_bank_is_told_who_collected_with_it(
    debited_town: Cast, tmp_path: Path
) -> None:
    report = take(file(tmp_path, line(creditor=FORMER, new="COM-0001")))
    assert (len(report.new), report.carried, report.amended, report.known, report.wrong) == (1, 1, 1, 0, ())
    run_jobs(500)
    ((subject, text),) = letters()
    assert subject == "L’addebito sul conto continua"
    assert [word in text for word in ("che avevi già autorizzato continua", "COM-0001", "•••• 7890")] == [True] * 3

    one, root = first_collection(debited_town)
    assert (one.sequence, one.reference) == ("RCUR", "COM-0001")
    assert (one.former_reference, one.former_creditor_id, one.is_new_account) == ("EX-0001", FORMER, False)
    assert said(root, "AmdmntInd") == "true"
    assert said(root, "AmdmntInfDtls/OrgnlMndtId") == "EX-0001"
    assert said(root, "AmdmntInfDtls/OrgnlCdtrSchmeId/Id/PrvtId/Othr/Id") == FORMER


def test_told_once_it_is_not_told_again(debited_town: Cast, tmp_path: Path) -> None:
    take(file(tmp_path, line(creditor=FORMER, new="COM-0001")))
    first_collection(debited_town)
    eat(debited_town, [date(2026, 11, 3)])
    bill(debited_town, "2026-11")
    tell()
    with clock.standing_at(noon(date(2026, 12, 20))):
        filing.make(by=OFFICE, period=date(2026, 11, 1), now=clock.now())
    second = Collection.objects.order_by("id").last()
    assert second is not None
    assert (second.sequence, second.former_reference, second.former_creditor_id) == ("RCUR", "", "")


@pytest.mark.parametrize(
    ("used", "creditor", "sequence", "former"),
    [
        # Nobody has collected with it: the bank does not know it, and there is nothing to amend.
        ("", FORMER, "FRST", ""),
        ("15/06/2026", "", "RCUR", ""),
        ("15/06/2026", FORMER, "RCUR", FORMER),
    ],
)
def test_what_the_first_collection_says(
    debited_town: Cast, tmp_path: Path, used: str, creditor: str, sequence: str, former: str
) -> None:
    take(file(tmp_path, line(used=used, creditor=creditor)))
    one, root = first_collection(debited_town)
    assert (one.sequence, one.former_creditor_id, one.former_reference) == (sequence, former, "")
    assert (said(root, "AmdmntInd") == "true") is bool(former)


def test_another_business_code_of_the_same_creditor_is_no_change(debited_town: Cast, tmp_path: Path) -> None:
    own = creditor_id_of(active_town().tax_code)
    assert is_same_creditor(own, own[:4] + "A01" + own[7:])
    assert take(file(tmp_path, line(creditor=own[:4] + "A01" + own[7:]))).amended == 0


def test_the_same_file_again_changes_nothing(debited_town: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, line())
    take(path)
    again = take(path)
    assert (len(again.new), again.known) == (0, 1)
    assert (Mandate.objects.count(), MandateAct.objects.count()) == (1, 1)
    assert MandateAct.objects.get().evidence == {"how": "taken over", "text": "", "kept_at": "prot. 12"}


def test_the_services_of_the_payers_children_are_paid_by_it_from_the_first_of_next_month(
    debited_town: Cast, tmp_path: Path
) -> None:
    take(file(tmp_path, line()))
    anna, meal = debited_town.child("Anna").pk, debited_town.services["mensa"].pk
    kinds = policies.kinds_on(owners=[(anna, meal)], day=date(2026, 10, 1))
    assert kinds[anna, meal] == "debit"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (line(""), "manca il riferimento del mandato"),
        (line("A//B"), "il riferimento ha caratteri che la banca non accetta"),
        (line(on=""), "manca la data della firma"),
        (line(on="01/01/2030"), "non è possibile"),
        (line(on="12/09/2019", used=""), "non è usata da più di 36 mesi"),
        (line(used="01/01/2020"), "non è possibile"),
        (line(iban="IT35Q0306909606100000067890"), "il carattere di controllo (CIN) non corrisponde"),
        (line(iban="TR330006100519786457841326"), "non fa parte della SEPA"),
        (line(iban="CH9300762011623852957"), "la banca chiede città e Paese"),
        (line(holder=""), "manca l’intestatario del conto"),
        (line(holder="Мария"), "La banca legge solo le nostre lettere"),
        (line(payer=""), "manca chi paga"),
        (line(payer="VRDLGU60A01H501M"), "nessuno che paga per un bambino ha il codice fiscale"),
        (line(payer="RSSMRA85T10A562X"), "il codice fiscale non è corretto"),
        (line(creditor="IT59ZZZ0000080017210727"), "il codice del creditore non torna"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_with_its_reason(
    debited_town: Cast, tmp_path: Path, bad: str, words: str
) -> None:
    good = line("EX-0002", payer="HDDNDR80A01Z330Q", holder="Nadir Haddad")
    path = file(tmp_path, bad, good)
    with clock.standing_at(NOW):
        report = taking_over.check(path=path, now=NOW)
    ((number, sentence),) = [(one.line, one.sentence) for one in report.wrong]
    assert number == 2
    assert words in sentence
    with pytest.raises(LinesWrong):
        take(path)
    assert Mandate.objects.count() == 0
    assert len(take(path, leave_wrong=True).new) == 1
    assert [one.reference for one in Mandate.objects.all()] == ["EX-0002"]


def test_a_family_or_a_reference_twice_in_a_file(debited_town: Cast, tmp_path: Path) -> None:
    haddad = {"payer": "HDDNDR80A01Z330Q", "holder": "Nadir Haddad"}
    path = file(tmp_path, line("A"), line("B"), line("A", **haddad))
    with clock.standing_at(NOW):
        wrong = taking_over.check(path=path, now=NOW).wrong
    assert [one.line for one in wrong] == [3, 4]
    assert "la stessa famiglia della riga 2" in wrong[0].sentence
    assert "lo stesso riferimento della riga 2" in wrong[1].sentence


def test_who_has_a_mandate_already_keeps_it(debited_town: Cast, tmp_path: Path) -> None:
    signed(Guardian.objects.get(tax_code="RSSMRA85T10A562S"), OTHER)
    with clock.standing_at(NOW):
        (wrong,) = taking_over.check(path=file(tmp_path, line()), now=NOW).wrong
    assert "ha già un’autorizzazione in vigore" in wrong.sentence


def test_a_child_says_who_pays_by_code_in_a_workbook(debited_town: Cast, tmp_path: Path) -> None:
    Child.objects.filter(given_name="Anna").update(code="B-7")
    path = tmp_path / "mandati.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Domiciliazioni della mensa"])
        sheet.write_row(1, 0, ["UMR", "Firmato il", "IBAN", "Titolare", "Codice utente", "Ultimo incasso"])
        sheet.write_row(2, 0, ["EX-9", "2024-09-12", ACCOUNT.lower(), "Mario Bianchi", "B-7", "2026-06-15"])
    take(path)
    one = Mandate.objects.get()
    assert (one.payer.tax_code, one.holder_name, one.iban) == ("RSSMRA85T10A562S", "Mario Bianchi", ACCOUNT)
    assert (one.signed_on, one.used_on, one.is_carried) == (date(2024, 9, 12), date(2026, 6, 15), True)


def test_a_file_without_its_columns_is_refused_whole(debited_town: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, "A;B", head="Riferimento;IBAN")
    with pytest.raises(Unreadable, match="Mancano le colonne"), clock.standing_at(NOW):
        taking_over.check(path=path, now=NOW)
