"""Which month of which service, why it is called back, how a service is paid."""

from typing import Any

from django import forms

from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core.italian import day_full
from campanella.foundation.design.forms import DayField, offer
from campanella.readings.office.billing.family import FamilyPage
from campanella.usecases.billing.policies import WORDS


class MonthForm(forms.Form):
    """A service and a month to look at."""

    service = forms.ChoiceField(label="Servizio")
    month = forms.CharField(label="Mese", widget=forms.TextInput(attrs={"type": "month"}), max_length=7)

    def __init__(self, *args: Any, offered: list[Service], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "service", [(one.code, one.name) for one in offered])


class RecallForm(forms.Form):
    """Why invoices are called back."""

    reason = forms.CharField(
        label="Motivo",
        max_length=200,
        help_text="Sta sulle note di credito e le famiglie lo leggono.",
        error_messages={"required": "Scrivi il motivo: sta sulle note di credito e le famiglie lo leggono."},
    )


class WithdrawForm(forms.Form):
    """Why a fee is taken back."""

    reason = forms.CharField(
        label="Motivo", max_length=150, error_messages={"required": "Scrivi il motivo, bastano poche parole."}
    )


class PolicyForm(forms.Form):
    """How a service is paid by all, from a day on."""

    service = forms.ChoiceField(label="Servizio")
    kind = forms.ChoiceField(
        label="Come si paga", choices=[(kind, words) for kind, words in WORDS.items() if kind != "town"]
    )
    first = DayField(label="Dal giorno")
    reason = forms.CharField(label="Motivo", max_length=200, required=False, help_text="Per esempio la delibera.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "service", [(one.code, one.name) for one in services.services()])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was filled in, to be sent again with the confirmation."""
        said = self.cleaned_data
        one = [("service", said["service"]), ("kind", said["kind"]), ("first", said["first"].isoformat())]
        return [*one, ("reason", said["reason"])]


class FamilyPolicyForm(forms.Form):
    """How a payer's children pay a service, from a day on."""

    children = forms.TypedMultipleChoiceField(
        label="Per chi",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Scegli almeno un bambino."},
    )
    service = forms.ChoiceField(label="Servizio")
    kind = forms.ChoiceField(label="Come si paga", choices=list(WORDS.items()))
    first = DayField(label="Dal giorno")
    reason = forms.CharField(
        label="Motivo", max_length=200, required=False, help_text="Per esempio la richiesta della famiglia."
    )

    def __init__(self, *args: Any, page: FamilyPage, **options: Any) -> None:
        super().__init__(*args, **options)
        self.page = page
        offer(self, "children", [(child.child_id, child.name) for child in page.children])
        offer(self, "service", [(one.code, one.name) for one in page.services])
        self.fields["children"].initial = [child.child_id for child in page.children]

    @property
    def said(self) -> str:
        """The switch in one sentence."""
        said = self.cleaned_data
        service = next(one.name for one in self.page.services if one.code == said["service"])
        return f"{service}: dal {day_full(said['first'])} {WORDS[said['kind']]}."

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was filled in, to be sent again with the confirmation."""
        said = self.cleaned_data
        one = [("service", said["service"]), ("kind", said["kind"]), ("first", said["first"].isoformat())]
        return [*[("children", str(pk)) for pk in said["children"]], *one, ("reason", said["reason"])]


class HandingForm(forms.Form):
    """On which day, and how, invoices were brought on paper."""

    day = DayField(label="Giorno della consegna")
    how = forms.ChoiceField(
        label="Come", choices=[("hand", "A mano"), ("post", "Per posta")], error_messages={"required": "Scegli come."}
    )
