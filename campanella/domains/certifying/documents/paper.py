"""What certificates have in common on paper: who they are from, their number, their code and where it is checked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from campanella.domains.certifying.content import Content, MonthContent
from campanella.domains.certifying.rules import written_code
from campanella.foundation.core.italian import day_figures
from campanella.foundation.documents.codes import qr_svg
from campanella.foundation.documents.pdf import render

C = TypeVar("C", Content, MonthContent)


@dataclass(frozen=True)
class Paper(Generic[C]):
    """
    A certificate to print.

    :ivar number: as it is printed, "12/2025"
    :ivar check_at: address of the page where its code is checked, without the code
    """

    content: C
    number: str
    version: int
    code: str
    issued_at: datetime
    check_at: str


def printed(papers: Sequence[Paper[C]], *, template: str, title: str, said: Callable[[C], Mapping[str, object]]) -> bytes:
    """
    Print certificates into one file, each on a page of its own; at least one. The same content gives the same bytes.

    :param said: what this kind of certificate says besides
    """
    images = {f"qr-{place}": qr_svg(f"{paper.check_at}?codice={paper.code}") for place, paper in enumerate(papers)}
    data = {
        "creditor_name": papers[0].content.town_name,
        "title": title,
        "papers": [{**_about(paper), **said(paper.content)} for paper in papers],
    }
    return render(template, data, made_at=papers[0].issued_at, images=images)


def _about(paper: Paper[C]) -> dict[str, object]:
    said = paper.content
    return {
        "town": said.town_name,
        "town_code": said.town_tax_code,
        "child": said.child_name,
        "child_code": said.child_tax_code,
        "payer": said.payer_name,
        "payer_code": said.payer_tax_code,
        "number": paper.number,
        "version": str(paper.version),
        "issued": day_figures(paper.issued_at),
        "code": written_code(paper.code),
        "check_at": paper.check_at,
    }
