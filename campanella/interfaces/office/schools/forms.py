"""What the office writes about a school and its classes."""

from collections.abc import Iterable
from typing import Any

from django import forms

from campanella.domains.cooking import queries as kitchens
from campanella.domains.schools.models import LEVELS, ClassGroup, SchoolYear
from campanella.foundation.design.forms import offer
from campanella.interfaces.office.families.forms import day_field


def name_field(label: str, *, most: int, help_text: str = "") -> forms.CharField:
    """Return what something is called."""
    words = {"required": "Scrivi come si chiama.", "max_length": f"È troppo lungo: al massimo {most} caratteri."}
    return forms.CharField(label=label, max_length=most, help_text=help_text, error_messages=words)


class SchoolForm(forms.Form):
    """A school."""

    name = name_field("Nome", most=120, help_text="Come lo leggono le famiglie, per esempio: Primaria Rodari.")
    level = forms.ChoiceField(label="Grado", choices=LEVELS)
    address = forms.CharField(
        label="Indirizzo",
        max_length=160,
        required=False,
        error_messages={"max_length": "È troppo lungo: al massimo 160 caratteri."},
    )
    kitchen = forms.TypedChoiceField(
        label="Chi cucina", coerce=int, empty_value=None, required=False, help_text="Dal giorno dopo le cucine lo vedono."
    )
    code = forms.SlugField(
        label="Codice",
        max_length=40,
        required=False,
        help_text="Con questo la trovano i file che importi. Vuoto: lo ricaviamo dal nome.",
        error_messages={
            "invalid": "Solo lettere, numeri e trattini, senza spazi.",
            "max_length": "È troppo lungo: al massimo 40 caratteri.",
        },
    )

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        known = kitchens.kitchens()
        if known:
            offer(self, "kitchen", [("", "La cucina del Comune"), *((one.pk, one.name) for one in known)])
        else:
            del self.fields["kitchen"]
        if not is_new:
            del self.fields["code"]


class ClassesForm(forms.Form):
    """Classes to open in a year."""

    year = forms.TypedChoiceField(label="Anno scolastico", coerce=int)
    written = forms.CharField(
        label="Classi",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text="Separate da virgole, o una per riga: 1A, 1B, Sezione Girasoli.",
        error_messages={"required": "Scrivi almeno una classe.", "max_length": "Sono troppe: scrivine meno per volta."},
    )

    def __init__(self, *args: Any, years: Iterable[SchoolYear], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "year", [(one.pk, one.name) for one in years])


class ClassNameForm(forms.Form):
    """What a class is called."""

    name = name_field("Nome", most=40)


class ClassYearForm(forms.Form):
    """The school year of a class in which nobody sits."""

    year = forms.TypedChoiceField(label="Anno scolastico", coerce=int)

    def __init__(self, *args: Any, years: Iterable[SchoolYear], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "year", [(one.pk, one.name) for one in years])


class ClosingForm(forms.Form):
    """The last day of a school."""

    last = day_field("Ultimo giorno")


class ClassClosingForm(ClosingForm):
    """The last day of a class, and where its children go."""

    to = forms.TypedChoiceField(label="Dopo, i bambini", coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, others: Iterable[ClassGroup], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "to", [("", "restano senza classe"), *((one.pk, f"vanno in {one.name}") for one in others)])


class YearForm(forms.Form):
    """The days of a school year."""

    first = day_field("Primo giorno")
    last = day_field("Ultimo giorno")
