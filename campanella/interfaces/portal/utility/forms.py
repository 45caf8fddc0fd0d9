"""Forms of Utility."""

from collections.abc import Sequence
from typing import Any

from django import forms

from campanella.domains.people.queries import FamilyChild
from campanella.domains.support.words import Topic

TEXT_LENGTH = 4000


class MessageForm(forms.Form):
    """What one writes in a ticket."""

    text = forms.CharField(
        label="Messaggio",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Scrivi il messaggio."},
    )


class ContactForm(MessageForm):
    """
    What one asks the office, and about whom.

    :param children: of the family that is signed in; without any, the question about which child is left out
    :param asks_name: nobody is signed in
    :param asks_email: we have no address to answer to
    """

    topic = forms.ChoiceField(
        label="Argomento",
        choices=[("", "Scegli"), *Topic.choices],
        error_messages={"required": "Scegli l’argomento: arriva prima alla persona giusta."},
    )
    child = forms.TypedChoiceField(label="Per quale figlio", required=False, coerce=int, empty_value=None)
    name = forms.CharField(
        label="Nome e cognome",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Scrivi nome e cognome."},
    )
    email = forms.EmailField(
        label="La tua e-mail",
        help_text="Ti rispondiamo qui.",
        error_messages={"required": "Scrivi la tua e-mail: ti rispondiamo lì."},
    )

    field_order = ("name", "email", "topic", "child", "text")

    def __init__(
        self, *args: Any, children: Sequence[FamilyChild], asks_name: bool, asks_email: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if not asks_name:
            del self.fields["name"]
        if not asks_email:
            del self.fields["email"]
        if children:
            whom = self.fields["child"]
            whom.choices = [("", "Nessuno in particolare"), *((child.id, child.full_name) for child in children)]  # type: ignore[attr-defined]
        else:
            del self.fields["child"]
