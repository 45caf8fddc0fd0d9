"""``campanella sdd``: the file for the bank and its answer, as an operator sees them."""

import json
from datetime import date

import pytest
from django.core.management import CommandError
from lxml import etree

from campanella.domains.debiting.models import Collection
from campanella.foundation.core import clock
from campanella.foundation.core import scope as scopes
from tests.billing import noon
from tests.config.commands import running
from tests.domains.debiting.gateways.spec import needs_spec, schema
from tests.towns import choosing, tell_again
from tests.usecases.debiting.conftest import ASKED, booked, invoice


def said(*words: str) -> str:
    """Run the command, which opens and closes scopes of its own."""
    # What the command does not open a scope for finds nothing, as in a process of its own.
    scopes._tell_postgres("")
    told = running.said(*words)
    tell_again()
    return told


SCHEMAS = {"cbi": "CBIBdySDDReq.00.01.01", "pain008": "pain.008.001.08"}


def file(target, form: str = "cbi", *more: str, period: str = "2026-10") -> str:
    with clock.standing_at(noon(ASKED)):
        return said("sdd", "file", "--town", "conto", "--period", period, "--format", form, "--out", str(target), *more)


@needs_spec
@pytest.mark.parametrize("form", sorted(SCHEMAS))
def test_the_file_of_a_month(debited, tmp_path, form) -> None:
    target = tmp_path / "addebiti.xml"
    told = json.loads(file(target, form, "--json"))
    schema(SCHEMAS[form]).assertValid(etree.parse(target))
    again = file(target, form)

    assert (told["collections"], told["total_cents"]) == (1, 2310)
    assert [(one["why"], one["cents"]) for one in told["left_out"]] == [("no_mandate", 1380)]
    assert f"{told['file']}: 0 new collections" in again
    assert etree.parse(target).findtext(".//{*}MsgId") == told["file"]
    assert [path.name for path in tmp_path.iterdir()] == ["addebiti.xml"]


def test_what_a_bank_sent_back(debited, bank, tmp_path) -> None:
    target, answer = tmp_path / "a.xml", tmp_path / "b.xml"
    file(target)
    booked(date(2026, 12, 7))
    key = etree.parse(target).findtext(".//{*}EndToEndId")
    answer.write_bytes(bank.answer((key, "AM04", 2310), ("9-INVOICE-9-9", "AC04", 100), form="return"))
    with clock.standing_at(noon(date(2026, 12, 10))):
        told = json.loads(said("sdd", "returns", str(answer), "--town", "conto", "--json"))
        again = said("sdd", "returns", str(answer), "--town", "conto")

    assert (told["form"], told["applied"], told["again"]) == ("camt.054.001.08", 1, False)
    first, second = told["lines"]
    assert first["invoice"] == invoice().number
    assert (first["words"], first["action"], first["verdict"]) == (
        "sul conto non c’era abbastanza denaro",
        "retry",
        "applied",
    )
    assert (second["verdict"], second["invoice"]) == ("unknown", "")
    assert "già registrato" in again
    assert invoice().state == "unpaid"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("file", "--period", "2026-13", "--format", "cbi", "--out", "x"), "must be a month"),
        (("file", "--period", "2026-09", "--format", "cbi", "--out", "x"), "nessuna fattura"),
        (("file", "--period", "2026-10", "--format", "cbi", "--out", "/nowhere/x"), "cannot be written"),
        (("returns", "/nowhere/x"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(debited, words, says) -> None:
    with clock.standing_at(noon(ASKED)), pytest.raises(CommandError, match=says):
        said("sdd", *words, "--town", "conto")


def test_what_cannot_be_written_is_not_asked_for(debited, tmp_path) -> None:
    """Nothing was handed to a bank: no night may credit it."""
    choosing(debited.town, sdd_cuc="")
    for target, form, why in [
        (tmp_path / "a.xml", "cbi", "codice unico CBI"),
        ("/nowhere/x", "pain008", "cannot be written"),
    ]:
        with pytest.raises(CommandError, match=why):
            file(target, form)
        tell_again()
    assert (booked(date(2026, 12, 7)), Collection.objects.count(), list(tmp_path.iterdir())) == (0, 0, [])
    file(tmp_path / "a.xml", "pain008")
    assert Collection.objects.count() == 1


def test_a_collection_is_credited_by_hand_as_by_night(debited, tmp_path) -> None:
    file(tmp_path / "a.xml")
    with clock.standing_at(noon(date(2026, 12, 7))):
        assert said("sdd", "book", "--town", "conto") == "1 collection credited\n"
        assert said("sdd", "book", "--town", "conto") == "0 collections credited\n"
    assert invoice().state == "paid"


def test_mandates_of_a_former_bank(debited, tmp_path) -> None:
    adult, path = debited.families["haddad"].guardian, tmp_path / "mandati.csv"
    head = "Riferimento;Data firma;IBAN;Titolare;CF intestatario;Ultimo addebito"
    row = f"EX-1;12/09/2024;IT78N0760103200001012345678;Nadir Haddad;{adult.tax_code};15/06/2026"
    path.write_text(f"{head}\n{row}\n{row.replace('EX-1', '')}\n")
    words = ("sdd", "mandates", str(path), "--town", "conto")
    with clock.standing_at(noon(ASKED)):
        told = said(*words, "--dry-run")
        with pytest.raises(CommandError, match="Alcune righe sono sbagliate"):
            said(*words)
        tell_again()
        report = json.loads(said(*words, "--skip-bad", "--json"))
        again = json.loads(said(*words, "--skip-bad", "--json"))

    assert "line 3, Nadir Haddad: manca il riferimento del mandato." in told
    assert "1 mandate to take over, 1 collected with before" in told
    assert {key: report[key] for key in ("new", "known", "used", "amended")} == {
        "new": 1,
        "known": 0,
        "used": 1,
        "amended": 0,
    }
    assert [one["line"] for one in report["wrong"]] == [3]
    assert (again["new"], again["known"]) == (0, 1)
