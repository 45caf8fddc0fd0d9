"""The form of an application, the same for families and for the desk: what the call asks, with what was written so far."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from campanella.domains.applying import queries
from campanella.domains.applying.queries import Application, EnrolmentCall, FormPart
from campanella.domains.applying.rules import FILES
from campanella.domains.enrolment.declared import Declaration
from campanella.domains.schools import kept
from campanella.foundation.core.italian import day_figures, days_to
from campanella.foundation.design.forms import DayField, TaxCodeField, offer
from campanella.interfaces.declaring import IseeForm
from campanella.readings.family.camps import FamilyWeek
from campanella.usecases.applying import writing

CHILD = ("given_name", "family_name", "tax_code", "birth_date")
ISEE = ("amount", "kind", "issued_on", "household", "has_omissions")
FILE_HELP = "PDF, PNG o JPG, al massimo 5 MB."
HEALTH_HELP = (
    "PDF, PNG o JPG, al massimo 5 MB. È un dato di salute: lo apre solo l’ufficio, chi lo apre resta scritto, e si cancella "
    "quando non serve più."
)


class ApplicationForm(forms.Form):
    """
    What an application says, by the parts that its call asks for.

    :param whole: everything that must be there is asked for; else what is written is only kept
    :param known: the ISEE on record that holds, None where there is none
    :param weeks: of a camp that may be asked for
    :param attached: the parts for which a document is there
    """

    def __init__(
        self,
        *args: Any,
        application: Application,
        parts: Sequence[FormPart],
        attached: Sequence[int],
        known: Declaration | None,
        whole: bool,
        weeks: Sequence[FamilyWeek] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **{"initial": _initial(application), **options})
        self.parts = queries.answered(parts)
        if application.child_id is None:
            self._ask_child()
        self._ask_school(application.call)
        if application.call.service.kind == "camp":
            self._ask_weeks(weeks)
        for part in self.parts:
            self.fields[f"p{part.pk}"] = _field(part, is_there=part.pk in attached)
        self.asks_isee = writing.asks_isee(call=application.call)
        if self.asks_isee:
            self._ask_isee(known)
        if not whole:
            for field in self.fields.values():
                field.required = False

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: an ISEE is given by halves"""
        data = super().clean() or {}
        if data.get("isee_how") == "given" and self.fields["isee_how"].required:
            for name in ("amount", "issued_on"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return data

    def written(self) -> dict[str, Any]:
        """Return what was written, as an application keeps it; of a valid form."""
        data = self.cleaned_data
        answers = {str(part.pk): _text(data.get(f"p{part.pk}")) for part in self.parts if part.kind not in FILES}
        found: dict[str, Any] = {"school": data.get("school"), "answers": {pk: text for pk, text in answers.items() if text}}
        if "given_name" in self.fields:
            found["child"] = {name: _text(data.get(name)) for name in CHILD}
        if "weeks" in self.fields:
            found["weeks"] = data.get("weeks", [])
        if self.asks_isee:
            found["isee"] = self._isee(data)
        return found

    def papers(self) -> dict[FormPart, bytes]:
        """Return the documents that came, by part."""
        sent = {part: self.cleaned_data.get(f"p{part.pk}") for part in self.parts if part.kind in FILES}
        return {part: file.read() for part, file in sent.items() if isinstance(file, UploadedFile)}

    def _isee(self, data: Mapping[str, Any]) -> dict[str, Any]:
        how = data.get("isee_how") or ""
        if how != "given":
            return {"how": how} if how else {}
        if data.get("amount") is None or data.get("issued_on") is None:
            return {}
        return {
            "how": how,
            "cents": data["amount"],
            "kind": data["kind"] or "ordinary",
            "issued_on": data["issued_on"].isoformat(),
            "household": data["household"],
            "has_omissions": data["has_omissions"],
        }

    def _ask_child(self) -> None:
        said = {"required": "Scrivi il nome del bambino."}
        self.fields["given_name"] = forms.CharField(label="Nome del bambino", max_length=80, error_messages=said)
        said = {"required": "Scrivi il cognome del bambino."}
        self.fields["family_name"] = forms.CharField(label="Cognome del bambino", max_length=80, error_messages=said)
        self.fields["tax_code"] = TaxCodeField(label="Codice fiscale del bambino", help_text="È sulla tessera sanitaria.")
        self.fields["birth_date"] = DayField(
            label="Data di nascita del bambino", error_messages={"required": "Scegli la data di nascita."}
        )

    def _ask_school(self, call: EnrolmentCall) -> None:
        fitting = [one for one in kept.schools_on(day=call.begins_on) if not call.levels or one.level in call.levels]
        self.fields["school"] = forms.TypedChoiceField(
            label="Scuola",
            coerce=int,
            empty_value=None,
            help_text=f"Quella in cui va nell’anno {call.year.name}.",
            error_messages={"required": "Scegli la scuola.", "invalid_choice": "Questo servizio non è per quella scuola."},
        )
        offer(self, "school", [("", "Scegli"), *((one.pk, one.name) for one in fitting)])

    def _ask_weeks(self, weeks: Sequence[FamilyWeek]) -> None:
        self.fields["weeks"] = forms.TypedMultipleChoiceField(
            label="Settimane",
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            choices=[(one.pool.pk, _told(one)) for one in weeks],
            help_text="Ogni settimana ha i suoi posti, in ordine di arrivo, e si paga quando comincia."
            if weeks
            else "Per la scuola del bambino adesso non ci sono settimane aperte.",
            error_messages={"required": "Scegli almeno una settimana."},
        )

    def _ask_isee(self, known: Declaration | None) -> None:
        ways = [("none", "Non lo presento: pago la tariffa intera"), ("given", "Lo scrivo qui sotto")]
        if known:
            ways.insert(0, ("known", f"Vale quello già dichiarato, attestato il {day_figures(known.issued_on)}"))
        self.fields["isee_how"] = forms.ChoiceField(
            label="ISEE",
            widget=forms.RadioSelect,
            choices=ways,
            help_text="Serve per la tua tariffa. Lo vedi tu, e l’ufficio che lo controlla.",
            error_messages={"required": "Scegli se presenti l’ISEE."},
        )
        for name in ISEE:
            self.fields[name] = deepcopy(IseeForm.base_fields[name])
            self.fields[name].required = False


def _field(part: FormPart, *, is_there: bool) -> forms.Field:
    common: dict[str, Any] = {"label": part.label, "help_text": part.help, "required": part.is_required}
    said = {"required": "Rispondi a questa domanda."}
    if part.kind in FILES:
        help_text = " ".join(text for text in (part.help, HEALTH_HELP if part.kind == "health" else FILE_HELP) if text)
        if is_there:
            help_text = f"C’è già: scegline un altro solo per cambiarlo. {help_text}"
        return forms.FileField(
            label=part.label,
            help_text=help_text,
            required=part.is_required and not is_there,
            widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
            error_messages={"empty": "Questo file è vuoto: scegline un altro.", "required": "Allega questo documento."},
        )
    if part.kind == "yes_no":
        return forms.ChoiceField(
            widget=forms.RadioSelect, choices=[("yes", "Sì"), ("no", "No")], error_messages=said, **common
        )
    if part.kind == "choice":
        offered = [("", "Scegli"), *((one, one) for one in part.options)]
        return forms.ChoiceField(choices=offered, error_messages={"required": "Scegli una risposta."}, **common)
    if part.kind == "day":
        return DayField(error_messages={"required": "Scegli la data."}, **common)
    widget = forms.Textarea(attrs={"rows": 4}) if part.kind == "long" else forms.TextInput()
    return forms.CharField(widget=widget, max_length=2000 if part.kind == "long" else 200, error_messages=said, **common)


def _told(week: FamilyWeek) -> str:
    """Return the days of a week, and whether one would wait for it."""
    days = days_to(week.first, week.last)
    if week.state:
        return f"{days}, già chiesta" if week.state == "waiting" else f"{days}, il posto c’è"
    return f"{days}, completa: si aspetta" if week.is_full else days


def _initial(application: Application) -> dict[str, Any]:
    data: Mapping[str, Any] = application.data
    isee = data.get("isee", {})
    found = {f"p{pk}": text for pk, text in data.get("answers", {}).items()}
    found |= {"school": data.get("school"), "weeks": data.get("weeks", ()), **data.get("child", {})}
    return found | {
        "isee_how": isee.get("how", ""),
        "amount": isee.get("cents"),
        **{k: isee.get(k) for k in ISEE if k in isee},
    }


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
