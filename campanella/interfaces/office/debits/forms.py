"""A mandate on paper, a bank's answer and what it leaves open."""

from collections.abc import Sequence
from typing import Any

from django import forms

from campanella.foundation.core.italian import day_full
from campanella.foundation.design.forms import DayField, offer
from campanella.interfaces.typed import HolderForm
from campanella.readings.office.debit_answers import MayBe


class PaperForm(HolderForm):
    """What stands on a signed form."""

    signed_on = DayField(label="Data della firma")
    kept_at = forms.CharField(
        label="Dove è conservato il modulo",
        max_length=100,
        help_text="Per esempio il protocollo, o il faldone: serve se la banca chiede la prova.",
        error_messages={"required": "Scrivi dove si trova il modulo firmato."},
    )
    reference = forms.CharField(
        label="Riferimento del vecchio programma",
        required=False,
        max_length=35,
        help_text="Solo per chi aveva già la domiciliazione: così per la banca resta la stessa.",
    )
    used_on = DayField(
        label="Ultimo addebito col vecchio programma",
        required=False,
        help_text="Solo con il riferimento: un’autorizzazione scade 36 mesi dopo l’ultimo addebito.",
    )


class TakeForm(forms.Form):
    """A file of mandates that another bank, software or creditor had before."""

    file = forms.FileField(
        label="File delle autorizzazioni",
        help_text=(
            "CSV, XLSX, XLS o ODS. Una riga per autorizzazione: “Riferimento”, “Data firma”, “IBAN”, “Intestatario del "
            "conto” e “Codice fiscale intestatario” oppure “Codice fiscale bambino”. Con “Ultimo addebito” la banca la "
            "riconosce; “Codice creditore” dice chi la usava, “Nuovo riferimento” se ne avrà un altro."
        ),
        error_messages={"required": "Scegli il file.", "empty": "Questo file è vuoto."},
    )
    kept_at = forms.CharField(
        label="Dove sono i moduli firmati",
        max_length=100,
        help_text="Per esempio il protocollo con cui sono arrivati: serve se la banca chiede la prova.",
        error_messages={"required": "Scrivi dove si trovano i moduli firmati."},
    )
    leave_wrong = forms.BooleanField(label="Prendi le altre anche se qualche riga è sbagliata", required=False)


class AnswerForm(forms.Form):
    """A file that the bank has sent."""

    file = forms.FileField(
        label="File degli esiti",
        help_text="Esiti CBI, pain.002, camt.054 o camt.053, come li scarichi dalla banca.",
        error_messages={"required": "Scegli il file della banca.", "empty": "Questo file è vuoto."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )


class SortForm(forms.Form):
    """Of which collections a line of a bank speaks."""

    collections = forms.TypedMultipleChoiceField(
        label="Addebiti di cui parla la banca", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(
        label="Se non è di nessuno, perché",
        required=False,
        max_length=200,
        help_text="Per esempio: già registrato con un altro file. Resta nel registro, con il tuo nome.",
    )

    def __init__(self, *args: Any, may_be: Sequence[MayBe], **options: Any) -> None:
        super().__init__(*args, **options)
        words = [(one.id, f"{one.payer}, {one.number}: {one.amount}, addebito del {day_full(one.day)}") for one in may_be]
        offer(self, "collections", words)
        if not words:
            del self.fields["collections"]
