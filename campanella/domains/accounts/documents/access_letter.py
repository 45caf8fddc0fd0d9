"""The letter with which somebody enters for the first time: user name and a password for one use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.accounts import rules
from campanella.foundation.core.italian import day_figures
from campanella.foundation.documents.codes import qr_svg
from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/accounts/documents/access_letter.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLetter:
    """
    What is printed on the letter.

    :param about: for what the access is, a whole sentence
    :param children: whom it shows, each with its class as the page has it; none for staff
    :param phone: of the office, empty when the town has none
    :param link: to the sign-in page; printed without its beginning, as people type it, and as a code
    :param address: of the addressee, empty when it is not known
    """

    name: str
    address: str
    about: str
    link: str
    username: str
    password: str
    town_name: str
    office_name: str
    office_info: str
    phone: str
    made_at: datetime
    children: tuple[str, ...] = ()


def access_letters_pdf(letters: Sequence[AccessLetter]) -> bytes:
    """
    Print letters as one PDF, each on a sheet of its own; the passwords are on it and nowhere else.

    The code leads to the sign-in page only: what is on the sheet still has to be typed.
    """
    first = letters[0]
    data = {
        "creditor_name": first.town_name,
        "office": first.office_name,
        "info": first.office_info,
        "phone": first.phone,
        "day": day_figures(first.made_at),
        "site": first.link.partition("://")[2],
        "days": str(rules.LETTER_DAYS),
        "letters": [
            {
                "name": letter.name,
                "address": letter.address,
                "about": letter.about,
                "children": list(letter.children),
                "username": letter.username,
                "password": letter.password,
            }
            for letter in letters
        ],
    }
    return render(TEMPLATE, data, made_at=first.made_at, images={"sign-in": qr_svg(first.link)})
