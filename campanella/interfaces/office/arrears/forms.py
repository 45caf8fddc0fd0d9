"""The steps of the reminders, a stop, what was handed over, a plan."""

from typing import Any

from django import forms

from campanella.domains.arrears.models.reminders import HANDINGS
from campanella.domains.arrears.rules.interest import told
from campanella.domains.arrears.rules.ladder import CHANNEL_WORDS, LONGEST_TEXT, MOST_COST, MOST_STEPS, Step
from campanella.foundation.core import clock
from campanella.foundation.design.forms import DayField, EuroField

MOST_DAYS = 3650


INTEREST = [
    ("", "nessuno"),
    *((str(points), told(points).removeprefix("gli ")) for points in (0, 50, 100, 150, 200, 250, 300, 400, 500)),
]


class LadderForm(forms.Form):
    """From when the steps hold, and why they change."""

    first = DayField(label="Valgono dal giorno", help_text="Da oggi in poi; quello che è partito resta com’è.")
    reason = forms.CharField(label="Motivo", max_length=200, required=False, help_text="Per esempio la delibera.")


class StepForm(forms.Form):
    """One step; without a name it is none."""

    name = forms.CharField(label="Nome", max_length=60, required=False, help_text="Vuoto: questo passo non c’è.")
    channel = forms.ChoiceField(label="Come si manda", choices=list(CHANNEL_WORDS.items()))
    threshold = EuroField(label="Da quale somma", min_cents=0)
    after_days = forms.IntegerField(label="Giorni dopo la scadenza", min_value=0, max_value=MOST_DAYS)
    pay_days = forms.IntegerField(label="Giorni per pagare", min_value=0, max_value=MOST_DAYS)
    wait_days = forms.IntegerField(label="Giorni prima del passo dopo", min_value=0, max_value=MOST_DAYS)
    cost = EuroField(
        label="Spese chieste alla famiglia",
        min_cents=0,
        max_cents=MOST_COST,
        help_text="Al massimo 5,88 €, e solo per ciò che si porta per posta o a mano.",
    )
    interest = forms.TypedChoiceField(
        label="Interessi sulle fatture scadute",
        choices=INTEREST,
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Contati giorno per giorno su quello che manca; si fermano quando la famiglia paga.",
    )
    text = forms.CharField(
        label="Testo",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Che cosa fare, chi chiamare e come chiedere le rate è già scritto sotto ogni lettera.",
    )

    def step(self, place: int) -> Step | None:
        """Return the step that was written, None for one without a name."""
        data = self.cleaned_data
        return Step(place=place, **data) if data["name"].strip() else None


BLANK: dict[str, Any] = {
    "name": "",
    "channel": "mail",
    "threshold": 1200,
    "after_days": 0,
    "pay_days": 15,
    "wait_days": 30,
    "cost": 0,
    "interest": None,
    "text": "",
}


def step_forms(steps: tuple[Step, ...], sent: Any = None) -> list[StepForm]:
    """Return a form for each step and one for another."""
    known = [{name: getattr(step, name) for name in BLANK} for step in steps]
    wanted = [*known, BLANK][:MOST_STEPS]
    count = min(MOST_STEPS, _count(sent)) if sent else len(wanted)
    initial = [*wanted, *([BLANK] * count)][:count]
    return [StepForm(sent or None, prefix=f"passo-{place}", initial=one) for place, one in enumerate(initial, start=1)]


def _count(sent: Any) -> int:
    return sum(f"passo-{place}-name" in sent for place in range(1, MOST_STEPS + 1))


class StopForm(forms.Form):
    """Until when nobody writes to a household, and why."""

    until = DayField(label="Fino al giorno", help_text="Compreso. Poi i solleciti riprendono da soli.")
    reason = forms.CharField(
        label="Motivo",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lo apre solo l’ufficio, e resta scritto chi lo ha aperto. Scuola, cucina e famiglia non lo vedono.",
        error_messages={"required": "Scrivi il motivo: lo legge solo l’ufficio."},
    )

    def clean_until(self) -> Any:
        """:raises forms.ValidationError: the day is over"""
        until = self.cleaned_data["until"]
        if until < clock.today():
            raise forms.ValidationError("Scegli un giorno da oggi in poi.")
        return until


class WaiveForm(forms.Form):
    """Why the interest of a reminder is asked for no more."""

    reason = forms.CharField(
        label="Motivo",
        max_length=150,
        help_text="La famiglia lo legge tra i movimenti.",
        error_messages={"required": "Scrivi perché si tolgono gli interessi."},
    )


class HandingForm(forms.Form):
    """What became of a letter that the office prints."""

    kind = forms.ChoiceField(label="Che cosa è successo", choices=HANDINGS)
    day = DayField(label="Il giorno")
    protocol = forms.CharField(
        label="Numero di protocollo", max_length=40, required=False, help_text="Per raccomandata, PEC e SMS serve."
    )
    note = forms.CharField(label="Nota", max_length=200, required=False, help_text="Per esempio chi l’ha ritirata.")


class PlanForm(forms.Form):
    """In how many dues, from when."""

    count = forms.IntegerField(label="Numero di rate", min_value=2, max_value=60)
    first = DayField(label="Prima rata entro il")
    months = forms.IntegerField(label="Mesi tra una rata e l’altra", min_value=1, max_value=12)
    note = forms.CharField(label="Nota", max_length=200, required=False, help_text="Per esempio come è stato chiesto.")
    told = forms.CharField(widget=forms.HiddenInput, required=False)


class PlanEndForm(forms.Form):
    """Why a plan ends before it is paid."""

    reason = forms.CharField(
        label="Motivo", max_length=200, error_messages={"required": "Scrivi perché il piano si chiude."}
    )
