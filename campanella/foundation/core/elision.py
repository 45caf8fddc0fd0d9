"""The article before a day in figures, as Italian says it."""

import re
from datetime import date

# Eight and eleven begin with a vowel: "l’8/10", "dall’11/10".
_BEFORE_A_VOWEL = re.compile(r"\b([Ii]l|[Dd]al|[Aa]l|[Dd]el) 0?(8|11)/")
_ELIDED = {"il": "l’", "dal": "dall’", "al": "all’", "del": "dell’"}


def elided(text: str) -> str:
    """Write "l’11/10" where a sentence put together says "il 11/10", and so after dal, al and del."""
    return _BEFORE_A_VOWEL.sub(_elide, text)


def the_day(day: date) -> str:
    """Write a day with its article: "il 12/10/2026", "l’11/10/2026"."""
    return elided(f"il {day:%d/%m/%Y}")


def _elide(found: re.Match[str]) -> str:
    article, day = found.groups()
    short = _ELIDED[article.lower()]
    return f"{short.capitalize() if article[0].isupper() else short}{day}/"
