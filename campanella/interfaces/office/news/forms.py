"""Forms of news and of questions."""

from datetime import date
from typing import Any

from django import forms

from campanella.domains.schools import kept
from campanella.domains.schools import queries as schools
from campanella.domains.support.models import Faq, News
from campanella.domains.support.operations import Audience
from campanella.foundation.design.forms import DayField, offer

BODY_LENGTH = 10_000
EVERYBODY = "town"


class NewsForm(forms.Form):
    """
    What the office writes for families.

    :param today: decides which classes may be chosen, and the first day that ``until`` may be
    """

    title = forms.CharField(
        label="Titolo", max_length=120, error_messages={"required": "Scrivi un titolo: è la riga che si legge per prima."}
    )
    body = forms.CharField(
        label="Testo",
        max_length=BODY_LENGTH,
        help_text="Una riga vuota comincia un paragrafo. Gli indirizzi come https://… diventano collegamenti.",
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Scrivi il testo."},
    )
    audience = forms.ChoiceField(label="Per chi", help_text="La leggono solo le famiglie che hanno lì un figlio.")
    until = DayField(
        label="Ultimo giorno",
        required=False,
        help_text="Dopo passa tra le news passate. Vuoto: resta finché non la ritiri.",
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "audience", _audiences(today))

    @property
    def chosen_audience(self) -> Audience:
        """Whom it is for, as chosen."""
        kind, _, number = self.cleaned_data["audience"].partition(":")
        if kind == "school":
            return Audience(school_id=int(number))
        return Audience(class_group_id=int(number)) if kind == "class" else Audience()


class PublishForm(forms.Form):
    """How families are told."""

    is_mailed = forms.BooleanField(
        label="Avvisa anche per e-mail",
        required=False,
        help_text="A chi ha lì un figlio e non ha spento le news per e-mail.",
    )


class FileForm(forms.Form):
    """One file to attach."""

    file = forms.FileField(
        label="Allegato",
        help_text="PDF, PNG, JPG, DOCX, ODT o XLSX, al massimo 5 MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx,.odt,.xlsx"}),
        error_messages={"required": "Scegli prima un file.", "empty": "Questo file è vuoto: scegline un altro."},
    )


class FaqForm(forms.Form):
    """A question with its answer."""

    question = forms.CharField(label="Domanda", max_length=150, error_messages={"required": "Scrivi la domanda."})
    answer = forms.CharField(
        label="Risposta",
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Scrivi la risposta."},
    )
    position = forms.IntegerField(
        label="Posizione",
        min_value=1,
        max_value=9999,
        help_text="Le domande sono in ordine di numero: 10 viene prima di 20.",
        error_messages={
            "invalid": "Scrivi un numero intero, per esempio 10.",
            "required": "Scrivi un numero, per esempio 10.",
        },
    )
    is_published = forms.BooleanField(label="Le famiglie la leggono", required=False)


def initial_of(row: News) -> dict[str, Any]:
    """Return what the form shows of a piece of news."""
    audience = EVERYBODY
    if row.school_id:
        audience = f"school:{row.school_id}"
    elif row.class_group_id:
        audience = f"class:{row.class_group_id}"
    return {"title": row.title, "body": row.body, "audience": audience, "until": row.until}


def initial_of_faq(row: Faq) -> dict[str, Any]:
    """Return what the form shows of a question."""
    return {"question": row.question, "answer": row.answer, "position": row.position, "is_published": row.is_published}


def _audiences(today: date) -> list[Any]:
    classes = schools.all_classes(day=today).order_by("school__name", "name")
    return [
        (EVERYBODY, "Tutto il Comune"),
        ("Una scuola", [(f"school:{school.pk}", school.name) for school in kept.schools_on(day=today)]),
        ("Una classe", [(f"class:{group.pk}", f"{group.school.name}, {group.name}") for group in classes]),
    ]
