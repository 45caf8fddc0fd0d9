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
    :ivar refunded: of what was paid in the same year
    :ivar is_opposed: the family does not want it sent
    """

    child_tax_code: str
    payer_tax_code: str
    paid: int
    refunded: int
    is_opposed: bool
    number: str


@dataclass(frozen=True)
class DataSet:
    """
    A year's rows, and who is missing from them.

    :ivar nameless: codes of the children of whom somebody without a tax code has paid something
    """

    year: int
    what: What
    rows: tuple[Row, ...]
    nameless: tuple[str, ...]


def data_set(*, year: int, what: What) -> DataSet:
    """Return the rows of a year out of the certificates that stand: five queries."""
    opposed = certificates.opposed(year=year)
    found = [_row(one, what, one.child_id in opposed) for one in certificates.issued_in(year=year)]
    run = certificates.last_run(year=year)
    missing = [child_id for child_id, said in run.notes.items() if said.get("nameless")] if run else []
    codes = [child.code for child in people.children(child_ids=missing).values()]
    return DataSet(year, what, tuple(row for row in found if row.paid), tuple(sorted(codes)))


def _row(one: CertificateView, what: What, is_opposed: bool) -> Row:
    lines = [line for line in Content.read(one.content).lines if line.deduction == what]
    paid = sum(line.paid + line.moved for line in lines)
    refunded = sum(line.refunded for line in lines)
    child_code = str(one.content["child_tax_code"])
    return Row(child_code, one.payer_tax_code, paid, refunded, is_opposed, one.written_number)


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
            found.year if row.refunded else None,
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
                "refunded_year": found.year if row.refunded else None,
                "opposed": row.is_opposed,
                "certificate": row.number,
            }
            for row in found.rows
        ],
        "children_with_a_payer_without_tax_code": list(found.nameless),
    }
