"""The columns of a list of children: what each is called and what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campanella.foundation.documents.sheets import Cell
from campanella.readings.office.children import Line


@dataclass(frozen=True)
class Column:
    """
    One column.

    :ivar order: by which order of the list its head sorts, empty when it does not
    :ivar width: on paper, in shares
    """

    key: str
    label: str
    cell: Callable[[Line], Cell]
    order: str = ""
    width: int = 2


NAME = Column("name", "Cognome e nome", lambda line: line.name, "name", 4)
COLUMNS = (
    Column("code", "Codice", lambda line: line.code, "code"),
    Column("school", "Scuola", lambda line: line.school, "class", 3),
    Column("class", "Classe", lambda line: line.class_name, "class", 1),
    Column("services", "Servizi e tariffa", lambda line: line.services, width=5),
    Column("diet", "Dieta", lambda line: line.diet, width=1),
    Column("credit", "Credito più basso", lambda line: line.credit, "credit"),
    Column("wallet", "Di quale borsellino", lambda line: line.credit_service),
    Column("below", "Borsellini sotto zero", lambda line: "; ".join(f"{name} {sum}" for name, sum in line.below), width=4),
    Column("debt", "Debito", lambda line: line.debt, "debt"),
    Column("payer", "Intestatario", lambda line: line.payer, width=3),
    Column("email", "E-mail", lambda line: line.email, width=4),
    Column("phone", "Telefono", lambda line: line.phone),
    Column("tax_code", "Codice fiscale", lambda line: line.tax_code, width=3),
    Column("birth_date", "Nato il", lambda line: line.birth_date),
    Column("access", "Accesso", lambda line: "sì" if line.has_access else "no", width=1),
)
USUAL = ("school", "class", "services", "credit")
USUAL_BELOW = ("school", "class", "below", "debt")
MONEY = ("credit", "debt")


def chosen_columns(keys: Sequence[str], *, is_below: bool = False) -> list[Column]:
    """
    Return the columns with these keys in the order of the table, the usual ones when there is none.

    :param is_below: the list is of who is below an amount: then which wallets, and how much in all, are the usual ones
    """
    wanted = {column.key for column in COLUMNS} & set(keys) or set(USUAL_BELOW if is_below else USUAL)
    return [NAME, *(column for column in COLUMNS if column.key in wanted)]
