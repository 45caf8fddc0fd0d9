"""
Days, times and counts as Italian readers expect them, whatever the locale of the machine; nobody else writes a day.

In words with its year where a day stands on its own, in a sentence or a card (``day_full``); with the day of the week where
one is chosen or looked at (``day_long``, on a button ``day_brief``); in figures in tables, sheets and papers
(``day_figures``), without the year where that is plain or an hour stands beside it (``day_short``, ``moment``).

Plain Python: values in, texts out. Instants are shown in the time of Rome.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from campanella.foundation.core.clock import ROME

NBSP = "\u00a0"

WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
# As they begin a line.
WEEKDAYS_NAMED = tuple(name.capitalize() for name in WEEKDAYS)
MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip


def local_day(moment: date | datetime) -> date:
    """Give the day in Rome of an instant; a plain day stays itself."""
    if isinstance(moment, datetime):
        return moment.astimezone(ROME).date()
    return moment


def day_long(moment: date | datetime) -> str:
    """Write "mercoledì 14 ottobre"."""
    day = local_day(moment)
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def day_long_in(moment: date | datetime, today: date) -> str:
    """Write "mercoledì 14 ottobre", and the year when it is not this one."""
    day = local_day(moment)
    return day_long(day) if day.year == today.year else f"{day_long(day)} {day.year}"


def day_short(moment: date | datetime) -> str:
    """Write "14/10", "01/03"."""
    return f"{local_day(moment):%d/%m}"


def day_brief(moment: date | datetime) -> str:
    """Write "mer 14/10"."""
    return f"{WEEKDAYS[local_day(moment).weekday()][:3]} {day_short(moment)}"


def day_figures(moment: date | datetime) -> str:
    """Write "14/10/2026", "01/03/2026"."""
    return f"{local_day(moment):%d/%m/%Y}"


def day_full(moment: date | datetime) -> str:
    """Write "14 ottobre 2026"."""
    day = local_day(moment)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def days_to(first: date, last: date) -> str:
    """Write "14 ottobre 2026", "7–8 dicembre 2026", "28 maggio – 2 giugno 2026", "23 dicembre 2026 – 6 gennaio 2027"."""
    if first == last:
        return day_full(first)
    if first.year != last.year:
        return f"{day_full(first)} – {day_full(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} – {day_full(last)}"
    return f"{first.day}–{day_full(last)}"


def days_of_many(days: Collection[date], *, first: date, last: date) -> str:
    """
    Write some days of a span: "ogni sabato e domenica, 8 dicembre 2026".

    :param first: of the span, as ``last``: a day of the week is named where all of it are meant, and there is more than one
    """
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    every = [number for number in range(7) if _is_whole([day for day in span if day.weekday() == number], days)]
    *first_ones, last_one = (WEEKDAYS[number] for number in every or [0])
    parts = ["ogni " + " e ".join([*filter(None, [", ".join(first_ones)]), last_one])] if every else []
    runs: list[list[date]] = []
    for day in sorted(day for day in days if day.weekday() not in every):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join([*parts, *(days_to(run[0], run[-1]) for run in runs)])


def _is_whole(named: Sequence[date], days: Collection[date]) -> bool:
    return len(named) > 1 and all(day in days for day in named)


def month_name(moment: date | datetime) -> str:
    """Write "ottobre 2026"."""
    day = local_day(moment)
    return f"{MONTHS[day.month - 1]} {day.year}"


def at_time(instant: datetime) -> str:
    """Write "9:05", the time in Rome."""
    local = instant.astimezone(ROME)
    return f"{local.hour}:{local.minute:02}"


def at_second(instant: datetime) -> str:
    """Write "8:47:12", and parts of a second where they decide, in the first one of a minute: "9:30:00,000001"."""
    local = instant.astimezone(ROME)
    text = f"{local.hour}:{local.minute:02}:{local.second:02}"
    return f"{text},{local.microsecond:06}" if local.second == 0 and local.microsecond else text


def in_full(instant: datetime) -> str:
    """Write "14/10/2026, 8:47:12,000345", to the microsecond."""
    local = instant.astimezone(ROME)
    return f"{day_figures(local)}, {local.hour}:{local.minute:02}:{local.second:02},{local.microsecond:06}"


def moment(instant: datetime) -> str:
    """Write "14/10 8:47", the time in Rome."""
    return f"{day_short(instant)} {at_time(instant)}"


def moment_figures(instant: datetime) -> str:
    """Write "14/10/2026 8:47", the time in Rome."""
    return f"{day_figures(instant)} {at_time(instant)}"


def moment_full(instant: datetime) -> str:
    """Write "14 ottobre 2026, 8:47", the time in Rome."""
    return f"{day_full(instant)}, {at_time(instant)}"


@lru_cache(maxsize=4096)
def unbroken(written: str) -> str:
    """Return a day in words as no line breaks it, but for after the day of the week: "mercoledì 14 ottobre"."""
    return _DAY_AND_MONTH.sub(lambda found: found[0].replace(" ", NBSP), written)


def uses(count: int, unit: str, units: str) -> str:
    """Write what a credit is worth: "circa 8 pasti", "circa 1 giorno", "meno di 1 pasto"."""
    return f"circa {count} {unit if count == 1 else units}" if count else f"meno di 1 {unit}"


def in_fours(number: str) -> str:
    """Write a notice number in groups of four, so that one can read it aloud."""
    return NBSP.join(number[start : start + 4] for start in range(0, len(number), 4))


def time_left(seconds: int) -> str:
    """Write "ancora 43 minuti", "ancora 3 giorni e 2 ore"; ``app.js`` counts on with the same words."""
    minutes = seconds // 60
    if seconds <= 0:
        return "tempo scaduto"
    if minutes < 1:
        return "ancora meno di un minuto"
    hours, rest = divmod(minutes, 60)
    days, of_day = divmod(hours, 24)
    parts = [counted(hours, "ora", "ore"), counted(rest, "minuto", "minuti")]
    if days:
        parts = [counted(days, "giorno", "giorni"), counted(of_day, "ora", "ore")]
    return "ancora " + " e ".join(part for part in parts if part)


def counted(number: int, one: str, many: str) -> str:
    """Write "1 ora", "2 ore", and nothing for none."""
    if number == 0:
        return ""
    return f"{number} {one if number == 1 else many}"


def elided(text: str) -> str:
    """Write "l’11 ottobre", "l’11/10" where a sentence put together says "il 11 …", and so after dal, al and del."""
    return _BEFORE_A_VOWEL.sub(_elide, text)


def the_day(day: date) -> str:
    """Write a day with its article: "il 12 ottobre 2026", "l’11 ottobre 2026"."""
    return elided(f"il {day_full(day)}")


# The figures and what belongs to them: "14 ottobre 2026", "ottobre 2026", "14/10 8:47".
_DAY_AND_MONTH = re.compile(rf"(?:\d+ )?(?:{'|'.join(MONTHS)})(?: \d{{4}})?|/\d\d \d")
# Eight and eleven begin with a vowel.
_BEFORE_A_VOWEL = re.compile(rf"\b([Ii]l|[Dd]al|[Aa]l|[Dd]el) 0?(8|11)(?=/| (?:{'|'.join(MONTHS)})\b)")
_ELIDED = {"il": "l’", "dal": "dall’", "al": "all’", "del": "dell’"}


def _elide(found: re.Match[str]) -> str:
    article, day = found.groups()
    short = _ELIDED[article.lower()]
    return f"{short.capitalize() if article[0].isupper() else short}{day}"
