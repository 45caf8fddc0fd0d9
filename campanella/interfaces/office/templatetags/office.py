"""What only the office's pages write: found words, days of a month, states of a notice."""

import unicodedata
from datetime import date
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campanella.foundation.core import italian

register = template.Library()

# State of a day: classes, letter, word. Colour, letter and word say the same thing.
DAYS = {
    "present": ("is-ok", "P", "presente"),
    "absent": ("is-warn", "A", "assente"),
    "closed": ("is-off cp-day--closed", "C", "chiuso"),
    "not_enrolled": ("is-off cp-day--none", "–", "non iscritto"),
    "no_service": ("is-off cp-day--none", "", "senza appello"),
    "cancelled": ("cp-day--cancelled", "D", "disdetto"),
    "unbooked": ("is-off cp-day--none", "", "non prenotato"),
    "awaited": ("cp-day--booked", "", "da confermare"),
    "to_come": ("cp-day--booked", "", "previsto"),
}

NOTICES = {
    "open": ("warn", "da pagare"),
    "under_way": ("wait", "in corso"),
    "paid": ("ok", "pagato"),
    "cancelled": ("off", "eliminato"),
    "expired": ("off", "scaduto"),
}


@register.filter
def days_to(first: date, last: date) -> str:
    """Write "7–8 dicembre 2026": ``{{ first|days_to:last }}``."""
    return italian.unbroken(italian.days_to(first, last))


@register.filter
def found(name: str, words: list[str]) -> SafeString:
    """Mark the words sought in a name, accents and case apart."""
    folded = [_folded(letter) for letter in name]
    marks = [False] * len(name)
    text = "".join(folded)
    for word in map(_folded, words):
        start = text.find(word) if word else -1
        while start >= 0 and len(text) == len(name):
            marks[start : start + len(word)] = [True] * len(word)
            start = text.find(word, start + len(word))
    runs: list[tuple[bool, str]] = []
    for letter, mark in zip(name, marks, strict=True):
        if runs and runs[-1][0] == mark:
            runs[-1] = (mark, runs[-1][1] + letter)
        else:
            runs.append((mark, letter))
    return format_html_join("", "{}", ((format_html("<mark>{}</mark>", run) if mark else run,) for mark, run in runs))


@register.filter
def day_class(state: str) -> str:
    """Give the classes of a day of the month."""
    return DAYS[state][0]


@register.filter
def day_letter(state: str) -> str:
    """Give the letter of a day of the month."""
    return DAYS[state][1]


@register.filter
def day_word(state: str) -> str:
    """Give the word of a day of the month."""
    return DAYS[state][2]


@register.filter
def notice_kind(status: str) -> str:
    """Give the kind of the pill of a notice."""
    return NOTICES[status][0]


@register.filter
def notice_word(status: str) -> str:
    """Say the state of a notice."""
    return NOTICES[status][1]


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()


@register.filter
def things(count: int) -> str:
    """Say how many things wait: "due cose ti aspettano"."""
    if count < len(_FEW):
        return _FEW[count]
    return f"{_MANY[count - len(_FEW)] if count - len(_FEW) < len(_MANY) else count} cose ti aspettano"


_FEW = ("è tutto a posto", "una cosa ti aspetta")
_MANY = ("due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove")


@register.filter
def ordered(asked: Any, order: str) -> str:
    """Give the query of a list in another order, from its first page."""
    query = QueryDict(asked.query, mutable=True)
    query["ordine"] = order
    return query.urlencode()
