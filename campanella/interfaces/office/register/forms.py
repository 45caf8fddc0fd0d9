"""What the office writes into the register: children, adults, classes, services."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from stdnum.it import codicefiscale

from campanella.domains.enrolment.models import DietCode
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Bracket
from campanella.domains.services.rules import OTHER_WAY
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import DayField, PhoneField, TaxCodeField, offer
from campanella.interfaces.office.families.forms import day_field, reason_field
from campanella.usecases.registry import KINDS

OLDEST = 20  # years: nobody is enrolled at school beyond


class NamesForm(forms.Form):
    """A person's names; some have one only, which is the given one."""

    given_name = forms.CharField(label="Nome", max_length=80, error_messages={"required": "Scrivi il nome."})
    family_name = forms.CharField(
        label="Cognome",
        max_length=80,
        error_messages={"required": "Scrivi il cognome. Se non c’è, segna «Ha un nome solo»."},
    )
    has_one_name = forms.BooleanField(
        label="Ha un nome solo", required=False, help_text="Sul suo documento non c’è un cognome: lascialo vuoto."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        known = options.get("initial") or {}
        if known.get("given_name"):
            options["initial"] = {**known, "has_one_name": not known.get("family_name")}
        super().__init__(*args, **options)
        self.fields["family_name"].required = not self["has_one_name"].value()

    def clean(self) -> dict[str, Any]:
        """Leave out what only says that a name is missing."""
        data = super().clean() or {}
        data.pop("has_one_name", None)
        return data


class ChildDataForm(NamesForm):
    """A child's names and birthday."""

    birth_date = day_field("Data di nascita")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["birth_date"].required = False

    def clean_birth_date(self) -> date | None:
        """:raises ValidationError: nobody at school is born on that day"""
        born: date | None = self.cleaned_data["birth_date"]
        if born and not self.today.year - OLDEST <= born.year <= self.today.year:
            raise ValidationError("Controlla l’anno di nascita.")
        if born and born > self.today:
            raise ValidationError("Questo giorno deve ancora venire.")
        return born


class NewChildForm(ChildDataForm):
    """A child that is not in the register yet; the second time it is sent, somebody of the same name is no surprise."""

    field_order = ("given_name", "family_name", "has_one_name", "tax_code", "birth_date", "class_group", "first")
    tax_code = TaxCodeField(required=False, help_text="Se c’è, la data di nascita la leggiamo da qui.")
    class_group = forms.TypedChoiceField(label="Classe", coerce=int, empty_value=None, required=False)
    first = day_field("Da quando è in classe")
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, classes: Sequence[ClassGroup], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "class_group", class_choices(classes, nothing="Ancora nessuna"))

    def clean(self) -> dict[str, Any]:
        """Read the birthday from the tax code when it was not written."""
        data = super().clean() or {}
        code = data.get("tax_code")
        if code and "birth_date" in data and not data["birth_date"]:
            data["birth_date"] = codicefiscale.get_birth_date(code, minyear=self.today.year - 99)
        return data


class NewAdultForm(NamesForm):
    """An adult that is not in the register yet."""

    tax_code = TaxCodeField(required=False, help_text="Serve per pagare con pagoPA: se manca lo può scrivere la famiglia.")
    email = forms.EmailField(
        label="E-mail",
        required=False,
        error_messages={"invalid": "Questo indirizzo non è completo: manca forse la chiocciola."},
    )
    phone = PhoneField(label="Telefono", required=False, max_length=30)
    kind = forms.ChoiceField(label="Per il bambino è", choices=[(key, word.capitalize()) for key, word in KINDS.items()])
    is_payer = forms.BooleanField(
        label="È chi paga", required=False, help_text="I prossimi avvisi sono a suo nome, e riceve gli avvisi di credito."
    )
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)


class TieForm(forms.Form):
    """An adult of the register who answers for a child."""

    kind = forms.ChoiceField(label="Per il bambino è", choices=[(key, word.capitalize()) for key, word in KINDS.items()])
    is_payer = forms.BooleanField(
        label="È chi paga", required=False, help_text="I prossimi avvisi sono a suo nome, e riceve gli avvisi di credito."
    )


class UntieForm(forms.Form):
    """Why an adult no longer answers for a child."""

    reason = reason_field("Resta nel registro. Per esempio: provvedimento del tribunale del 3 settembre.")


class ClassForm(forms.Form):
    """The class of a child from a day on."""

    class_group = forms.TypedChoiceField(label="Classe", coerce=int, empty_value=None, required=False)
    first = day_field("Da quando")

    def __init__(self, *args: Any, classes: Sequence[ClassGroup], **options: Any) -> None:
        super().__init__(*args, **options)
        nothing = "Nessuna: va a scuola altrove"
        offer(self, "class_group", class_choices(classes, nothing=nothing))


class PriceForm(forms.Form):
    """One price of a service, with a reduction, from a day on."""

    bracket = forms.TypedChoiceField(
        label="Servizio e tariffa", coerce=int, error_messages={"required": "Scegli la tariffa."}
    )
    reduction_percent = forms.IntegerField(
        label="Riduzione, in percento",
        min_value=0,
        max_value=100,
        initial=0,
        help_text="Per i fratelli o per decisione del Comune; 0 se non c’è, 100 se è gratis.",
        error_messages={
            "required": "Scrivi 0 se non c’è riduzione.",
            "min_value": "Va da 0 a 100.",
            "max_value": "Va da 0 a 100.",
        },
    )
    both_ways = forms.BooleanField(
        label="Anche l’altra corsa dello scuolabus",
        required=False,
        help_text="Andata e ritorno insieme, ognuna alla sua tariffa, meno lo sconto del Comune per chi le usa tutte e due.",
    )
    first = day_field("Da quando")

    def __init__(self, *args: Any, brackets: Sequence[Bracket], both: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not (both and any(bracket.tariff.service.kind in OTHER_WAY for bracket in brackets)):
            del self.fields["both_ways"]
        self.brackets = {bracket.pk: bracket for bracket in brackets}
        offer(self, "bracket", [("", "Scegli"), *_prices(brackets)])

    @property
    def chosen(self) -> Bracket:
        """The price that was chosen."""
        return self.brackets[self.cleaned_data["bracket"]]


class DietForm(forms.Form):
    """A special menu from a day on, or none any more."""

    code = forms.ChoiceField(
        label="Dieta", required=False, help_text="Cucina e scuola leggono la sigla e che cosa servire, mai il perché."
    )
    why = forms.CharField(
        label="Motivo",
        max_length=200,
        required=False,
        help_text="Resta chiuso: lo apre solo l’ufficio, e chi lo apre resta scritto.",
    )
    first = day_field("Da quando")
    certificate = forms.FileField(
        label="Certificato",
        required=False,
        help_text="PDF, PNG o JPG, al massimo 5 MB. Resta chiuso insieme al motivo.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"empty": "Questo file è vuoto: scegline un altro."},
    )
    expires_on = DayField(
        label="Il certificato vale fino al",
        required=False,
        help_text="Ti avvisiamo 45 giorni prima. Anche dopo, la cucina continua a servire la dieta finché non la togli.",
    )
    lasts = forms.BooleanField(
        label="Il certificato non scade", required=False, help_text="Per esempio se vale per tutto il ciclo di scuola."
    )

    def __init__(self, *args: Any, codes: Sequence[DietCode], **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [
            (one.code, f"{one.code}, {one.menu}{'' if one.needs_certificate else ' (senza certificato)'}") for one in codes
        ]
        offer(self, "code", [("", "Mangia come tutti"), *offered])

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: a certificate that ends before the diet begins, or of which nobody says when it ends"""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("expires_on")
        if first and last and last < first:
            self.add_error("expires_on", ValidationError("Il certificato finisce prima che la dieta cominci: controlla."))
        if data.get("certificate") and not last and not data["lasts"] and "expires_on" not in self.errors:
            words = "Scrivi fino a quando vale il certificato, o segna che non scade."
            self.add_error("expires_on", ValidationError(words))
        if last and data["lasts"]:
            self.add_error("lasts", ValidationError("Hai scritto anche una scadenza: tieni l’una o l’altra."))
        return data


class EndForm(forms.Form):
    """The last day of a service."""

    last = day_field("Ultimo giorno con il servizio")


def class_choices(classes: Sequence[ClassGroup], *, nothing: str) -> list[tuple[Any, Any]]:
    """Return the classes by school, after the words for none."""
    by_school = groupby(classes, key=lambda group: group.school.name)
    return [("", nothing), *((name, [(group.pk, group.name) for group in groups]) for name, groups in by_school)]


def _prices(brackets: Sequence[Bracket]) -> list[tuple[str, list[tuple[int, str]]]]:
    by_tariff = groupby(brackets, key=lambda bracket: bracket.tariff)
    return [
        (f"{tariff.service.name}: {tariff.name}", [(one.pk, f"{one.name}, {Euro(one.cents)}") for one in found])
        for tariff, found in by_tariff
    ]
