"""What list an address asks for: filters, order, columns. The same words serve the page, the sheets and the acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from campanella.domains.ledger.choices import CreditChoices
from campanella.foundation.tenants.queries import Town
from campanella.interfaces.doors import number
from campanella.interfaces.office.lists.columns import Column, chosen_columns
from campanella.readings.office.children import ORDERS, Filter, Sorting

CREDITS = {"sotto-zero": "sotto zero", "oltre": "oltre il limite"}
MISSING = {
    "codice-fiscale": ("tax_code", "senza codice fiscale"),
    "nascita": ("birth_date", "senza data di nascita"),
    "adulto": ("adult", "senza un adulto"),
    "e-mail": ("email", "senza e-mail in famiglia"),
    "servizio": ("service", "senza servizi"),
    "tariffa": ("price", "con una tariffa finita"),
}
FILTERS = ("scuola", "classe", "servizio", "tariffa", "dieta", "credito", "manca", "accesso", "tutti")


@dataclass(frozen=True)
class Asked:
    """A list as it was asked for; ``query`` is its address without the page."""

    filter: Filter
    order: Sorting
    columns: list[Column]
    values: Mapping[str, str]
    query: str

    @property
    def credit_words(self) -> str:
        """What the filter on credit says, empty without it."""
        return CREDITS.get(self.values["credito"], "")

    @property
    def is_filtered(self) -> bool:
        """Tell whether it is less than the whole town."""
        return any(self.values.values())


def asked(query: QueryDict, *, town: Town, today: date) -> Asked:
    """Read a list out of an address; what it does not understand is left out."""
    values = {name: query.get(name, "").strip()[:60] for name in FILTERS}
    below = {"sotto-zero": 0, "oltre": town.chosen(CreditChoices).floor}.get(values["credito"])
    wanted: Sorting = "name"
    for order in ORDERS:
        if query.get("ordine") == order:
            wanted = order  # type: ignore[assignment]  # a key of the table of orders
    kept = QueryDict(mutable=True)
    for name in (*FILTERS, "ordine", "colonne"):
        if any(query.getlist(name)):
            kept.setlist(name, [value[:60] for value in query.getlist(name)[:20]])
    return Asked(
        filter=Filter(
            day=today,
            school_id=number(values["scuola"]),
            class_group_id=number(values["classe"]),
            service_id=number(values["servizio"]),
            bracket_id=number(values["tariffa"]),
            diet=values["dieta"],
            below_cents=below,
            missing=MISSING.get(values["manca"], ("", ""))[0],
            without_access=values["accesso"] == "senza",
            everybody=values["tutti"] == "1",
        ),
        order=wanted,
        columns=chosen_columns(query.getlist("colonne"), is_below=below is not None),
        values=values,
        query=kept.urlencode(),
    )
