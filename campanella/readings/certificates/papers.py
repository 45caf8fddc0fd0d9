"""Certificates as PDF, out of what was kept when they were issued."""

from collections.abc import Sequence

from campanella.domains.certifying.choices import CertificateChoices
from campanella.domains.certifying.content import Content, MonthContent
from campanella.domains.certifying.documents.certificate_pdf import Paper, certificates_pdf
from campanella.domains.certifying.documents.month_pdf import MonthPaper, months_pdf
from campanella.domains.certifying.queries import CertificateView
from campanella.domains.services.taxation import STAMP_DUTY, STAMP_DUTY_LAW, stamp_duty
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town

CHECK = "/verifica/"
STAMPED = f"Imposta di bollo di {STAMP_DUTY}: importo oltre 77,47 € non soggetto a IVA ({STAMP_DUTY_LAW})."


def pdf_of(found: Sequence[CertificateView], *, site: str) -> bytes:
    """
    Print certificates of one kind into one file.

    :param site: address of the town's portal, as people type it (`pesaro.example.it`)
    :raises NotFound: there are none
    """
    if not found:
        raise NotFound("Non c’è ancora nessun documento da stampare.")
    return year_pdf(found, site=site) if found[0].kind == "year" else month_pdf(found, site=site)


def year_pdf(certificates: Sequence[CertificateView], *, site: str) -> bytes:
    """Print certificates of a year into one file, at least one."""
    return certificates_pdf(
        [
            Paper(
                content=Content.read(one.content),
                number=one.written_number,
                version=one.version,
                code=one.code,
                issued_at=one.issued_at,
                check_at=f"https://{site}{CHECK}",
            )
            for one in certificates
        ]
    )


def month_pdf(receipts: Sequence[CertificateView], *, site: str) -> bytes:
    """Print the nursery's receipts into one file, at least one."""
    bears_stamp = active_town().chosen(CertificateChoices).nursery_receipt_bears_stamp
    return months_pdf(
        [
            MonthPaper(
                content=MonthContent.read(one.content),
                number=one.written_number,
                version=one.version,
                code=one.code,
                issued_at=one.issued_at,
                check_at=f"https://{site}{CHECK}",
                stamp=STAMPED if bears_stamp and stamp_duty(not_subject=_untaxed(one)).cents else "",
            )
            for one in receipts
        ]
    )


def _untaxed(one: CertificateView) -> Euro:
    """Return what of a receipt is not subject to VAT: all of it, unless the town says that its nursery bears VAT."""
    return Euro(0) if str(one.content.get("vat", "")).startswith("IVA") else one.amount
