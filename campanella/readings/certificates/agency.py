"""
The yearly data set for the tax agency: school expenses, or nursery fees, as far as its fields are known.

**It is not the agency's file.** The byte layout of the record (tracciato) is not on hand; these are the fields that the
measures of 9 February 2018 (nursery) and 9 February 2021 (school) name, cents kept beside the whole euro that they ask for.
Whether a town must send it at all, its accountant decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from campanella.domains.certifying import queries as certificates
from campanella.domains.certifying import rules
from campanella.domains.certifying.content import Content
from campanella.domains.certifying.queries import CertificateView
from campanella.domains.people import queries as people
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.sheets import Cell
from campanella.foundation.tenants.queries import active_town

What = Literal["school", "nursery"]
NOT_THE_FILE = "Non è il tracciato dell’Agenzia delle Entrate: ne contiene i campi noti, da far controllare."
HEAD = (
    "Anno",
    "Codice fiscale dell’ente",
    "Codice fiscale del bambino",
    "Codice fiscale di chi ha pagato",
    "Pagato (euro interi, al lordo dei rimborsi)",
    "Pagato",
    "Rimborsato (euro interi)",
    "Rimborsato",
    "Anno della spesa rimborsata",
    "Opposizione",
    "Attestazione n.",
)


@dataclass(frozen=True)
class Row:
    """
    One child and payer; cents beside whole euro, half up.

    :ivar paid: in the year, gross of refunds
    :ivar refunded: in the year, of what was paid in ``refunded_year``
    :ivar refunded_year: the year of the expense that was given back: this one, or (a row of its own) an earlier one
    :ivar is_opposed: the family does not want it sent
    """

    child_tax_code: str
    payer_tax_code: str
    paid: int
    refunded: int
    refunded_year: int | None
    is_opposed: bool
    number: str


@dataclass(frozen=True)
class DataSet:
    """
    A year's rows, and who is missing from them.

    :ivar nameless: codes of the children of whom somebody without a tax code has paid something
    :ivar alone: of those with a refund of an earlier year's payments to somebody who has no certificate of this one
    """

    year: int
    what: What
    rows: tuple[Row, ...]
    nameless: tuple[str, ...]
    alone: tuple[str, ...]


def data_set(*, year: int, what: What) -> DataSet:
    """Return the rows of a year out of the certificates that stand: five queries."""
    opposed = certificates.opposed(year=year)
    found = [row for one in certificates.issued_in(year=year) for row in _rows(one, what, one.child_id in opposed)]
    run = certificates.last_run(year=year)
    notes = run.notes if run else {}
    nameless, alone = ([child_id for child_id, said in notes.items() if said.get(kind)] for kind in ("nameless", "alone"))
    codes = {pk: child.code for pk, child in people.children(child_ids=[*nameless, *alone]).items()}
    written = [tuple(sorted(codes[pk] for pk in found_of if pk in codes)) for found_of in (nameless, alone)]
    return DataSet(year, what, tuple(row for row in found if row.paid or row.refunded), *written)


def _rows(one: CertificateView, what: What, is_opposed: bool) -> Iterator[Row]:
    """Write what was paid in the year with its refunds, then those of each earlier year's expenses."""
    said = Content.read(one.content)
    lines = [line for line in said.lines if line.deduction == what]
    paid, refunded = sum(line.paid + line.moved for line in lines), sum(line.refunded for line in lines)
    sums = [(paid, refunded, said.year if refunded else None)]
    sums += [(0, cents, year) for year, deduction, cents in said.earlier_years if deduction == what]
    for gross, back, of_year in sums:
        yield Row(said.child_tax_code, one.payer_tax_code, gross, back, of_year, is_opposed, one.written_number)


def cells_of(found: DataSet) -> Iterator[list[Cell]]:
    """Write the rows of a sheet under ``HEAD``."""
    town = active_town().tax_code
    for row in found.rows:
        yield [
            found.year,
            town,
            row.child_tax_code,
            row.payer_tax_code,
            rules.rounded(row.paid),
            Euro(row.paid),
            rules.rounded(row.refunded),
            Euro(row.refunded),
            row.refunded_year,
            "sì" if row.is_opposed else "",
            row.number,
        ]


def as_json(found: DataSet) -> dict[str, object]:
    """Return the same as plain values."""
    town = active_town()
    return {
        "is_agency_layout": False,
        "note": NOT_THE_FILE,
        "what": found.what,
        "year": found.year,
        "body": {"tax_code": town.tax_code, "name": town.name, "province": town.province},
        "rows": [
            {
                "child_tax_code": row.child_tax_code,
                "payer_tax_code": row.payer_tax_code,
                "paid_euro": rules.rounded(row.paid),
                "paid_cents": row.paid,
                "refunded_euro": rules.rounded(row.refunded),
                "refunded_cents": row.refunded,
                "refunded_year": row.refunded_year,
                "opposed": row.is_opposed,
                "certificate": row.number,
            }
            for row in found.rows
        ],
        "children_with_a_payer_without_tax_code": list(found.nameless),
        "children_refunded_without_certificate": list(found.alone),
    }
