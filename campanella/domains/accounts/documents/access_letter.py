"""The letter with which somebody enters for the first time: user name and a password for one use."""

from dataclasses import dataclass
from datetime import datetime

from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/accounts/documents/access_letter.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLetter:
    """
    What is printed on the letter.

    :param about: for what the access is, a whole sentence
    :param site: address of the sign-in page, as people type it
    :param address: of the addressee, empty when it is not known
    """

    name: str
    address: str
    about: str
    site: str
    username: str
    password: str
    town_name: str
    office_name: str
    office_info: str
    made_at: datetime


def access_letter_pdf(letter: AccessLetter) -> bytes:
    """Print the letter as PDF; the password is on it and nowhere else."""
    data = {
        "creditor_name": letter.town_name, "name": letter.name, "address": letter.address, "about": letter.about,
        "site": letter.site, "username": letter.username, "password": letter.password, "office": letter.office_name,
        "info": letter.office_info, "day": f"{letter.made_at:%d/%m/%Y}",
    }  # fmt: skip
    return render(TEMPLATE, data, made_at=letter.made_at)
