"""
Dates, times and counts as Italian readers expect them, whatever the locale of the machine.

Plain Python: values in, texts out. Instants are shown in the time of Rome.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")
NBSP = "\u00a0"

WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
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
    """Write "14/10"."""
    day = local_day(moment)
    return f"{day.day}/{day.month:02}"


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
    return f"{local:%d/%m/%Y}, {local.hour}:{local.minute:02}:{local.second:02},{local.microsecond:06}"


def moment(instant: datetime) -> str:
    """Write "14/10 8:47", the time in Rome."""
    return f"{day_short(instant)} {at_time(instant)}"


def uses(count: int, unit: str, units: str) -> str:
    """Write what a credit is worth: "circa 8 pasti", "circa 1 giorno", "meno di 1 pasto"."""
    return f"circa {count} {unit if count == 1 else units}" if count else f"meno di 1 {unit}"


def in_fours(number: str) -> str:
    """Write a notice number in groups of four, so that one can read it aloud."""
    return NBSP.join(number[start : start + 4] for start in range(0, len(number), 4))


def time_left(seconds: int) -> str:
    """Write "ancora 43 minuti"; ``app.js`` counts on with the same words."""
    minutes = seconds // 60
    if seconds <= 0:
        return "tempo scaduto"
    if minutes < 1:
        return "ancora meno di un minuto"
    hours, rest = divmod(minutes, 60)
    parts = [counted(hours, "ora", "ore"), counted(rest, "minuto", "minuti")]
    return "ancora " + " e ".join(part for part in parts if part)


def counted(number: int, one: str, many: str) -> str:
    """Write "1 ora", "2 ore", and nothing for none."""
    if number == 0:
        return ""
    return f"{number} {one if number == 1 else many}"
