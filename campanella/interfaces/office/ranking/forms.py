"""What the office says of a list, and of an answer that counts instead of what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from campanella.domains.applying.queries import FormPart
from campanella.foundation.design.forms import DayField, offer

ANSWERS = {"yes": "Sì", "no": "No", "": "Nessuna risposta"}
WAYS = (
    ("provisional", "Provvisoria: si possono fare ricorsi"),
    ("final", "Definitiva: partono subito le offerte dei posti"),
)


class DrawForm(forms.Form):
    """How a list is drawn up."""

    why = forms.CharField(
        label="Perché la fai",
        required=False,
        max_length=300,
        help_text="Per esempio: prima graduatoria, ricorso n. 3. Resta scritto.",
    )
    seed = forms.CharField(
        label="Seme del sorteggio",
        required=False,
        max_length=80,
        help_text="I numeri estratti in pubblico. Vuoto: resta quello di prima, o ne sceglie uno il programma.",
    )


class PublishForm(forms.Form):
    """As what a list is published."""

    way = forms.ChoiceField(
        label="Come la pubblichi",
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli se è provvisoria o definitiva."},
    )
    appeals_until = DayField(
        label="Ricorsi fino al", required=False, help_text="Compreso. Solo per la provvisoria: le famiglie lo leggono."
    )


class CorrectForm(forms.Form):
    """Which answer counts, and why."""

    counts = forms.ChoiceField(
        label="Vale questa risposta",
        error_messages={"required": "Scegli una risposta.", "invalid_choice": "Scegli una risposta."},
    )
    reason = forms.CharField(
        label="Motivo",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Per esempio: ricorso del 3 marzo, accolto. Non scrivere qui dati di salute.",
        error_messages={"required": "Scrivi il motivo: resta nella storia della domanda."},
    )

    def __init__(self, *args: Any, parts: Mapping[FormPart, Sequence[str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._answers = {
            f"{part.pk}-{number}": (part.pk, answer)
            for part, answers in parts.items()
            for number, answer in enumerate(("", *answers))
        }
        labels = {part.pk: part.label for part in parts}
        grouped: dict[str, list[tuple[str, str]]] = {}
        for key, (part_id, answer) in self._answers.items():
            grouped.setdefault(labels[part_id], []).append((key, ANSWERS.get(answer, answer)))
        offer(self, "counts", [("", "Scegli"), *grouped.items()])

    @property
    def chosen(self) -> tuple[int, str]:
        """Return the question and its answer; of a valid form."""
        return self._answers[self.cleaned_data["counts"]]
