"""The board on paper: as it is now, and of which frozen sheet its numbers are."""

from datetime import datetime

from campanella.foundation.core.italian import counted, day_full, day_long
from campanella.foundation.documents.tables import PaperTable, table_pdf
from campanella.interfaces.kitchen.papers import stands
from campanella.readings.kitchen.board import Board, Frozen
from campanella.readings.kitchen.rows import Row


def board_pdf(board: Board, *, town_name: str, now: datetime) -> bytes:
    """Print a board: all schools, then each school with its classes; a diet by its code and menu, never a child."""
    columns = ["Scuola e classe", "Iscritti", "Normali", *(column.label for column in board.columns)]
    columns += ["In bianco", "Adulti", "In tutto"]
    rows = [_cells(board.sum, board.sum.name)]
    for kitchen in board.kitchens:
        if len(board.kitchens) > 1:
            rows.append(_cells(kitchen.sum, kitchen.name))
        for school in kitchen.schools:
            rows.append(_cells(school.sum, school.name))
            rows += [_cells(row, f"– {row.name}") for row in school.rows]
    missing = counted(len(board.missing), "classe", "classi")
    state = f", {missing} ancora da confermare" if board.missing else ""
    certainty = "definitivi" if board.is_final else "provvisori"
    frozen = "".join(f" {_frozen(one, board)}" for one in board.sheets)
    if board.closed_because:
        state, certainty = f", chiuso: {board.closed_because}", "di prima della chiusura"
    paper = PaperTable(
        town_name=town_name,
        title=f"Pasti di {day_long(board.day)}",
        about=f"{board.service.name if board.service else 'Cucina'}, {day_full(board.day)}{state}.{frozen}",
        columns=columns,
        widths=[4, *([1] * (len(columns) - 1))],
        rows=rows,
        sum=f"In tutto {board.sum.total} pasti, numeri {certainty}.",
        made_at=now,
    )
    return table_pdf(paper)


def _frozen(frozen: Frozen, board: Board) -> str:
    """Say of which sheet the numbers are, since when they stand, and what has come since, as the board itself says it."""
    kitchen = f"{frozen.sheet.kitchen or 'Altre scuole'}: foglio" if len(board.sheets) > 1 else "Foglio"
    told = "; ".join(f"{one.school_name} {one.class_name} {one.sign} ({one.sentence})" for one in frozen.added)
    since = f" Dopo la chiusura: {told}; da portare {counted(frozen.meals, 'pasto', 'pasti')}." if told else ""
    return f"{kitchen} {stands(frozen.sheet)}{since}"


def _cells(row: Row, name: str) -> list[str]:
    diets = [str(count) if count else "" for _, count in row.diets]
    return [name, str(row.expected), str(row.plain), *diets, str(row.white or ""), str(row.adults or ""), str(row.total)]
