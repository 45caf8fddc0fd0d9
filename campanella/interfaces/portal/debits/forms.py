"""The account that is to be debited, and the word that authorises."""

from django import forms

from campanella.interfaces.typed import HolderForm


class AccountForm(HolderForm):
    """What a family signs with."""

    agrees = forms.BooleanField(
        label="Sono titolare del conto, o posso firmare da solo, e autorizzo l’addebito",
        error_messages={"required": "Per firmare serve la tua autorizzazione: spunta la casella."},
    )
