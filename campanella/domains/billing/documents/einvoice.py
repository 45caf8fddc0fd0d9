"""
An electronic invoice to a consumer: FatturaPA, format FPR12, version 1.2 of the Agenzia delle Entrate.

Amounts are cents; what is written is net of VAT, the tax apart, as the invoice on paper divides it. A consumer has no code
of its own (``0000000``): it finds the original in its drawer at the Agenzia and gets a copy from the town.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from lxml import etree

NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"
FORMAT = "FPR12"
CONSUMER = "0000000"
# Of an ordinary body: the town is subject to VAT for what it runs as a business.
REGIME = "RF01"
BASE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PROGRESSIVE_LENGTH = 5

Kind = Literal["TD01", "TD04"]
# How it is paid: by pagoPA, by direct debit.
Means = Literal["MP23", "MP19"]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody is, as the schema wants it; the province is empty where nobody knows it."""

    street: str
    cap: str
    town: str
    province: str


@dataclass(frozen=True, slots=True)
class Seller:
    """The town that invoices."""

    name: str
    vat_number: str
    tax_code: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom it is for."""

    given_name: str
    family_name: str
    tax_code: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is, and its net amount in cents."""

    text: str
    net: int


@dataclass(frozen=True, slots=True)
class Vat:
    """
    How it is taxed.

    :ivar percent: of the net, 0 where none is due
    :ivar nature: why none is due, such as ``N4`` (exempt); empty where it is
    :ivar law: of the treatment, in words
    """

    percent: int
    nature: str
    law: str


# What is paid in the buyer's name bears no VAT, nor counts for it.
ADVANCED = Vat(0, "N1", "Escluso, art. 15 DPR 633/1972")


@dataclass(frozen=True, slots=True, kw_only=True)
class EInvoice:
    """
    What an electronic invoice says.

    :ivar progressive: five signs, unique among the town's files
    :ivar tax: VAT in cents; lines and tax make the total
    :ivar stamp: duty in cents, 0 for none; the town pays it virtually
    :ivar stamp_charged: what of it the buyer pays back, on a line of its own and out of the base (art. 15 DPR 633/1972)
    :ivar of_number, of_day: of a credit note, the invoice that it takes back
    :ivar due: (day, cents) still to pay, None where nothing is
    """

    kind: Kind
    progressive: str
    number: str
    day: date
    cause: str
    seller: Seller
    buyer: Buyer
    lines: Sequence[Line]
    vat: Vat
    tax: int
    stamp: int = 0
    stamp_charged: int = 0
    of_number: str = ""
    of_day: date | None = None
    due: tuple[date, int] | None = None
    means: Means = "MP23"

    @property
    def net(self) -> int:
        """What its lines make."""
        return sum(line.net for line in self.lines)


def progressive_of(number: int) -> str:
    """
    Write a number as the five signs of a file's name.

    :raises ValueError: it is too large for them
    """
    signs = ""
    for _ in range(PROGRESSIVE_LENGTH):
        number, rest = divmod(number, len(BASE))
        signs = BASE[rest] + signs
    if number:
        raise ValueError("no five signs are left for the name of a file")
    return signs


def file_name(*, tax_code: str, progressive: str) -> str:
    """Return the name that the exchange system asks for: country, sender's tax code, progressive."""
    return f"IT{tax_code}_{progressive}.xml"


_ADDRESS = re.compile(r"(?P<street>.+?)[\s,]+(?P<cap>\d{5})\s+(?P<town>[^\d(]+?)\s*(?:\((?P<province>[A-Za-z]{2})\))?")


def seat_of(address: str) -> Seat | None:
    """Read an address as offices write it, “via Roma 3, 11100 Aosta (AO)”; None where CAP or town is missing."""
    found = _ADDRESS.fullmatch(" ".join(address.split()))
    if found is None:
        return None
    return Seat(found["street"].strip(" ,"), found["cap"], found["town"].strip(), (found["province"] or "").upper())


def write(said: EInvoice) -> bytes:
    """Write the file: the same values give the same bytes."""
    prefixes = cast("dict[str, str]", {"p": NAMESPACE})
    root = etree.Element(f"{{{NAMESPACE}}}FatturaElettronica", nsmap=prefixes, versione=FORMAT)
    _header(_add(root, "FatturaElettronicaHeader"), said)
    body = _add(root, "FatturaElettronicaBody")
    _general(_add(body, "DatiGenerali"), said)
    _goods(_add(body, "DatiBeniServizi"), said)
    if said.due and said.due[1] > 0:
        _payment(_add(body, "DatiPagamento"), said.due, said.means)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _header(header: etree._Element, said: EInvoice) -> None:
    sending = _add(header, "DatiTrasmissione")
    sender = _add(sending, "IdTrasmittente")
    _add(sender, "IdPaese", "IT")
    _add(sender, "IdCodice", said.seller.tax_code)
    _add(sending, "ProgressivoInvio", said.progressive)
    _add(sending, "FormatoTrasmissione", FORMAT)
    _add(sending, "CodiceDestinatario", CONSUMER)
    seller = _add(header, "CedentePrestatore")
    person = _add(seller, "DatiAnagrafici")
    vat = _add(person, "IdFiscaleIVA")
    _add(vat, "IdPaese", "IT")
    _add(vat, "IdCodice", said.seller.vat_number)
    _add(person, "CodiceFiscale", said.seller.tax_code)
    _add(_add(person, "Anagrafica"), "Denominazione", _latin(said.seller.name, 80))
    _add(person, "RegimeFiscale", REGIME)
    _seat(_add(seller, "Sede"), said.seller.seat)
    buyer = _add(header, "CessionarioCommittente")
    person = _add(buyer, "DatiAnagrafici")
    _add(person, "CodiceFiscale", said.buyer.tax_code)
    name = _add(person, "Anagrafica")
    _add(name, "Nome", _latin(said.buyer.given_name, 60))
    _add(name, "Cognome", _latin(said.buyer.family_name, 60))
    _seat(_add(buyer, "Sede"), said.buyer.seat)


def _seat(parent: etree._Element, seat: Seat) -> None:
    _add(parent, "Indirizzo", _latin(seat.street, 60))
    _add(parent, "CAP", seat.cap)
    _add(parent, "Comune", _latin(seat.town, 60))
    if seat.province:
        _add(parent, "Provincia", seat.province)
    _add(parent, "Nazione", "IT")


def _general(parent: etree._Element, said: EInvoice) -> None:
    document = _add(parent, "DatiGeneraliDocumento")
    _add(document, "TipoDocumento", said.kind)
    _add(document, "Divisa", "EUR")
    _add(document, "Data", said.day.isoformat())
    _add(document, "Numero", said.number)
    if said.stamp:
        stamp = _add(document, "DatiBollo")
        _add(stamp, "BolloVirtuale", "SI")
        _add(stamp, "ImportoBollo", _euros(said.stamp))
    _add(document, "ImportoTotaleDocumento", _euros(said.net + said.tax + said.stamp_charged))
    _add(document, "Causale", _latin(said.cause, 200))
    if said.of_number and said.of_day:
        linked = _add(parent, "DatiFattureCollegate")
        _add(linked, "IdDocumento", said.of_number)
        _add(linked, "Data", said.of_day.isoformat())


def _goods(parent: etree._Element, said: EInvoice) -> None:
    advanced = [Line("Imposta di bollo", said.stamp_charged)] if said.stamp_charged else []
    taxed = [*((line, said.vat) for line in said.lines), *((line, ADVANCED) for line in advanced)]
    for number, (line, vat) in enumerate(taxed, 1):
        row = _add(parent, "DettaglioLinee")
        _add(row, "NumeroLinea", str(number))
        _add(row, "Descrizione", _latin(line.text, 1000))
        _add(row, "PrezzoUnitario", _euros(line.net))
        _add(row, "PrezzoTotale", _euros(line.net))
        _add(row, "AliquotaIVA", f"{vat.percent}.00")
        if vat.nature:
            _add(row, "Natura", vat.nature)
    _summary(_add(parent, "DatiRiepilogo"), said.vat, said.net, said.tax)
    if advanced:
        _summary(_add(parent, "DatiRiepilogo"), ADVANCED, said.stamp_charged, 0)


def _summary(summary: etree._Element, vat: Vat, net: int, tax: int) -> None:
    _add(summary, "AliquotaIVA", f"{vat.percent}.00")
    if vat.nature:
        _add(summary, "Natura", vat.nature)
    _add(summary, "ImponibileImporto", _euros(net))
    _add(summary, "Imposta", _euros(tax))
    if not vat.nature:
        _add(summary, "EsigibilitaIVA", "I")
    _add(summary, "RiferimentoNormativo", _latin(vat.law, 100))


def _payment(parent: etree._Element, due: tuple[date, int], means: Means) -> None:
    # The whole sum in one go.
    _add(parent, "CondizioniPagamento", "TP02")
    detail = _add(parent, "DettaglioPagamento")
    _add(detail, "ModalitaPagamento", means)
    _add(detail, "DataScadenzaPagamento", due[0].isoformat())
    _add(detail, "ImportoPagamento", _euros(due[1]))


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    # Only the root is of the namespace: the schema's elements are local.
    child = etree.SubElement(parent, name)
    child.text = text
    return child


def _euros(cents: int) -> str:
    sign, whole = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{whole // 100}.{whole % 100:02}"


_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "€": "EUR", "…": "...", "Ł": "L", "ł": "l"}
)


def _latin(text: str, longest: int) -> str:
    """Write a text with the letters of Latin-1, which the schema takes; what has none becomes a question mark."""
    plain = " ".join(text.translate(_SIGNS).split())
    written = "".join(sign if ord(sign) < 256 else _without_accent(sign) for sign in plain)
    return written[:longest]


def _without_accent(sign: str) -> str:
    letter = unicodedata.normalize("NFKD", sign)[0]
    return letter if ord(letter) < 256 else "?"
