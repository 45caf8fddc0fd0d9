"""What the roll-call's pages send."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from campanella.domains.attendance.rules import Mark

BOXES = ("eats", "white", "late")
YES_OR_NO = [("1", "sì"), ("0", "no")]


def is_yes(value: str) -> bool:
    """Read a box."""
    return value == "1"


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
        eats, white, late = (_numbers(data.getlist(name)) for name in BOXES)
        before = [_numbers(data.getlist(name)) for name in ("before", "white_before", "late_before")]
        changed = _numbers(data.getlist("shown")) & ((eats ^ before[0]) | (white ^ before[1]) | (late ^ before[2]))
        act = data.get("act", "confirm")
        adults = _number(data.get("adults", "")) + {"less": -1, "more": 1}.get(act, 0)
        is_same = adults == _number(data.get("adults_before", ""))
        marks = {
            child: Mark.of(is_present=child in eats, is_white=child in white, is_late=child in late) for child in changed
        }
        return cls(act, marks, None if is_same else adults)


class TapForm(forms.Form):
    """One tap: a child, or the number of adults."""

    day = forms.DateField()
    child = forms.IntegerField(required=False)
    eats = forms.TypedChoiceField(choices=YES_OR_NO, coerce=is_yes, required=False)
    white = forms.TypedChoiceField(choices=YES_OR_NO, coerce=is_yes, required=False)
    late = forms.TypedChoiceField(choices=YES_OR_NO, coerce=is_yes, required=False)
    adults = forms.IntegerField(min_value=0, max_value=99, required=False)

    def mark(self) -> Mark:
        """Return what the tap says of the child."""
        data = self.cleaned_data
        return Mark.of(is_present=bool(data["eats"]), is_white=bool(data["white"]), is_late=bool(data["late"]))


class CorrectForm(forms.Form):
    """A correction: what is true, and why."""

    reason = forms.CharField(
        label="Motivo",
        help_text="Per esempio: è arrivata alle 10. Lo leggono l’ufficio e la famiglia.",
        max_length=200,
        error_messages={"required": "Scrivi il motivo della correzione: la famiglia lo vedrà."},
    )


class AdultsForm(forms.Form):
    """A correction of the number of adults, and why."""

    adults = forms.IntegerField(
        label="Adulti che mangiano",
        min_value=0,
        max_value=99,
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
        error_messages={"required": "Scrivi il motivo della correzione."},
    )


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19}


def _number(text: str) -> int:
    clean = text.strip()
    return int(clean) if clean.isascii() and clean.isdigit() and len(clean) < 4 else 0
