"""The kitchen's papers: the day, the service, the town and the minute of printing on every sheet."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from campanella.domains.cooking.queries import KitchenSheet
from campanella.domains.cooking.rules import UNDEFINED, ClassOrder, Special
from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_time, counted, day_full, moment_figures
from campanella.foundation.documents.labels import SHEETS, Label, labels_pdf
from campanella.foundation.documents.sheets import Cell
from campanella.foundation.documents.tables import Section, sections_pdf
from campanella.readings.kitchen.papers import Papers, labelled, portions, specials

SIGNED = ("Partenza, ora", "Arrivo, ora", "Temperatura °C", "Firma di chi riceve")


def production_pdf(papers: Papers, *, town_name: str, now: datetime) -> bytes:
    """Print what to cook, dish by dish with what the diets get, then school by school."""
    columns, rows = _short(papers, papers.ordered)
    dishes = [[f"– {name}" if label else name, label, str(count)] for name, label, count in portions(papers)]
    menu = [Section(heading="Che cosa cucinare", columns=["Piatto", "Per chi", "Porzioni"], widths=[3, 3, 1], rows=dishes)]
    return sections_pdf(
        town_name=town_name,
        title=f"Foglio di produzione n. {papers.sheet.number}",
        about=_about(papers),
        lines=[*_changes(papers), *_undefined(papers, papers.ordered)],
        sections=[
            *(menu if dishes else []),
            Section(
                heading="Scuola per scuola",
                about=_legend(papers),
                columns=columns,
                widths=[5, 4, *([2] * (len(columns) - 2))],
                rows=[[_cell(cell) for cell in row] for row in rows],
                sum=f"In tutto {counted(papers.meals, 'pasto', 'pasti')}.",
            ),
        ],
        made_at=now,
    )


def delivery_pdf(papers: Papers, *, town_name: str, now: datetime) -> bytes:
    """Print a delivery note for each school: what this number of the sheet holds, what it changes, and where to sign."""
    sections = []
    for school_id, name, orders in _by_school(papers):
        columns, rows = _short(papers, orders)
        changes = _changes(papers, school_id=school_id)
        total = counted(sum(order.total for order in orders), "pasto", "pasti")
        sections.append(
            Section(
                heading=name,
                about=" ".join(filter(None, [_legend(papers), *_undefined(papers, orders), *changes])),
                columns=columns[1:],
                widths=[2, *([1] * (len(columns) - 2))],
                rows=[[_cell(cell) for cell in row[1:]] for row in rows],
                sum=f"Consegnati {total}.",
                starts_page=True,
                sign=SIGNED,
            )
        )
    title = f"Bolla di consegna n. {papers.sheet.number}"
    return sections_pdf(town_name=town_name, title=title, about=_about(papers), lines=[], sections=sections, made_at=now)


def delivery_lines(papers: Papers) -> tuple[list[str], list[list[Cell]]]:
    """
    Return what the delivery notes print: the sheet on every line, the classes of each school, then what it is handed in all.

    A school's line says, as its page does, what this number changes and which substitute the menu lacks.
    """
    sheet = papers.sheet
    head, _ = lines_of(papers, [])
    rows: list[list[Cell]] = []
    for school_id, name, orders in _by_school(papers):
        note: list[Cell] = [sheet.number, sheet.day, sheet.service.name, moment_figures(sheet.as_of), name]
        lines = lines_of(papers, orders)[1]
        rows += [[*note, *line[1:], ""] for line in lines]
        sums = [sum(int(line[place]) for line in lines) for place in range(2, len(head))]
        told = " ".join([*_undefined(papers, orders), *_changes(papers, school_id=school_id)])
        rows.append([*note, "Consegnati", *sums, told])
    return ["Bolla", "Giorno", "Servizio", "Fermata", *head, "Da sapere"], rows


def _by_school(papers: Papers) -> list[tuple[int, str, list[ClassOrder]]]:
    by_school = groupby(sorted(papers.ordered, key=_place), key=lambda order: (order.school_id, order.school_name))
    return [(school_id, name, list(orders)) for (school_id, name), orders in by_school]


def labels_of(papers: Papers, *, format: str, only_new: bool, first_place: int, town_name: str, now: datetime) -> bytes:
    """Print a label for each special meal to bring, from a place of the sheet on: for whom, where it goes, what to serve."""
    foot = f"{papers.sheet.service.name}, {day_full(papers.sheet.day)}, foglio n. {papers.sheet.number}"
    found = [
        Label(one.place, one.child_name, _capital(one.special.label), one.dishes, foot)
        for one in labelled(papers, only_new=only_new)
    ]
    title = f"Etichette delle diete, {day_full(papers.sheet.day)}"
    sheet = SHEETS[format]
    return labels_pdf(
        town_name=town_name, title=title, sheet=sheet, labels=found, made_at=now, first_place=min(first_place, sheet.places)
    )


def lines_of(papers: Papers, orders: Sequence[ClassOrder]) -> tuple[list[str], list[list[str | int]]]:
    """Return the columns and a line for each class: usual meals, special ones by what to serve, adults, all of them."""
    columns = _columns(papers)
    head = ["Scuola", "Classe", "Normali", *(_capital(special.label) for special in columns), "Adulti", "Totale"]
    rows: list[list[str | int]] = []
    for order in sorted(orders, key=_place):
        found = list(order.special.values())
        group = f"{order.class_name}, {order.shift}° turno" if order.shift else order.class_name
        usual = len(order.child_ids) - len(found)
        each = [found.count(special) for special in columns]
        rows.append([order.school_name, group, usual, *each, order.adults, order.total])
    return head, rows


def _short(papers: Papers, orders: Sequence[ClassOrder]) -> tuple[list[str], list[list[str | int]]]:
    """Return the same lines under headings that fit on paper; ``_legend`` says what the codes mean."""
    head, rows = lines_of(papers, orders)
    codes = [_capital(" ".join(filter(None, [one.code, one.ways]))) for one in _columns(papers)]
    return [*head[:3], *codes, *head[-2:]], rows


def _legend(papers: Papers) -> str:
    menus = {one.code: one.menu for one in _columns(papers) if one.code}
    return "; ".join(f"{code} {menu.lower()}" for code, menu in menus.items()) + "." if menus else ""


def _columns(papers: Papers) -> list[Special]:
    return specials(papers.ordered)


def _about(papers: Papers) -> str:
    sheet = papers.sheet
    kitchen = f"{sheet.kitchen}, " if sheet.kitchen else ""
    return f"{kitchen}{sheet.service.name}, {day_full(sheet.day)}. Foglio {stands(sheet)}"


def stands(sheet: KitchenSheet) -> str:
    """Write which sheet it is and since when its numbers stand: "n. 1, fermato alle 9:30."."""
    on = "" if clock.day_of(sheet.as_of) == sheet.day else f"il {day_full(clock.day_of(sheet.as_of))} "
    return f"n. {sheet.number}, fermato {on}alle {at_time(sheet.as_of)}."


def _changes(papers: Papers, *, school_id: int = 0) -> list[str]:
    """
    Say what this number changes of the one before, each with the moment in which it came.

    :param school_id: of one school and of all, without its name; 0 for every school
    """
    told = []
    for one in papers.changes:
        if not school_id or one.school_id in (0, school_id):
            place = " ".join(filter(None, ["" if school_id else one.school_name, one.class_name, one.sign]))
            at = at_time(datetime.fromisoformat(one.at))
            told.append(f"{place} alle {at} ({one.sentence})" if place else f"{one.sentence}, alle {at}")
    return [f"Cambia il n. {papers.sheet.number - 1}: {'; '.join(told)}."] if told else []


def _undefined(papers: Papers, orders: Sequence[ClassOrder]) -> list[str]:
    missing = papers.undefined(orders)
    told = "; ".join(f"{code} al posto di {', '.join(names)}" for code, names in missing.items())
    return [f"{_capital(UNDEFINED)}. {told}."] if missing else []


def _place(order: ClassOrder) -> tuple[str, int, int, str]:
    return order.school_name, order.school_id, order.shift, order.class_name


def _cell(cell: str | int) -> str:
    return str(cell) if cell else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
