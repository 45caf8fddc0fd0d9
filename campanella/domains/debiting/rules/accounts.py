"""
Accounts that a direct debit can reach.

Length by country, check digits (mod 97), and for Italy and San Marino the CIN as well: a number that only passes mod 97 is
taken by most checks and reached by no collection.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from campanella.foundation.core.later import Later

if TYPE_CHECKING:
    import schwifty
    from schwifty import exceptions
else:
    schwifty = Later("schwifty")
    exceptions = Later("schwifty.exceptions")

# The European Economic Area. An account in a SEPA country outside it is reached only with the debtor's town and country in
# the file (EPC, SDD Core rulebook).
# fmt: off
EEA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})
# fmt: on
# Where the national check digits are in use everywhere; elsewhere a bank's rule may be newer than what is known of it.
WITH_CIN = frozenset({"IT", "SM"})
SHOWN = 4


class NoAccount(ValueError):
    """What was typed is no account that can be debited; the text is for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Account:
    """
    An account that a direct debit can reach. Whatever writes it by accident (a log, a trace) writes only its end.

    :ivar iban: the whole number, without blanks, in capitals
    :ivar bic: of its bank, empty where the register does not know it
    """

    iban: str = field(repr=False)
    bic: str = ""

    def __str__(self) -> str:
        return masked(self.iban)

    @property
    def country(self) -> str:
        """The two letters of its country."""
        return self.iban[:2]

    @property
    def asks_for_address(self) -> bool:
        """Tell whether the bank demands the debtor's town and country with every collection."""
        return self.country not in EEA

    @property
    def abi(self) -> str:
        """The five digits of an Italian bank, empty for others."""
        return self.iban[5:10] if self.country == "IT" else ""


def account(typed: str) -> Account:
    """
    Read an account as somebody types it: blanks and small letters are no difference.

    :raises NoAccount: it is none, its check digits are wrong, or no direct debit reaches its country
    """
    text = "".join(typed.split()).replace("-", "").upper().removeprefix("IBAN")
    if not text:
        raise NoAccount("Scrivi l’IBAN del conto: 27 caratteri che cominciano per IT, se il conto è italiano.")
    try:
        known = schwifty.IBAN(text)
        if known.country_code in WITH_CIN:
            known.validate(validate_bban=True)
    except exceptions.InvalidBBANChecksum:
        raise NoAccount(
            "Questo IBAN non torna: il carattere di controllo (CIN) non corrisponde. Ricopialo dall’estratto conto."
        )
    except exceptions.SchwiftyException:
        raise NoAccount(_why(text))
    if not known.in_sepa_zone:
        raise NoAccount("Questo conto è in un Paese che non fa parte della SEPA: da lì non si può fare l’addebito.")
    bic = known.bic
    return Account(iban=str(known), bic=str(bic) if bic else "")


def masked(iban: str) -> str:
    """Show an account so that its owner knows it and nobody else learns it: ``IT •••• 3456``."""
    return f"{iban[:2]} •••• {iban[-SHOWN:]}"


def _why(text: str) -> str:
    if text.startswith("IT") and len(text) != len("IT60X0542811101000000123456"):
        return f"Un IBAN italiano ha 27 caratteri, questo ne ha {len(text)}. Ricopialo dall’estratto conto."
    return "Questo IBAN non torna: c’è un carattere sbagliato. Ricopialo dall’estratto conto."
