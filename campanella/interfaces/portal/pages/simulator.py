"""The simulator of tariffs: asked by anybody, kept by nobody."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.enrolment.isee import MOST_CENTS
from campanella.domains.services.tariff_files import kept
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import EuroField, offer
from campanella.interfaces.doors import TownRequest, public
from campanella.readings.simulated import Wish, simulated

MOST_SIBLINGS, MOST_PERSONS = 9, 30


class SimulatorForm(forms.Form):
    """What a price may depend on."""

    isee = EuroField(
        label="ISEE, in euro", min_cents=0, max_cents=MOST_CENTS, required=False, help_text="Vuoto se non ce l’hai."
    )
    residente = forms.TypedChoiceField(
        label="Dove abita il bambino",
        coerce=lambda text: text == "si",
        choices=[("si", "In questo Comune"), ("no", "In un altro Comune")],
        required=False,
    )
    fratelli = forms.IntegerField(
        label="Fratelli o sorelle che contano prima di lui",
        required=False,
        min_value=0,
        max_value=MOST_SIBLINGS,
        help_text="Di solito i più grandi che usano lo stesso servizio.",
    )
    persone = forms.IntegerField(label="Persone in famiglia", required=False, min_value=1, max_value=MOST_PERSONS)
    giorni = forms.IntegerField(
        label="Giorni alla settimana", required=False, min_value=1, max_value=7, help_text="Cinque, se non lo scrivi."
    )
    vale = forms.MultipleChoiceField(label="Vale anche", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offered: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        if offered:
            offer(self, "vale", [(one, one.replace("_", " ")) for one in offered])
        else:
            del self.fields["vale"]

    def wish(self) -> Wish:
        """Return what was asked; of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        return Wish(
            isee=Euro(data["isee"]) if data["isee"] is not None else None,
            is_resident=data["residente"] is not False,
            siblings=data["fratelli"] or 0,
            household=data["persone"],
            weekdays=data["giorni"] or 5,
            words=frozenset(data.get("vale") or ()),
        )


@public
@require_safe
def simulator(request: TownRequest) -> HttpResponse:
    """Say what each tariff of the town would ask."""
    form = SimulatorForm(request.GET or None, offered=kept.words_asked())
    found = simulated(wish=form.wish(), today=clock.today()) if form.is_valid() else None
    return render(request, "portal/pages/simulator.html", {"form": form, "found": found})
