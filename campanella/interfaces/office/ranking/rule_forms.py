"""The rules of a call as the office types them: age groups, who goes before whom, how offers are answered."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django import forms

from campanella.domains.applying.queries import FormPart
from campanella.domains.ranking.rules.scheme import KEYS, LATE, MOST_GROUPS, Group, Scheme
from campanella.foundation.design.forms import DayField, offer

PREFERENCES = 3
NOTHING = ("", "Nessuna")


class RulesForm(forms.Form):
    """Age groups, who goes before whom, what asks for preferences, and how places are answered."""

    def __init__(self, *args: Any, scheme: Scheme, parts: Sequence[FormPart], **options: Any) -> None:
        super().__init__(*args, **options)
        self.scheme = scheme
        for number in range(MOST_GROUPS):
            self._ask_group(number, scheme.groups[number] if number < len(scheme.groups) else None)
        for number in range(len(KEYS)):
            chosen = scheme.keys[number] if number < len(scheme.keys) else ""
            field = forms.ChoiceField(label=f"Precedenza {number + 1}", required=False, initial=chosen)
            self.fields[f"key_{number}"] = field
            offer(self, f"key_{number}", [NOTHING, *KEYS.items()])
        choices = [(str(one.pk), one.label) for one in parts if one.kind == "choice"]
        for number in range(PREFERENCES):
            known = scheme.preferences[number] if number < len(scheme.preferences) else ""
            label = f"Domanda che chiede la {number + 2}ª struttura"
            self.fields[f"preference_{number}"] = forms.ChoiceField(label=label, required=False, initial=str(known))
            offer(self, f"preference_{number}", [NOTHING, *choices])
        self.fields["residence"] = forms.ChoiceField(
            label="Domanda che chiede se è residente", required=False, initial=str(scheme.residence or "")
        )
        offer(self, "residence", [NOTHING, *((str(one.pk), one.label) for one in parts if one.kind == "yes_no")])
        self._ask_answers(scheme)

    def groups(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """Give the fields of each age group."""
        for number in range(MOST_GROUPS):
            yield number + 1, [self[f"group_{number}"], self[f"from_{number}"], self[f"until_{number}"]]

    def others(self) -> list[forms.BoundField]:
        """Return every other field."""
        own = {bound.name for _, fields in self.groups() for bound in fields}
        return [bound for bound in self if bound.name not in own]

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: there is no age group and was none, or one is written by halves"""
        data = super().clean() or {}
        if not self.scheme.groups and not any(data.get(f"group_{number}") for number in range(MOST_GROUPS)):
            self.add_error("group_0", "Scrivi almeno una fascia d’età: da lì in poi i posti si danno con la graduatoria.")
        for number in range(MOST_GROUPS):
            names = (f"group_{number}", f"from_{number}", f"until_{number}")
            given = [name for name in names if data.get(name)]
            for name in names if given else ():
                if name not in given and name not in self.errors:
                    self.add_error(name, "Della fascia servono nome, primo e ultimo giorno di nascita.")
        return data

    def said(self) -> Scheme:
        """Return the rules as they were typed, places and points as they are; of a valid form."""
        data = self.cleaned_data
        rows = {
            number: Group(data[f"group_{number}"].strip(), data[f"from_{number}"], data[f"until_{number}"])
            for number in range(MOST_GROUPS)
            if data[f"group_{number}"].strip()
        }
        # A group under another name keeps its places.
        now = {known.name: rows[number].name for number, known in enumerate(self.scheme.groups) if number in rows}
        asked = [data[f"preference_{number}"] for number in range(PREFERENCES)]
        return replace(
            self.scheme,
            groups=tuple(rows.values()),
            seats=tuple(replace(one, group=now[one.group]) for one in self.scheme.seats if one.group in now),
            keys=tuple(key for number in range(len(KEYS)) if (key := data[f"key_{number}"])),
            preferences=tuple(dict.fromkeys(int(pk) for pk in asked if pk)),
            residence=int(data["residence"]) if data["residence"] else None,
            answer_days=data["answer_days"],
            counts_working_days=data["counts_working_days"],
            refusals=data["refusals"],
            late=data["late"] or self.scheme.late,
        )

    def _ask_group(self, number: int, known: Group | None) -> None:
        which = f"Fascia {number + 1}"
        self.fields[f"group_{number}"] = forms.CharField(
            label=f"{which}: nome", required=False, max_length=40, initial=known.name if known else ""
        )
        for name, label, day in (
            ("from", "nati dal", known.born_from if known else None),
            ("until", "nati fino al", known.born_until if known else None),
        ):
            self.fields[f"{name}_{number}"] = DayField(label=f"{which}: {label}", required=False, initial=day)

    def _ask_answers(self, scheme: Scheme) -> None:
        said = {"required": "Scrivi un numero.", "invalid": "Scrivi un numero."}
        self.fields["answer_days"] = forms.IntegerField(
            label="Giorni per rispondere a un’offerta",
            min_value=1,
            max_value=60,
            initial=scheme.answer_days,
            error_messages=said,
        )
        self.fields["counts_working_days"] = forms.BooleanField(
            label="Conta solo i giorni lavorativi", required=False, initial=scheme.counts_working_days
        )
        self.fields["refusals"] = forms.IntegerField(
            label="Esce dalla graduatoria alla rinuncia numero",
            min_value=0,
            max_value=9,
            initial=scheme.refusals,
            help_text="0: mai. Anche non rispondere è una rinuncia.",
            error_messages=said,
        )
        self.fields["late"] = forms.ChoiceField(
            label="Domande arrivate dopo la definitiva",
            required=False,
            initial=scheme.late,
            help_text="Stanno in coda a tutte le altre della fascia, e hanno un posto solo quando ne avanza uno.",
        )
        offer(self, "late", [*LATE.items()])
