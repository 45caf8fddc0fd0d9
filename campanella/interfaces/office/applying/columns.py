"""The columns of a sheet of applications: what each is called and what it says. None of them says anything of health."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campanella.foundation.core.italian import moment_figures
from campanella.foundation.documents.sheets import Cell
from campanella.readings.office.application_bands import Applied


@dataclass(frozen=True)
class Column:
    """One column."""

    key: str
    label: str
    cell: Callable[[Applied], Cell]
    is_usual: bool = True


COLUMNS = (
    Column("numero", "Domanda", lambda one: one.application.number),
    Column("ricevuta", "Ricevuta", lambda one: moment_figures(one.received_at) if one.received_at else None),
    Column("stato", "Stato", lambda one: one.state),
    Column("posto", "Lista d’attesa", lambda one: one.waits_at or None, is_usual=False),
    Column("bambino", "Bambino", lambda one: one.child),
    Column("codice", "Codice fiscale del bambino", lambda one: one.tax_code, is_usual=False),
    Column("nascita", "Nato il", lambda one: one.birth_date, is_usual=False),
    Column("scuola", "Scuola", lambda one: one.school),
    Column("adulto", "Chi fa la domanda", lambda one: one.application.applicant.full_name),
    Column("email", "E-mail", lambda one: one.application.applicant.email, is_usual=False),
    Column("telefono", "Telefono", lambda one: one.application.applicant.phone, is_usual=False),
    Column("fascia", "Fascia", lambda one: one.band),
    Column("isee", "ISEE", lambda one: one.isee.amount if one.isee else None, is_usual=False),
    Column("controllo", "Controllo dell’ISEE", lambda one: one.isee_told, is_usual=False),
    Column("sportello", "Allo sportello", lambda one: "sì" if one.application.is_by_office else "no", is_usual=False),
)


def chosen(keys: Sequence[str]) -> list[Column]:
    """Return the columns with these keys in the order of the table, the usual ones where there is none."""
    found = [one for one in COLUMNS if one.key in set(keys)]
    return found or [one for one in COLUMNS if one.is_usual]
