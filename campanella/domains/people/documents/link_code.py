"""The letter with the code that ties who registers to a child."""

from dataclasses import dataclass
from datetime import datetime

from campanella.domains.people import rules
from campanella.foundation.core.italian import day_figures
from campanella.foundation.documents.codes import qr_svg
from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/people/documents/link_code.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLetter:
    """
    What is printed on the letter.

    :param code: as it is printed, in groups
    :param link: to the page where one registers; printed without its beginning, and as a code
    """

    child: str
    code: str
    link: str
    town_name: str
    office_name: str
    office_info: str
    phone: str
    made_at: datetime


def link_code_pdf(letter: LinkLetter) -> bytes:
    """Print the letter; the code is on it and nowhere else, not in the picture either."""
    data = {
        "creditor_name": letter.town_name,
        "office": letter.office_name,
        "info": letter.office_info,
        "phone": letter.phone,
        "day": day_figures(letter.made_at),
        "site": letter.link.partition("://")[2],
        "days": str(rules.LINK_CODE_DAYS),
        "child": letter.child,
        "code": letter.code,
    }
    return render(TEMPLATE, data, made_at=letter.made_at, images={"register": qr_svg(letter.link)})
