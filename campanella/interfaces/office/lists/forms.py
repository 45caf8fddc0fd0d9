"""The forms of acts on a list: each says whom the page has shown, and the larger ones tell first what they would do."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.http import QueryDict

from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import EuroField, offer
from campanella.readings.office import bulk as bulk_reading
from campanella.readings.office.bulk import NoticesDue
from campanella.readings.office.children import Line

LONGEST_TEXT = 4000
OWED, FIXED = "dovuto", "uguale"


@dataclass(frozen=True)
class Chosen:
    """The children of an act: those ticked, else the whole list; ``query`` leads back to them."""

    lines: list[Line]
    query: str

    def of(self, child_ids: Sequence[int]) -> list[Line]:
        """Return those of these ids."""
        wanted = set(child_ids)
        return [line for line in self.lines if line.id in wanted]

    @property
    def digest(self) -> str:
        """Who they are, in a word: the same children give the same."""
        return _digest(*map(str, sorted(self.ids)))

    @property
    def ids(self) -> list[int]:
        """Their ids."""
        return [line.id for line in self.lines]


class BatchForm(forms.Form):
    """A form of one act: its key makes a second sending harmless, and it says whom the page has shown."""

    batch = forms.RegexField(r"^[A-Za-z0-9_-]{16,24}$", widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, sent: QueryDict | None, *, chosen: Chosen) -> None:
        self.was_shown = sent.get("shown") if sent is not None else None
        if sent is not None:
            # Shown again, it says whom it reaches now.
            sent = sent.copy()
            sent["shown"] = chosen.digest
        super().__init__(sent, initial={"batch": secrets.token_urlsafe(12), "shown": chosen.digest})
        self.chosen = chosen

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: the list has changed since the page was opened"""
        if self.was_shown != self.chosen.digest:
            raise forms.ValidationError("L’elenco è cambiato mentre scrivevi: controlla a chi arriva e conferma di nuovo.")
        return super().clean() or {}


class TellingForm(BatchForm):
    """A form that tells first what it would do: shown again, it brings back the words that were told."""

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def ask(self, words: str) -> None:
        """Let the form, shown again, bring back what was told."""
        again = QueryDict(mutable=True)
        again.update({name: str(self.data[name]) for name in self.fields if name in self.data})
        again["confirmed"] = words
        self.data = again

    def is_agreed(self, words: str) -> bool:
        """Tell whether these are the words that were told; call it once the form is valid."""
        return bool(self.cleaned_data["confirmed"] == words)


class MessageForm(TellingForm):
    """What the office writes to many."""

    subject = forms.CharField(
        label="Oggetto",
        max_length=120,
        help_text="Senza nomi di bambini: gli oggetti delle e-mail li legge chiunque passi.",
        error_messages={"required": "Scrivi l’oggetto."},
    )
    text = forms.CharField(
        label="Messaggio",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Firma e collegamento al portale si aggiungono da soli.",
        error_messages={"required": "Scrivi il messaggio."},
    )

    @property
    def words(self) -> str:
        """What was written, in a word: the same gives the same."""
        return _digest(self.cleaned_data["subject"], self.cleaned_data["text"])


class NoticesForm(TellingForm):
    """A notice for each, of what each owes or of one amount; first it is told how many, and how much in all."""

    service = forms.TypedChoiceField(label="Per quale servizio", coerce=int)
    how = forms.ChoiceField(
        label="Di quanto",
        choices=[
            (OWED, "A ciascuno quanto deve: solo chi è sotto zero e non ha già un avviso"),
            (FIXED, "A tutti lo stesso importo"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli di quanto."},
    )
    amount = EuroField(label="Importo di ogni avviso", required=False, help_text="Solo se è lo stesso per tutti.")

    def __init__(self, sent: QueryDict | None, *, chosen: Chosen) -> None:
        super().__init__(sent, chosen=chosen)
        offer(self, "service", [(service.pk, service.name) for service in services.services()])

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: one amount for all, and none was written"""
        cleaned = super().clean()
        if cleaned.get("how") == FIXED and cleaned.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", "Scrivi un importo, per esempio 20,00.")
        return cleaned

    @property
    def each(self) -> Euro | None:
        """The one amount for all, None for what each owes."""
        return Euro(self.cleaned_data["amount"]) if self.cleaned_data["how"] == FIXED else None

    def plan(self) -> "Plan":
        """Return what would be done; call it once the form is valid."""
        service_id = self.cleaned_data["service"]
        due = bulk_reading.notices_due(child_ids=self.chosen.ids, service_id=service_id, amount=self.each, now=clock.now())
        return Plan(self.chosen, due, self.each)


@dataclass(frozen=True)
class Plan:
    """Which notices would be made: ``each`` is their one amount, None when each is of what is owed."""

    chosen: Chosen
    due: NoticesDue
    each: Euro | None

    @property
    def count(self) -> int:
        """How many."""
        return len(self.due.wanted)

    @property
    def total(self) -> Euro:
        """What all of them ask for."""
        return self.due.total

    @property
    def rows(self) -> list[tuple[str, Euro]]:
        """Who is asked for how much, where the amounts differ."""
        names = {line.id: line.name for line in self.chosen.lines}
        return [] if self.each else [(names[wallet.child_id], amount) for wallet, amount in self.due.wanted]

    @property
    def skipped(self) -> list[tuple[str, list[Line]]]:
        """Who gets none, by reason."""
        reasons = (
            ("Senza un borsellino per questo servizio, quindi senza avviso", self.due.without_wallet),
            ("Hanno già un avviso da pagare", self.due.asked),
            ("Devono meno o più di quanto un avviso può chiedere", self.due.beyond),
            ("Non devono nulla", self.due.even),
        )
        return [(why, self.chosen.of(child_ids)) for why, child_ids in reasons if child_ids]

    @property
    def words(self) -> str:
        """The plan as a form sends it back."""
        return f"{self.count}-{self.total.cents}-{self.each.cents if self.each else OWED}"


def _digest(*words: str) -> str:
    return sha256("\n".join(words).encode()).hexdigest()[:16]
