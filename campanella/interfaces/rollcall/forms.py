"""What the roll-call's pages send."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from campanella.domains.attendance.rules import MOST_ADULTS, Mark
from campanella.foundation.core.clock import read_day
from campanella.foundation.design.forms import WhyForm
from campanella.interfaces.doors import number, numbers

MOST_TYPED = 1000
BOXES = ("eats", "white", "late")
YES_OR_NO = {"1", "0"}


@dataclass(frozen=True)
class Sent:
    """A whole sheet as a page sent it."""

    act: str
    changes: dict[int, Mark]
    adults: int | None

    @classmethod
    def read(cls, data: QueryDict) -> "Sent":
        """
        Read a sheet. Only what differs from the page as it was shown counts as changed.

        ``shown`` is every child of the page, ``before`` those who were there when it was made, ``eats`` the boxes
        ticked now, and the same for ``white`` and ``late``; the adults are None when the page has not changed them.
        """
        eats, white, late = (set(numbers(data.getlist(name))) for name in BOXES)
        before = [set(numbers(data.getlist(name))) for name in ("before", "white_before", "late_before")]
        changed = set(numbers(data.getlist("shown"))) & ((eats ^ before[0]) | (white ^ before[1]) | (late ^ before[2]))
        act = data.get("act", "confirm")
        adults = _number(data.get("adults", "")) + {"less": -1, "more": 1}.get(act, 0)
        is_same = adults == _number(data.get("adults_before", ""))
        # Nothing is said of the menu of who was not in white on the page and is not now.
        said = white | before[1]
        menus = {child: child in white if child in said else None for child in changed}
        marks = {child: Mark.of(is_present=child in eats, is_white=menus[child], is_late=child in late) for child in changed}
        return cls(act, marks, None if is_same else adults)


@dataclass(frozen=True)
class Tap:
    """
    One tap: a child, or the number of adults. Read by hand: making a form of six fields took as long as writing the mark.

    ``menu`` is sent where the box of the white meal was touched: an empty one says then that the child has the usual meal.

    :ivar child_id: None for the adults
    """

    child_id: int | None
    mark: Mark
    adults: int

    @classmethod
    def read(cls, data: QueryDict) -> "Tap | None":
        """Read a tap; None where it is none. Its day is ``views.day_asked``'s."""
        child, boxes = data.get("child", ""), [data.get(name) or "0" for name in BOXES]
        says_menu = boxes[BOXES.index("white")] == "1" or data.get("menu") == "1"
        child_id, meals = number(child), number(data.get("adults") or "0")
        if read_day(data.get("day", "")) is None or not set(boxes) <= YES_OR_NO:
            return None
        if (child and not child_id) or meals is None or meals > MOST_ADULTS:
            return None
        eats, white, late = (box == "1" for box in boxes)
        return cls(child_id, Mark.of(is_present=eats, is_white=white if says_menu else None, is_late=late), meals)


class CorrectForm(WhyForm):
    """A correction: what is true, and why."""

    reason = forms.CharField(
        label="Motivo",
        help_text="Per esempio: è arrivata alle 10. Lo leggono l’ufficio e la famiglia.",
        max_length=200,
        error_messages={"required": "Scegli o scrivi il motivo della correzione: la famiglia lo vedrà."},
    )


class LeaveForm(forms.Form):
    """Who goes home, and at what hour."""

    child = forms.TypedChoiceField(
        label="Chi va via",
        coerce=int,
        error_messages={
            "required": "Scegli il bambino che va via.",
            "invalid_choice": "Questo bambino non risulta presente.",
        },
    )
    hour = forms.TimeField(
        label="A che ora",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Scrivi l’ora, per esempio 11:20.", "invalid": "Scrivi l’ora così: 11:20."},
    )
    eats = forms.ChoiceField(
        label="Prima di andare mangia?",
        choices=[("no", "No"), ("yes", "Sì")],
        widget=forms.RadioSelect,
        error_messages={"required": "Di’ se prima mangia: da questo dipende il pasto."},
    )


class AdultsForm(WhyForm):
    """A correction of the number of adults, and why."""

    adults = forms.IntegerField(
        label="Adulti che mangiano",
        min_value=0,
        max_value=MOST_ADULTS,
        error_messages={
            "required": "Scrivi quanti adulti mangiano; se nessuno, 0.",
            "invalid": "Scrivi un numero, per esempio 2.",
            "min_value": "Scrivi un numero da 0 a 99.",
            "max_value": "Scrivi un numero da 0 a 99.",
        },
    )
    reason = forms.CharField(
        label="Motivo",
        help_text="Per esempio: è arrivata la supplente. Lo legge l’ufficio.",
        max_length=200,
        error_messages={"required": "Scegli o scrivi il motivo della correzione."},
    )


def _number(text: str) -> int:
    found = number(text) or 0
    return found if found < MOST_TYPED else 0
