"""The form of the first step: an amount for each wallet, ready-made or one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from campanella.domains.payments.choices import TopUpChoices
from campanella.domains.payments.gateways.pagopa.checkout import MOST_NOTICES
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import EuroField, plain_amount
from campanella.interfaces.portal.payments.order import OrderLine
from campanella.readings.family.purses import Purse

OWN = "altro"
NOTHING = "0"


@dataclass(frozen=True)
class Tile:
    """One ready-made amount; ``worth`` says what it gives."""

    value: str
    label: str
    worth: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """The choice for one wallet."""

    purse: Purse
    tiles: list[Tile]
    own: BoundField
    own_is_chosen: bool
    nothing_is_chosen: bool


class AmountsForm(forms.Form):
    """
    Choose amounts for the wallets shown.

    :param typed: what is in the fields so far, by name
    :param is_sent: False shows the page without judging what is typed
    """

    def __init__(self, typed: Mapping[str, str], *, purses: Sequence[Purse], choices: TopUpChoices, is_sent: bool) -> None:
        super().__init__(typed if is_sent else None, initial=dict(typed))
        self.purses = purses
        self.typed = typed
        self.presets = presets_of(choices)
        for purse in purses:
            own = EuroField(
                required=False,
                label=purse.label,
                min_cents=choices.top_up_min,
                max_cents=choices.top_up_max,
                help_text=_help(purse, choices),
            )
            # What is written counts only under its tile; the field looks and asks for digits the same all along.
            idle = forms.CharField(required=False, label=own.label, help_text=own.help_text, widget=own.widget)
            self.fields[own_name(purse.id)] = own if self._is_own(purse.id) else idle

    @property
    def rows(self) -> list[Row]:
        """The wallets with their tiles."""
        return [self._row(purse) for purse in self.purses]

    def clean(self) -> dict[str, Any]:
        """Turn the choices into lines; :raises ValidationError: nothing is chosen, or more than pagoPA takes at once"""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        self.lines = [line for purse in self.purses if (line := self._line(purse, cleaned))]
        if not self.lines:
            raise ValidationError("Scegli almeno un importo: tocca una casella oppure scrivi tu quanto.")
        if len(self.lines) > MOST_NOTICES:
            raise ValidationError(
                f"In un solo pagamento entrano al massimo {MOST_NOTICES} ricariche: lasciane qualcuna per dopo."
            )
        return cleaned

    def so_far(self) -> list[Euro]:
        """Return the amounts chosen so far, leaving out what is no amount yet."""
        field, found = EuroField(required=False), []
        for purse in self.purses:
            text = self._own_text(purse.id) if self._is_own(purse.id) else self._choice(purse.id)
            try:
                cents = field.to_python(text) if self._is_own(purse.id) else int(text)
            except (ValidationError, ValueError):
                continue
            if cents:
                found.append(Euro(cents))
        return found

    def _line(self, purse: Purse, cleaned: Mapping[str, Any]) -> OrderLine | None:
        if self._is_own(purse.id):
            cents = cleaned.get(own_name(purse.id))
        else:
            choice = self._choice(purse.id)
            cents = int(choice) if choice in {str(preset) for preset in self.presets} else 0
        return OrderLine(purse, Euro(cents)) if cents else None

    def _row(self, purse: Purse) -> Row:
        choice = self._choice(purse.id)
        tiles = [
            Tile(str(cents), _short(cents), purse.credit.worth(Euro(cents)), is_chosen=choice == str(cents))
            for cents in self.presets
        ]
        own = self._is_own(purse.id)
        nothing = not own and not any(tile.is_chosen for tile in tiles)
        return Row(purse, tiles, self[own_name(purse.id)], own, nothing)

    def _choice(self, wallet_id: int) -> str:
        return self.typed.get(choice_name(wallet_id), NOTHING)

    def _own_text(self, wallet_id: int) -> str:
        return self.typed.get(own_name(wallet_id), "")

    def _is_own(self, wallet_id: int) -> bool:
        """Tell whether the free field counts: its tile is chosen, or no tile is and something is written."""
        choice = self._choice(wallet_id)
        return choice == OWN or (choice == NOTHING and bool(self._own_text(wallet_id).strip()))


def presets_of(choices: TopUpChoices) -> list[int]:
    """Return the town's ready-made amounts, in cents, that are within its limits."""
    return [cents for cents in choices.top_up_presets if choices.top_up_min <= cents <= choices.top_up_max]


def usual_choice(choices: TopUpChoices) -> str:
    """Return the tile for who comes from a wallet: the second amount, or the free field in a town without tiles."""
    presets = presets_of(choices)
    return str(presets[min(1, len(presets) - 1)]) if presets else OWN


def choice_name(wallet_id: int) -> str:
    """Name the tiles of a wallet."""
    return f"scelta-{wallet_id}"


def own_name(wallet_id: int) -> str:
    """Name the free field of a wallet."""
    return f"importo-{wallet_id}"


def typed_from(lines: Sequence[OrderLine], choices: TopUpChoices) -> dict[str, str]:
    """Write an order back into the fields, for who comes back to the first step."""
    typed = {}
    for line in lines:
        cents = line.amount.cents
        ready = cents in presets_of(choices)
        typed[choice_name(line.purse.id)] = str(cents) if ready else OWN
        if not ready:
            typed[own_name(line.purse.id)] = plain_amount(cents)
    return typed


def _short(cents: int) -> str:
    """Write a ready-made amount without needless noughts: "20 €"."""
    return Euro(cents).italian() if cents % 100 else f"{cents // 100}\N{NO-BREAK SPACE}€"


def _help(purse: Purse, choices: TopUpChoices) -> str:
    limits = f"Da {_short(choices.top_up_min)} a {_short(choices.top_up_max)}."
    if purse.credit.price.cents <= 0:
        return limits
    return f"{limits} 1 {purse.credit.unit} costa {purse.credit.price}."
