"""Electronic invoices: valid by the Agency's own schema, with amounts that add up, and names that no two files share."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from campanella.domains.billing.documents.einvoice import (
    Buyer,
    EInvoice,
    Line,
    Seat,
    Seller,
    Vat,
    file_name,
    progressive_of,
    seat_of,
    write,
)

_ROOT = Path(__file__).resolve().parents[3]
SPEC = Path(os.environ.get("CAMPANELLA_SPEC") or _ROOT.parent / "shared" / "spec")
SCHEMA = SPEC / "fisco" / "Schema_del_file_xml_FatturaPA_v1.2.2.xsd"
SIGNATURES = SPEC / "pagopa" / "pagopa-api" / "xsd-common" / "xmldsig-core-schema.xsd"
needs_spec = pytest.mark.skipif(not SCHEMA.is_file(), reason=f"no official schema of FatturaPA at {SCHEMA}")

TOWN = Seller("Comune di Valle d’Aosta", "00142920439", "00142920439", Seat("Piazza 1", "11100", "Aosta", "AO"))
MARIA = Buyer("Zoë", "D’Òro Łukasz", "RSSMRA85T10A562S", Seat("via Roma 3", "11100", "Aosta", ""))
INVOICE = EInvoice(
    kind="TD01",
    progressive="0000A",
    number="FT/2026/17",
    day=date(2026, 11, 5),
    cause="Refezione, ottobre 2026",
    seller=TOWN,
    buyer=MARIA,
    lines=[Line("Refezione, ottobre 2026, Anna Rossi: 17 pasti", 6784)],
    vat=Vat(4, "", "IVA 4%, n. 37 tabella A, parte II, DPR 633/1972 (mense scolastiche)"),
    tax=271,
    due=(date(2026, 12, 5), 7055),
)
EXEMPT = replace(INVOICE, vat=Vat(0, "N4", "esente IVA, art. 10"), tax=0, lines=[Line("Nido", 7748)], stamp=200)


class Local(etree.Resolver):
    """Finds the schema of signatures beside, not on the network."""

    def resolve(self, url, pubid, context):
        return self.resolve_filename(str(SIGNATURES), context) if url and "xmldsig" in url else None


def schema() -> etree.XMLSchema:
    parser = etree.XMLParser(load_dtd=False, no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(str(SCHEMA), parser))


@needs_spec
@pytest.mark.parametrize(
    "said",
    [
        INVOICE,
        EXEMPT,
        replace(EXEMPT, stamp_charged=200),
        replace(INVOICE, kind="TD04", of_number="FT/2026/17", of_day=date(2026, 11, 5), number="NC/2026/1", due=None),
        replace(INVOICE, lines=[Line("Anna", 7000), Line("restituito", -216)], means="MP19"),
        replace(INVOICE, cause="x" * 300, seller=replace(TOWN, name="y" * 100)),
    ],
)
def test_it_is_valid_by_the_official_schema(said: EInvoice) -> None:
    schema().assertValid(etree.fromstring(write(said)))


def test_what_it_says_adds_up() -> None:
    root = etree.fromstring(write(INVOICE))
    read = {
        name: root.findtext(f".//{name}") for name in ("ImportoTotaleDocumento", "ImponibileImporto", "Imposta", "Natura")
    }
    assert read == {"ImportoTotaleDocumento": "70.55", "ImponibileImporto": "67.84", "Imposta": "2.71", "Natura": None}
    assert root.findtext(".//CodiceDestinatario") == "0000000"
    assert root.findtext(".//Cognome") == "D'Òro Lukasz"
    assert root.find(".//DatiBollo") is None
    stamped = etree.fromstring(write(EXEMPT))
    assert (stamped.findtext(".//ImportoBollo"), stamped.findtext(".//Natura")) == ("2.00", "N4")
    assert stamped.findtext(".//ImportoTotaleDocumento") == "77.48"


def test_what_the_family_pays_back_of_the_stamp_is_a_line_of_its_own_out_of_the_base() -> None:
    root = etree.fromstring(write(replace(EXEMPT, stamp_charged=200)))
    lines = [(one.findtext("Descrizione"), one.findtext("Natura")) for one in root.iterfind(".//DettaglioLinee")]
    assert lines == [("Nido", "N4"), ("Imposta di bollo", "N1")]
    sums = [(one.findtext("Natura"), one.findtext("ImponibileImporto")) for one in root.iterfind(".//DatiRiepilogo")]
    assert sums == [("N4", "77.48"), ("N1", "2.00")]
    assert root.findtext(".//ImportoTotaleDocumento") == "79.48"


def test_the_same_values_give_the_same_bytes() -> None:
    assert write(INVOICE) == write(INVOICE)


@pytest.mark.parametrize(
    ("address", "seat"),
    [
        ("via Roma 3, 11100 Aosta (AO)", Seat("via Roma 3", "11100", "Aosta", "AO")),
        ("Piazza del Municipio 1  20060   Truccazzano", Seat("Piazza del Municipio 1", "20060", "Truccazzano", "")),
        ("Via 20 Settembre 4/B, 61121 Pesaro (pu)", Seat("Via 20 Settembre 4/B", "61121", "Pesaro", "PU")),
        ("via Roma 3, Aosta", None),
        ("11100 Aosta", None),
        ("", None),
    ],
)
def test_addresses_as_offices_write_them(address: str, seat: Seat | None) -> None:
    assert seat_of(address) == seat


def test_names_of_files_are_five_signs_each_its_own() -> None:
    names = {progressive_of(number) for number in (*range(100), 36**4, 36**5 - 1)}
    assert len(names) == 102
    assert {len(name) for name in names} == {5}
    assert file_name(tax_code="00142920439", progressive=progressive_of(37)) == "IT00142920439_00011.xml"
    with pytest.raises(ValueError, match="five signs"):
        progressive_of(36**5)
