"""What the roll-call's pages send."""

from dataclasses import dataclass
from typing import Literal

from django import forms
from django.http import QueryDict

Act = Literal["confirm", "all", "less", "more", "save"]


@dataclass(frozen=True)
class Sent:
    """A whole sheet as a page sent it."""

    act: str
    changes: dict[int, bool]
    adults: int | None

    @classmethod
    def read(cls, data: QueryDict) -> "Sent":
        """
        Read a sheet. Only what differs from the page as it was shown counts as changed.

        ``shown`` is every child of the page, ``before`` those who were there when it was made, ``eats`` the boxes
        ticked now; the adults are None when the page has not changed them.
        """
        before, eats = _numbers(data.getlist("before")), _numbers(data.getlist("eats"))
        changed = _numbers(data.getlist("shown")) & (before ^ eats)
        act = data.get("act", "confirm")
        adults = _number(data.get("adults", "")) + {"less": -1, "more": 1}.get(act, 0)
        is_same = adults == _number(data.get("adults_before", ""))
        return cls(act, {child: child in eats for child in changed}, None if is_same else adults)


class TapForm(forms.Form):
    """One tap: a child, or the number of adults."""

    day = forms.DateField()
    child = forms.IntegerField(required=False)
    eats = forms.TypedChoiceField(choices=[("1", "sì"), ("0", "no")], coerce=lambda value: value == "1", required=False)
    adults = forms.IntegerField(min_value=0, max_value=99, required=False)


class CorrectForm(forms.Form):
    """A correction: what is true, and why."""

    reason = forms.CharField(
        label="Motivo",
        help_text="Per esempio: è arrivata alle 10. Lo leggono l’ufficio e la famiglia.",
        max_length=200,
        error_messages={"required": "Scrivi il motivo della correzione: la famiglia lo vedrà."},
    )


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19}


def _number(text: str) -> int:
    clean = text.strip()
    return int(clean) if clean.isascii() and clean.isdigit() and len(clean) < 4 else 0
