"""Certificates as PDF, out of what was kept when they were issued."""

from collections.abc import Sequence
from typing import TypeVar

from campanella.domains.certifying.content import Content, MonthContent
from campanella.domains.certifying.documents.certificate_pdf import certificates_pdf
from campanella.domains.certifying.documents.month_pdf import months_pdf
from campanella.domains.certifying.documents.paper import Paper
from campanella.domains.certifying.queries import CertificateView
from campanella.foundation.core.errors import NotFound

CHECK = "/verifica/"
C = TypeVar("C", Content, MonthContent)


def pdf_of(found: Sequence[CertificateView], *, site: str) -> bytes:
    """
    Print certificates of one kind into one file.

    :param site: address of the town's portal, as people type it (`pesaro.example.it`)
    :raises NotFound: there are none
    """
    if not found:
        raise NotFound("Non c’è ancora nessun documento da stampare.")
    if found[0].kind == "year":
        return certificates_pdf([_paper(one, Content.read(one.content), site) for one in found])
    return months_pdf([_paper(one, MonthContent.read(one.content), site) for one in found])


def _paper(one: CertificateView, content: C, site: str) -> Paper[C]:
    return Paper(
        content=content,
        number=one.written_number,
        version=one.version,
        code=one.code,
        issued_at=one.issued_at,
        check_at=f"https://{site}{CHECK}",
    )
