"""Whose a tax code may be: a right one that is somebody else's would print another person on a notice and on the 730."""

from datetime import date

from stdnum.it import codicefiscale

from campanella.domains.people import rules
from campanella.domains.people.models import Child, Guardian
from campanella.domains.people.operations import WrongTaxCode
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_figures, day_short


class OthersTaxCode(Refusal):
    """The tax code is written right, but it is another person's; the message says whose is needed."""


def for_child(*, tax_code: str, given_name: str, birth_date: date | None) -> str:
    """
    Return a tax code as it is kept, if it may be this child's: one query.

    :raises WrongTaxCode: its check letter is wrong
    :raises OthersTaxCode: an adult of the town has it, or it tells another day of birth
    """
    code = _right(tax_code)
    if Guardian.objects.filter(tax_code=code).exists():
        raise OthersTaxCode(
            f"Questo è il codice fiscale di un adulto: serve quello di {given_name}, sulla sua tessera sanitaria."
        )
    if birth_date and rules.tells_another_birth(code=code, birth_date=birth_date):
        told = codicefiscale.get_birth_date(code)
        raise OthersTaxCode(
            f"Nel codice la data di nascita è {day_short(told)}/{told:%y}, in anagrafica è {day_figures(birth_date)}:"
            " controlla quale è giusta."
        )
    return code


def for_adult(*, tax_code: str, given_name: str) -> str:
    """
    Return a tax code as it is kept, if it may be this adult's: one query.

    :raises WrongTaxCode: its check letter is wrong
    :raises OthersTaxCode: a child of the town has it
    """
    code = _right(tax_code)
    if Child.objects.filter(tax_code=code).exists():
        raise OthersTaxCode(
            f"In anagrafica questo è il codice fiscale di un bambino: serve quello di {given_name},"
            " sulla sua tessera sanitaria."
        )
    return code


def _right(tax_code: str) -> str:
    code = tax_code.replace(" ", "").upper()
    if not codicefiscale.is_valid(code):
        raise WrongTaxCode
    return code
