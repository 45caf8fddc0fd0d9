"""What each answer of a form is worth, and how many places each structure has, as the office types them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django import forms

from campanella.domains.applying.queries import FormPart
from campanella.domains.ranking.rules.scheme import MOST_POINTS, Criterion, Group, Scheme, Seats
from campanella.domains.schools.models import ClassGroup, School
from campanella.foundation.design.forms import offer
from campanella.usecases.ranking.drawing import answers_to

YES_NO = {"yes": "Sì", "no": "No"}


class PointsForm(forms.Form):
    """What each answer is worth, and whether it comes before everybody."""

    def __init__(self, *args: Any, scheme: Scheme, parts: Sequence[FormPart], **options: Any) -> None:
        super().__init__(*args, **options)
        self.scheme, self.parts = scheme, [one for one in parts if one.kind in ("yes_no", "choice")]
        known = {(one.part_id, one.answer): one for one in scheme.criteria}
        for name, part, answer in self._named():
            worth, label = known.get((part.pk, answer)), YES_NO.get(answer, answer)
            self.fields[name] = forms.IntegerField(
                label=f"{label}: punti",
                required=False,
                min_value=-MOST_POINTS,
                max_value=MOST_POINTS,
                initial=worth.points if worth else None,
                error_messages={"invalid": "Scrivi un numero intero."},
            )
            self.fields[f"{name}-first"] = forms.BooleanField(
                label=f"{label}: viene prima di tutti", required=False, initial=bool(worth and worth.comes_first)
            )

    def questions(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Give each question with the fields of its answers."""
        for part in self.parts:
            names = [name for name, one, _ in self._named() if one.pk == part.pk]
            yield part.label, [self[each] for name in names for each in (name, f"{name}-first")]

    def said(self) -> Scheme:
        """Return the rules with these points; of a valid form."""
        data = self.cleaned_data
        criteria = [
            Criterion(part.pk, answer, data[name] or 0, data[f"{name}-first"])
            for name, part, answer in self._named()
            if data[name] or data[f"{name}-first"]
        ]
        return replace(self.scheme, criteria=tuple(criteria))

    def _named(self) -> Iterator[tuple[str, FormPart, str]]:
        for part in self.parts:
            for number, answer in enumerate(answers_to(part)):
                yield f"part-{part.pk}-{number}", part, answer


class SeatsForm(forms.Form):
    """How many places each structure has for each age group, and in which class."""

    def __init__(
        self, *args: Any, scheme: Scheme, schools: Sequence[School], classes: Sequence[ClassGroup], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.scheme, self.schools = scheme, schools
        known = {(one.school_id, one.group): one for one in scheme.seats}
        for name, school, group in self._named():
            seats = known.get((school.pk, group.name))
            self.fields[name] = forms.IntegerField(
                label=f"{group.name}: posti",
                required=False,
                min_value=0,
                max_value=9999,
                initial=seats.places if seats else None,
                error_messages={"invalid": "Scrivi un numero."},
            )
            self.fields[f"{name}-class"] = forms.ChoiceField(
                label=f"{group.name}: classe", required=False, initial=str((seats and seats.class_group_id) or "")
            )
            mine = [(str(one.pk), one.name) for one in classes if one.school_id == school.pk]
            offer(self, f"{name}-class", [("", "La sceglie l’ufficio"), *mine])

    def structures(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Give each structure with the fields of its age groups."""
        for school in self.schools:
            names = [name for name, one, _ in self._named() if one.pk == school.pk]
            yield school.name, [self[each] for name in names for each in (name, f"{name}-class")]

    def said(self) -> Scheme:
        """Return the rules with these places; of a valid form."""
        data = self.cleaned_data
        seats = [
            Seats(school.pk, group.name, data[name] or 0, int(of) if (of := data[f"{name}-class"]) else None)
            for name, school, group in self._named()
            if data[name] or data[f"{name}-class"]
        ]
        return replace(self.scheme, seats=tuple(seats))

    def _named(self) -> Iterator[tuple[str, School, Group]]:
        for school in self.schools:
            for number, group in enumerate(self.scheme.groups):
                yield f"school-{school.pk}-{number}", school, group
