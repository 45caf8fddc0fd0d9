"""What a certificate says, word by word, as it is kept: from it the paper is set again. No database here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

# The template that sets this content; a new look is a new number, and the old template stays.
LAYOUT = 1


@dataclass(frozen=True)
class Line:
    """
    One service of a year; amounts in cents.

    :ivar deduction: ``school`` or ``nursery``
    :ivar certified: paid, with what was moved, less what was refunded
    :ivar means: how it was paid, in words
    """

    service: str
    deduction: str
    paid: int
    moved: int
    refunded: int
    certified: int
    means: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What one parent deducts, in cents."""

    name: str
    tax_code: str
    percent: int
    school: int
    nursery: int


@dataclass(frozen=True)
class Content:
    """
    A year's certificate of one child and one payer; amounts in cents.

    :ivar basis: ``paid`` or ``used``, as the town has chosen
    :ivar earlier: refunded in the year, of what was paid in earlier years
    :ivar earlier_years: what of it this payer had paid traceably, as (year, ``school`` or ``nursery``, cents)
    :ivar is_void: nothing is left to certify: it only supersedes
    """

    year: int
    town_name: str
    town_tax_code: str
    office: str
    child_name: str
    child_tax_code: str
    school: str
    payer_name: str
    payer_tax_code: str
    basis: str
    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    earlier: int
    percent: int
    school_ceiling: int
    nursery_ceiling: int
    needs_trace: bool
    laws: tuple[str, ...]
    is_void: bool = False
    layout: int = LAYOUT
    earlier_years: tuple[tuple[int, str, int], ...] = ()

    def total(self, deduction: str) -> int:
        """What is certified of one kind of expense."""
        return sum(line.certified for line in self.lines if line.deduction == deduction)

    @property
    def cents(self) -> int:
        """What is certified in all."""
        return sum(line.certified for line in self.lines)

    @property
    def facts(self) -> str:
        """The digest of what was reckoned: a class that was renamed, or a name put right, makes no new version."""
        said = asdict(self)
        kept = {name: said[name] for name in ("year", "child_tax_code", "payer_tax_code", "basis", "earlier")}
        kept["lines"] = [{**line, "means": None} for line in said["lines"]]
        kept["parts"] = [{**part, "name": None} for part in said["parts"]]
        # Only where there are some: what was issued before keeps its digest.
        kept |= {"earlier_years": self.earlier_years} if self.earlier_years else {}
        return digest(kept)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Read what is kept."""
        lines = tuple(Line(**{**line, "means": tuple(line["means"])}) for line in kept["lines"])
        parts = tuple(Part(**part) for part in kept["parts"])
        years = tuple((year, deduction, cents) for year, deduction, cents in kept.get("earlier_years", ()))
        return cls(**{**kept, "lines": lines, "parts": parts, "laws": tuple(kept["laws"]), "earlier_years": years})


@dataclass(frozen=True)
class Proof:
    """A traceable payment that covers a part of a month; cents are of that part."""

    day: str
    means: str
    reference: str
    cents: int


@dataclass(frozen=True)
class MonthContent:
    """
    The receipt of one month of nursery, with what INPS asks for (circ. INPS 60/2025); amounts in cents.

    :ivar nursery: name and address of the nursery
    :ivar vat: how VAT treats it, with its law
    :ivar days: of attendance in the month
    :ivar stamp: the sentence on stamp duty, empty where none is due
    """

    year: int
    month: int
    town_name: str
    town_tax_code: str
    nursery: str
    nursery_address: str
    child_name: str
    child_tax_code: str
    payer_name: str
    payer_tax_code: str
    payer_address: str
    description: str
    vat: str
    days: int
    cents: int
    proofs: tuple[Proof, ...]
    stamp: str = ""
    is_void: bool = False
    layout: int = LAYOUT

    @property
    def facts(self) -> str:
        """The digest of what was reckoned."""
        said = asdict(self)
        return digest(
            {name: said[name] for name in ("year", "month", "child_tax_code", "payer_tax_code", "cents", "proofs")}
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Read what is kept."""
        return cls(**{**kept, "proofs": tuple(Proof(**proof) for proof in kept["proofs"])})


@dataclass(frozen=True)
class Draft:
    """
    A certificate that may be issued.

    :ivar month: 0 for a whole year
    :ivar facts: the digest that tells whether anything has changed
    """

    kind: str
    year: int
    month: int
    child_id: int
    payer_tax_code: str
    cents: int
    content: Mapping[str, Any]
    facts: str

    @property
    def key(self) -> tuple[int, int, str]:
        """What its versions have in common, within a kind and a year."""
        return self.month, self.child_id, self.payer_tax_code


def digest(said: object) -> str:
    """Return the digest of plain values, whatever the order of their names."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
