"""Certificates that were issued, which ones stand, what parents have written, how far a run is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from campanella.domains.certifying import rules
from campanella.domains.certifying.models import Certificate, CertificateRun, Opposition, WrittenShares
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True)
class CertificateView:
    """
    A certificate as it was issued.

    :ivar month: 0 for a whole year
    :ivar is_current: no later version supersedes it
    """

    id: int
    kind: str
    year: int
    month: int
    child_id: int
    payer_tax_code: str
    version: int
    number: int
    code: str
    amount: Euro
    content: Mapping[str, Any]
    issued_at: datetime
    is_current: bool

    @property
    def written_code(self) -> str:
        """Its verification code, in groups of four."""
        return rules.written_code(self.code)

    @property
    def is_void(self) -> bool:
        """Tell whether it only takes an earlier version back."""
        return bool(self.content.get("is_void"))

    @property
    def written_number(self) -> str:
        """Its number as it is printed: "12/2025"."""
        return f"{self.number}/{self.year}"


@dataclass(frozen=True)
class RunView:
    """How far a run is: children done of all, and what became of their certificates."""

    id: int
    year: int
    begun_at: datetime
    ended_at: datetime | None
    was_stopped: bool
    done: int
    total: int
    issued: int
    superseded: int
    unchanged: int
    is_dry: bool
    certified: Euro
    notes: Mapping[int, Mapping[str, Any]]

    @property
    def made(self) -> int:
        """How many certificates there are after it."""
        return self.issued + self.superseded + self.unchanged

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 * self.done // self.total if self.total else 100


def certificates_of(*, child_ids: Sequence[int], kind: str = "year", year: int | None = None) -> list[CertificateView]:
    """Return every version of these children's certificates, the newest year and version first: one query."""
    rows = Certificate.objects.filter(child_id__in=list(child_ids), kind=kind)
    if year is not None:
        rows = rows.filter(year=year)
    return _views(list(rows.order_by("-year", "month", "child_id", "payer_tax_code", "-version")))


def issued_in(*, year: int, kind: str = "year", after: int = 0, most: int | None = None) -> list[CertificateView]:
    """
    Return the certificates of a year that stand and certify something, by number: one query.

    :param after: go on after this number
    :param most: so many at most, None for all
    """
    later = Certificate.objects.filter(
        child_id=OuterRef("child_id"),
        kind=OuterRef("kind"),
        year=OuterRef("year"),
        month=OuterRef("month"),
        payer_tax_code=OuterRef("payer_tax_code"),
        version__gt=OuterRef("version"),
    )
    rows = Certificate.objects.filter(kind=kind, year=year, number__gt=after, cents__gt=0).exclude(Exists(later))
    return [_view(row, is_current=True) for row in rows.order_by("number")[:most]]


def certificate(*, certificate_id: int) -> CertificateView:
    """
    Return one certificate of the town: two queries.

    :raises NotFound: the town has no such certificate
    """
    return _one(Certificate.objects.filter(pk=certificate_id).first())


def certificate_by_code(*, code: str) -> CertificateView:
    """
    Return the certificate of a verification code: two queries.

    :raises NotFound: the town has issued none with this code
    """
    return _one(Certificate.objects.filter(code=code).first())


def years_issued() -> dict[int, int]:
    """Return how many certificates stand by year, the newest first: one query."""
    found: dict[int, set[tuple[int, str]]] = {}
    for year, child_id, payer in Certificate.objects.filter(kind="year", cents__gt=0).values_list(
        "year", "child_id", "payer_tax_code"
    ):
        found.setdefault(year, set()).add((child_id, payer))
    return {year: len(of) for year, of in sorted(found.items(), reverse=True)}


def written_shares(*, child_ids: Sequence[int], year: int) -> dict[int, dict[str, int]]:
    """Return by child the percents that its parents have written, by tax code: one query."""
    rows = WrittenShares.objects.filter(child_id__in=list(child_ids), year=year).select_related("guardian", "other")
    return {
        row.child_id: {row.guardian.tax_code: row.percent, row.other.tax_code: 100 - row.percent}
        for row in rows
        if row.guardian.tax_code and row.other.tax_code
    }


def opposed(*, year: int) -> set[int]:
    """Return the children whose expenses of a year are not to be sent to the tax agency: one query."""
    return set(Opposition.objects.filter(year=year).values_list("child_id", flat=True))


def last_run(*, year: int) -> RunView | None:
    """Return the last run of a year, if there was any: one query."""
    row = CertificateRun.objects.filter(year=year).order_by("-id").first()
    return _run(row) if row else None


def run(*, run_id: int) -> RunView:
    """
    Return one run: one query.

    :raises NotFound: the town has no such run
    """
    row = CertificateRun.objects.filter(pk=run_id).first()
    if row is None:
        raise NotFound
    return _run(row)


def _run(row: CertificateRun) -> RunView:
    return RunView(
        row.pk,
        row.year,
        row.begun_at,
        row.ended_at,
        row.stopped_at is not None,
        row.total - len(row.waiting),
        row.total,
        row.issued,
        row.superseded,
        row.unchanged,
        row.is_dry,
        Euro(row.certified_cents),
        {int(child_id): said for child_id, said in row.notes.items()},
    )


def _one(row: Certificate | None) -> CertificateView:
    if row is None:
        raise NotFound("Questo documento non c’è: controlla il codice.")
    same = {"kind": row.kind, "year": row.year, "month": row.month}
    later = Certificate.objects.filter(
        **same, child_id=row.child_id, payer_tax_code=row.payer_tax_code, version__gt=row.version
    )
    return _view(row, is_current=not later.exists())


def _views(rows: Sequence[Certificate]) -> list[CertificateView]:
    last: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = _key(row)
        last[key] = max(last.get(key, 0), row.version)
    return [_view(row, is_current=row.version == last[_key(row)]) for row in rows]


def _key(row: Certificate) -> tuple[object, ...]:
    return row.kind, row.year, row.month, row.child_id, row.payer_tax_code


def _view(row: Certificate, *, is_current: bool) -> CertificateView:
    return CertificateView(
        row.pk,
        row.kind,
        row.year,
        row.month,
        row.child_id,
        row.payer_tax_code,
        row.version,
        row.number,
        row.code,
        Euro(row.cents),
        row.content,
        row.issued_at,
        is_current,
    )
