"""Who and where is meant by a line: rules alone, against a town made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from campanella.foundation.core.money import Euro
from campanella.usecases.importing import columns, lines, plan
from campanella.usecases.importing.cells import Cell, Continued, Row
from campanella.usecases.importing.known import Known, Person, Price
from campanella.usecases.importing.lines import ChildLine, Problem
from campanella.usecases.importing.places import folded_class, nearly
from campanella.usecases.importing.plan import Plan
from tests.towns import TODAY

HEADERS: list[Cell] = [
    "Codice",
    "Cognome",
    "Nome",
    "Codice fiscale",
    "Data di nascita",
    "Plesso",
    "Codice plesso",
    "Ordine",
    "Classe",
    "Saldo",
]
BORN = "16/03/2019"
MARCO, MIRCO = "GLLMRC19C16G479V", "GLLMRC19C16G47VK"
MARIA, MARIO = "GLLMRA19C56G479X", "GLLMRA19C16G479T"


def row(number: int, **cells: Cell) -> Row:
    told: dict[str, Cell] = {
        "codice": "",
        "cognome": "Galli",
        "nome": "Marco",
        "codice_fiscale": "",
        "data_di_nascita": BORN,
        "plesso": "Primaria Rodari",
        "codice_plesso": "",
        "ordine": "",
        "classe": "1A",
        "saldo": "",
    }
    assert set(cells) <= set(told)
    return Row(number, [*(told | cells).values()])


def read(*rows: Row) -> tuple[list[ChildLine], list[Problem]]:
    found = columns.recognise(HEADERS, columns.known_to({}))
    both = [lines.parse(one, found, today=TODAY) for one in rows]
    return [line for line, _ in both], [problem for _, problems in both for problem in problems]


def town(
    *,
    children: Sequence[Person] = (),
    schools: dict[str, tuple[str, str]] | None = None,
    classes: dict[tuple[str, str], int] | None = None,
) -> Known:
    return Known(
        year=(date(2026, 9, 1), date(2027, 9, 1)),
        children={child.id: child for child in children},
        former={},
        guardians={},
        ties={},
        schools=schools or {},
        classes=classes or {},
        places={},
        services={},
        calendars=set(),
        prices=[],
        subscriptions={},
        carried={},
    )


def planned(known: Known, *rows: Row) -> Plan:
    found, problems = read(*rows)
    assert [problem for problem in problems if not problem.is_warning] == []
    return plan.make(found, known, first=TODAY)


def said(found: Plan, number: int) -> str:
    return " · ".join(problem.reason for problem in found.problems if problem.line == number)


RODARI = {"rod": ("Primaria Rodari", "primaria")}


@pytest.mark.parametrize(
    "typed",
    [
        {"plesso": "Primaria Rodari"},
        {"plesso": "PRIMARIA  “RODARI”"},
        {"plesso": "", "codice_plesso": "rod"},
        {"plesso": "Altro nome", "codice_plesso": "rod"},
    ],
)
@pytest.mark.parametrize("classe", ["1ª A", "1A", "1^a", "Classe 1 A", "1° A"])
def test_a_school_and_a_class_are_found_by_name_as_people_write_it(typed: dict[str, Cell], classe: str) -> None:
    found = planned(town(schools=RODARI, classes={("rod", "1ª A"): 7}), row(2, classe=classe, **typed))
    assert (found.schools, found.classes, found.problems) == ({}, set(), [])
    assert (found.steps[0].line.school_code, found.steps[0].line.class_name) == ("rod", "1ª A")


@pytest.mark.parametrize("shut", [("rod", ""), ("rod", "1ª A")], ids=["the school", "the class"])
def test_nobody_is_brought_into_what_is_closed(shut: tuple[str, str]) -> None:
    found = planned(replace(town(schools=RODARI, classes={("rod", "1ª A"): 7}), shut={shut}), row(2, classe="1A"))
    assert found.steps == []
    assert "da quel giorno è chiusa: scrivi la scuola e la classe in cui il bambino va adesso" in said(found, 2)


@pytest.mark.parametrize(
    "typed", ["Rodari primaria", "Scuola Primaria Gianni Rodari", "Primaria Roddari", "Primaria G. Rodari"]
)
def test_a_name_that_is_nearly_a_schools_is_asked_about(typed: str) -> None:
    schools = {"rod": ("Primaria Gianni Rodari", "primaria")} if "Gianni" in typed or "G." in typed else RODARI
    schools = {"rod": ("Primaria Rodari", "primaria")} if typed == "Scuola Primaria Gianni Rodari" else schools
    found = planned(town(schools=schools), row(2, plesso=typed))
    assert found.steps == []
    assert "se è lo stesso plesso scrivilo così, se no aggiungi la colonna Codice plesso" in said(found, 2)
    insisted = planned(town(schools=schools), row(2, plesso=typed, codice_plesso="NEW"))
    assert (insisted.schools, insisted.problems) == ({"NEW": (typed, "primaria")}, [])


def test_a_new_code_with_the_name_of_a_school_of_the_town_is_asked_about() -> None:
    found = planned(town(schools=RODARI), row(2, codice_plesso="PLX01"))
    assert found.steps == []
    assert said(found, 2) == "“Primaria Rodari” c’è già con il codice rod: usa quel codice, o un altro nome"


def test_one_name_for_two_levels_is_two_schools() -> None:
    known = town(schools={"rodari": ("Rodari", "primaria")})
    found = planned(known, row(2, plesso="Rodari", ordine="infanzia", classe="A"), row(3, plesso="Rodari", nome="Ugo"))
    assert found.schools == {"rodari-infanzia": ("Rodari", "infanzia")}
    assert "nel Comune ci sono 2 plessi che si chiamano così" in said(found, 3)


def test_two_spellings_in_one_file_are_pointed_out_once() -> None:
    rows = [
        row(n, nome=name, plesso=school)
        for n, (name, school) in enumerate(
            [("Ugo", "Primaria Rodari"), ("Ivo", "Primaria Roddari"), ("Ada", "Primaria Roddari")], start=2
        )
    ]
    found = planned(town(), *rows)
    assert [(one.line, one.is_warning) for one in found.problems] == [(3, True)]
    assert "il file ha anche “Primaria Rodari”" in said(found, 3)


def test_a_class_that_may_be_two_is_asked_about() -> None:
    known = town(schools=RODARI, classes={("rod", "1A"): 1, ("rod", "1ª A"): 2})
    assert said(planned(known, row(2, classe="1 a")), 2) == "“1 a” può essere “1A” e “1ª A”: scrivila come nel Comune"
    assert planned(known, row(2, classe="1A")).problems == []


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Primaria Don Milani", "Scuola primaria don Milani", True),
        ("Don Milani", "D. Milani", True),
        ("Via Roma", "Roma", True),
        ("Nido comunale", "Asilo nido", True),
        ("Collodi A", "Collodi B", False),
        ("Plesso 1", "Plesso 12", False),
        ("Rodari 1", "Rodari 2", False),
        ("Primaria Rodari", "Primaria Collodi", False),
        ("Nido comunale", "Nido Girasole", False),
        ("Maria Montessori", "Mario Lodi", False),
    ],
)
def test_names_that_may_be_one_schools(one: str, other: str, near: bool) -> None:
    assert nearly(one, other) is nearly(other, one) is near


def test_a_class_without_words_of_its_own_keeps_its_name() -> None:
    assert (folded_class("Sezione"), folded_class("Sez. A"), folded_class("Pulcini")) == ("sezione", "a", "pulcini")


@pytest.mark.parametrize(("first", "second"), [(("Marco", MARCO), ("Mirco", MIRCO)), (("Maria", MARIA), ("Mario", MARIO))])
@pytest.mark.parametrize("is_known", [True, False], ids=["one is in the town", "both are new"])
def test_twins_are_two_children(first: tuple[str, str], second: tuple[str, str], is_known: bool) -> None:
    children = [Person(5, "Galli", first[0], first[1], date(2019, 3, 16))] if is_known else []
    found = planned(
        town(children=children, schools=RODARI),
        *(row(n, nome=name, codice_fiscale=code) for n, (name, code) in enumerate([first, second], start=2)),
    )
    assert [step.child_id for step in found.steps] == [5 if is_known else None, None]
    assert found.steps[0].mend == {}


@pytest.mark.parametrize("both", [{"codice_fiscale": MARCO}, {"codice": "77"}])
def test_one_code_for_two_rows_refuses_both(both: dict[str, Cell]) -> None:
    found = planned(town(schools=RODARI), row(2, **both), row(3, nome="Mirco", classe="1B", **both), row(4, nome="Ugo"))
    assert [step.line.number for step in found.steps] == [4]
    assert "è lo stesso bambino della riga 3, o uno dei due ha un codice sbagliato" in said(found, 2)
    assert "è lo stesso bambino della riga 2, o uno dei due ha un codice sbagliato" in said(found, 3)


def test_the_code_of_a_twin_does_not_rename_the_other() -> None:
    known = town(children=[Person(5, "Galli", "Marco", MARCO, date(2019, 3, 16))], schools=RODARI)
    found = planned(known, row(2, nome="Mirco", codice_fiscale=MARCO))
    assert found.steps == []
    assert said(found, 2).endswith(
        "con questo codice il Comune ha Marco: se è lo stesso bambino correggi il nome nella scheda"
    )
    longer = planned(known, row(2, nome="Marco Antonio", codice_fiscale=MARCO))
    assert longer.steps[0].mend == {"family_name": "Galli", "given_name": "Marco Antonio"}


def test_codes_with_and_without_zeros_are_two() -> None:
    found = planned(town(schools=RODARI), row(2, codice="00123"), row(3, codice="123", nome="Ugo"))
    assert [step.former_code for step in found.steps] == ["00123", "123"]


def test_a_merged_class_is_the_class_of_each_row_and_other_merged_cells_are_refused() -> None:
    rows = [row(2), *(row(n, nome=f"Ugo{'abc'[n - 3]}", classe=Continued("1A")) for n in (3, 4))]
    assert [step.line.class_name for step in planned(town(schools=RODARI), *rows).steps] == ["1A"] * 3
    (_,), (problem,) = read(row(2, saldo=Continued("12,50")))
    assert (problem.column, problem.reason) == (
        "Saldo",
        "è unita con la cella sopra: dividi le celle e scrivi il valore in ogni riga",
    )


@pytest.mark.parametrize(("family", "given"), [("", "Suharto"), ("Suharto", "")])
def test_a_person_of_one_name_is_on_record(family: str, given: str) -> None:
    (line,), problems = read(row(2, cognome=family, nome=given))
    assert (line.family_name, line.given_name) == ("", "Suharto")
    assert [(one.reason, one.is_warning) for one in problems] == [("manca: lo registro con un nome solo", True)]


@pytest.mark.parametrize("written", ["=1+1", "+39 Luca", "@SUM(A1)", "-"])
def test_what_looks_like_a_formula_as_the_name_of_a_child_is_a_text(written: str) -> None:
    (line,), (problem,) = read(row(2, nome=written))
    assert (line.family_name, line.given_name) == ("Galli", written)
    assert (problem.column, problem.is_warning) == ("Nome", True)
    assert problem.reason == f"comincia con “{written[0]}”: è un testo, lo registro com’è scritto"


@pytest.mark.parametrize("cells", [{"cognome": ""}, {"data_di_nascita": ""}, {"classe": "=A1"}, {"plesso": "=A1"}])
def test_a_formula_where_nobody_is_named_is_refused(cells: dict[str, Cell]) -> None:
    _, problems = read(row(2, nome="=SUM(C2:C21)", **cells))
    assert "comincia con “=”: sembra una formula" in [one.reason for one in problems if not one.is_warning]


@pytest.mark.parametrize("others", [["12,50"], ["1.234,50", "3,00"]])
def test_an_english_amount_among_italian_ones_is_refused(others: list[str]) -> None:
    found, notations = columns.recognise(HEADERS, columns.known_to({})), lines.Notations()
    for n, amount in enumerate(["1,234.50", *others], start=2):
        notations.note(row(n, saldo=amount), found)
    assert [(one.line, one.column) for one in notations.problems()] == [(2, "Saldo")]


def test_a_column_written_in_one_way_is_taken() -> None:
    found, notations = columns.recognise(HEADERS, columns.known_to({})), lines.Notations()
    for n, amount in enumerate(["1,234.50", "12.50", "1,234,567.00"], start=2):
        notations.note(row(n, saldo=amount), found)
    assert notations.problems() == []


@pytest.mark.parametrize(("told", "bracket"), [("mensa", 2), ("mensa=4,60", 2), ("mensa=intera", 2), ("mensa=9,99", None)])
def test_a_price_is_one_for_the_childs_level(told: str, bracket: int | None) -> None:
    prices = [
        Price(pk, "mensa", "f1", "Intera", cents, is_full=True, level=level, season_end=date(2027, 9, 1))
        for pk, level, cents in ((1, "nido", 999), (2, "primaria", 460), (3, "infanzia", 460))
    ]
    known = replace(town(schools=RODARI), services={"mensa": "meal"}, prices=prices)
    (line,), _ = read(row(2))
    (use,) = [
        lines.Use("mensa", Euro(int(told[6:].replace(",", "")))) if "," in told else lines.Use("mensa", None, told[6:])
    ]
    found = plan.make([replace(line, uses=(use,))], known, first=TODAY)
    assert [wish.bracket_id for wish in found.steps[0].wishes] == [bracket]


@pytest.mark.parametrize(("enrolled", "comes_in"), [({}, True), ({"mensa": set()}, False), ({"mensa": {7}}, True)])
def test_where_only_the_enrolled_are_admitted_a_file_lets_nobody_else_in(
    enrolled: dict[str, set[int]], comes_in: bool
) -> None:
    prices = [Price(2, "mensa", "f1", "Intera", 460, is_full=True, level="", season_end=date(2027, 9, 1))]
    child = Person(7, "Galli", "Marco", MARCO, date(2019, 3, 16))
    known = replace(town(schools=RODARI, children=[child]), services={"mensa": "meal"}, prices=prices, enrolled=enrolled)
    (line,), _ = read(row(2, codice_fiscale=MARCO))
    found = plan.make([replace(line, uses=(lines.Use("mensa", None, "intera"),))], known, first=TODAY)
    (step,) = found.steps
    assert bool(step.wishes) == comes_in
    assert ("solo con una domanda accettata" in said(found, 2)) != comes_in
    assert step.moves
