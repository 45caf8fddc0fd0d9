"""Names, codes and who may see whom, as plain rules."""

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from stdnum.it import codicefiscale

# No letters or digits that are misread on a letter or over the telephone.
CODE_ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"
CODE_LENGTH = 6
LEAST_OF_A_PHONE = 6
MOST_ZEROS = 12


def child_code(number: int) -> str:
    """
    Return the code of a child, as printed on letters: ``4K7T-92`` style, with two check characters.

    :param number: the child's progressive number in its town, from 1
    """
    size = len(CODE_ALPHABET)
    # A fixed odd step over a prime-sized field scatters neighbours, so that a code tells nothing about the next.
    scattered = number * 137_209 % 456_959
    digits = []
    for _ in range(4):
        scattered, place = divmod(scattered, size)
        digits.append(place)
    check = sum((i + 2) * place for i, place in enumerate(digits)) % (size * size)
    body = "".join(CODE_ALPHABET[place] for place in digits)
    return f"{body}-{CODE_ALPHABET[check // size]}{CODE_ALPHABET[check % size]}"


def words_of(text: str) -> list[str]:
    """Split what a clerk typed into words; apostrophes, hyphens, commas and points are read as spaces."""
    return [word for word in re.split(r"[\s'’`\-,;.]+", text.strip()) if word]


def digits_of_phone(text: str) -> str:
    """Return the digits of a telephone number, without country prefix; nothing when the text is no number."""
    digits = re.sub(r"^(\+39|0039)", "", re.sub(r"[\s./()\-]", "", text))
    return digits if digits.isdecimal() and len(digits) >= LEAST_OF_A_PHONE else ""


def tells_another_birth(*, code: str, birth_date: date) -> bool:
    """
    Tell whether a tax code contradicts a day of birth; of the year it has two digits, so the century does not count.

    Source: D.M. 23 December 1976, art. 4; a provisional code of eleven digits tells no birth.
    """
    if len(code) != 16:
        return False
    told = codicefiscale.get_birth_date(code)
    return (told.day, told.month, told.year % 100) != (birth_date.day, birth_date.month, birth_date.year % 100)


def is_same_phone(one: str, other: str) -> bool:
    """Tell whether two spellings are the same telephone number: blanks, points and the country prefix do not count."""
    return one == other or digits_of_phone(one) == digits_of_phone(other) != ""


def with_zeros(code: str) -> list[str]:
    """Return every code that is the same number: 00123 and 123 are two children's, and whoever types one is shown both."""
    number = code.lstrip("0")
    return ["0" * zeros + number for zeros in range(MOST_ZEROS)] if number.isdecimal() else []


def full_name(*, given_name: str, family_name: str) -> str:
    """Return given name and family name; who has one name only has no blank after it."""
    return f"{given_name} {family_name}".strip()


def with_hyphen(code: str) -> str:
    """Write a child's code as it is printed, for who typed it without its hyphen."""
    letters = code.strip().replace("-", "").replace(" ", "")
    return f"{letters[:4]}-{letters[4:]}" if len(letters) == CODE_LENGTH else code


ADULT_AT = 18


def is_adult(*, birth_date: date, today: date) -> bool:
    """Tell whether somebody is of age."""
    return (today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))) >= ADULT_AT


def is_of_adult(*, code: str, today: date) -> bool:
    """Tell whether a tax code of sixteen characters can be an adult's; of the year it has two digits: the elder is meant."""
    return is_adult(birth_date=codicefiscale.get_birth_date(code, minyear=today.year - 99), today=today)


def goes_alone(*, level: str, levels: Collection[str], guardians: Collection[int], signed: Collection[int]) -> bool:
    """
    Tell whether a child may go home alone: the town allows it for its school, and all of its adults have signed (R12).

    :param level: of its school
    :param signed: the adults whose signature holds
    """
    return level in levels and bool(guardians) and set(guardians) <= set(signed)


# How long the link of a registration holds, how many letters one address is written within that time, and how long a
# registration that came to something is kept.
REGISTRATION_HOURS = 48
LETTERS_TO_AN_ADDRESS = 3
# Of a whole town in an hour, however many mailboxes: an opening day of the largest stays below, a machine does not.
LETTERS_OF_A_TOWN = 1_000
REGISTRATIONS_KEPT = timedelta(days=365)

LINK_CODE_LENGTH, LINK_CODE_GROUP = 12, 4
LINK_CODE_DAYS = 60

Road = Literal["tied", "known", "waiting"]


def registration_road(
    *, knows_adult: bool, has_access: bool, is_same_address: bool, has_code: bool, is_code_of_adult: bool
) -> Road:
    """
    Tell what becomes of who has registered and confirmed a mailbox.

    A tax code is no secret: whoever knows a name and a birthday can reckon it. So it only says which adult somebody means to
    be; that it is this adult, a code printed for its child says, or the mailbox the office has of it.

    :param knows_adult: the register has an adult with the tax code
    :param has_access: and it has an access, open or closed
    :param is_same_address: the confirmed mailbox is the one of that adult
    :param has_code: a child's code was right
    :param is_code_of_adult: and that adult answers for the child
    :returns: ``tied`` sees its children at once, ``known`` is told of the access it has, ``waiting`` is for the office
    """
    if knows_adult and has_access:
        return "known" if is_same_address else "waiting"
    if knows_adult:
        return "tied" if is_same_address or is_code_of_adult else "waiting"
    return "tied" if has_code else "waiting"


def read_link_code(typed: str) -> str:
    """Return the letters of a link code as somebody typed it: capitals, without blanks and hyphens."""
    return re.sub(r"[\s\-.]", "", typed).upper()


def is_link_code(code: str) -> bool:
    """Tell whether a code could be one of ours."""
    return len(code) == LINK_CODE_LENGTH and set(code) <= set(CODE_ALPHABET)


def in_link_groups(code: str) -> str:
    """Write a link code as it is printed: ``4K7T-92AC-DEFG``."""
    return "-".join(code[start : start + LINK_CODE_GROUP] for start in range(0, len(code), LINK_CODE_GROUP))
