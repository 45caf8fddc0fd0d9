"""What the office says of an application: words to the family, the class and price that it accepts with, at the desk."""

from collections.abc import Sequence
from typing import Any

from django import forms

from campanella.domains.applying.queries import EnrolmentCall
from campanella.foundation.design.forms import offer
from campanella.interfaces.office.register.forms import PriceForm, class_choices
from campanella.readings.office.applications import Admission
from campanella.usecases.applying.deciding import Choice


class WordsForm(forms.Form):
    """What the family is asked for, or why it is refused."""

    words = forms.CharField(
        label="Che cosa gli scrivi",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lo legge la famiglia, anche per e-mail.",
        error_messages={"required": "Scrivi di che cosa si tratta: la famiglia lo legge."},
    )


class AcceptForm(PriceForm):
    """At which price, from when, and in which class where the child has none."""

    class_group = forms.TypedChoiceField(
        label="Classe", coerce=int, empty_value=None, error_messages={"required": "Scegli la classe."}
    )
    is_identified = forms.BooleanField(
        label="Ho guardato un documento: chi fa la domanda è un adulto di questo bambino",
        help_text="Accettandola lo colleghi: vede tutto del bambino, e i suoi altri adulti ricevono una e-mail.",
        error_messages={"required": "Senza un documento non si accetta: chi la fa non è tra gli adulti del bambino."},
    )
    field_order = ("is_identified", "class_group", "bracket", "reduction_percent", "first")

    def __init__(self, *args: Any, admission: Admission, **options: Any) -> None:
        known = {"bracket": admission.proposed.pk if admission.proposed else None, "first": admission.first}
        super().__init__(*args, brackets=admission.brackets, **{"initial": {"reduction_percent": 0, **known}, **options})
        self.begins = admission.first
        if any(one.tariff.service.kind == "camp" for one in admission.brackets):
            # Its weeks say from when, and what the first of them costs less.
            del self.fields["reduction_percent"], self.fields["first"]
        if admission.place:
            del self.fields["class_group"]
        if not admission.is_strange:
            del self.fields["is_identified"]
        if not admission.place:
            offer(self, "class_group", class_choices(admission.classes, nothing="Scegli"))

    def choice(self) -> Choice:
        """Return what was chosen; of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        is_identified = bool(data.get("is_identified"))
        first, percent = data.get("first", self.begins), data.get("reduction_percent", 0)
        return Choice(self.chosen, first, data.get("class_group"), percent, is_identified)


class BeginForm(forms.Form):
    """For which call, and who stands at the desk."""

    call = forms.TypedChoiceField(label="Iscrizioni", coerce=int, error_messages={"required": "Scegli quali iscrizioni."})
    guardian = forms.TypedChoiceField(
        label="Chi fa la domanda", coerce=int, error_messages={"required": "Scegli chi fa la domanda."}
    )

    def __init__(
        self, *args: Any, calls: Sequence[EnrolmentCall], adults: Sequence[tuple[int, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        offer(self, "call", [("", "Scegli"), *((one.pk, f"{one.service.name}, {one.year.name}") for one in calls)])
        offer(self, "guardian", [("", "Scegli"), *adults])
