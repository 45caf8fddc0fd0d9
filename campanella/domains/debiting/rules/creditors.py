"""The creditor identifier (codice identificativo del creditore, CID) of a town, and the bank that takes its files."""

from stdnum.eu import at_02

ITALIAN_LENGTH = 23
BUSINESS_CODE = "ZZZ"


def is_creditor_id(text: str) -> bool:
    """
    Tell whether this is a creditor identifier: check digits by ISO 7064 mod 97-10, without the business code.

    An Italian one has 23 characters (ABI circular 42/2009).
    """
    if text.startswith("IT") and len(text) != ITALIAN_LENGTH:
        return False
    return bool(at_02.is_valid(text))


def is_same_creditor(one: str, other: str) -> bool:
    """Tell whether two identifiers are of one creditor: the business code is its own to choose, and identifies nobody."""
    return (one[:4], one[7:]) == (other[:4], other[7:])


def creditor_id_of(tax_code: str) -> str:
    """
    Return the identifier that an Italian body of this tax code has.

    :param tax_code: 11 digits, preceded by five noughts
    """
    national = tax_code.rjust(16, "0")
    digits = at_02.calc_check_digits(f"IT00{BUSINESS_CODE}{national}")
    return f"IT{digits}{BUSINESS_CODE}{national}"
