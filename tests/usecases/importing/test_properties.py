"""Whatever a file says: the dry run says what the import does, and a second run changes nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campanella.domains.ledger import verify
from campanella.domains.schools.models import School
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.readings import proofs
from campanella.usecases.importing import people
from campanella.usecases.importing.people import Report
from campanella.usecases.importing.table import Declared, Source
from tests.towns import TODAY, Cast
from tests.usecases.importing.files import HEADERS, text_file

TABLES = (
    "people_child",
    "people_guardian",
    "people_guardianship",
    "schools_membership",
    "enrolment_subscription",
    "ledger_wallet",
    "ledger_entry",
    "schools_school",
    "schools_classgroup",
    "services_bracket",
)

CHILDREN = st.sampled_from(
    [
        ("R-1", "Rossi", "Anna", "", "12/04/2019"),
        ("", "Rossi", "Luca", "", "12/04/2019"),
        ("G-1", "Galli", "Marco", "GLLMRC19C16G479V", "16/03/2019"),
        ("", "Galli", "Mirco", "GLLMRC19C16G47VK", "16/03/2019"),
        ("00123", "Neri", "Ugo", "", ""),
        ("123", "Neri", "Ada", "", ""),
        ("S-1", "", "Suharto", "", "01/02/2018"),
    ]
)
PLACES = st.sampled_from(
    [
        ("Primaria Rodari", "", "2B"),
        ("PRIMARIA RODARI", "", "2 b"),
        ("Primaria Rodari", "", "3ª A"),
        ("Collodi", "infanzia", "A"),
        ("Nido Girasole", "", "Sezione A"),
        ("Primaria Roddari", "", "1A"),
    ]
)
ADULTS = st.sampled_from(
    [
        ("", "", "", "", ""),
        ("Rossi", "Maria Addolorata", "RSSMRA85T10A562S", "", ""),
        ("Galli", "Pia", "", "pia@posta.example", "333 555 0001"),
        ("", "Sukarno", "", "", "333 555 0002"),
    ]
)
SERVICES = st.sampled_from(
    ["", "mensa", "mensa=4,60", "mensa=3,10 + scuolabus=1,50", "scuolabus=1,20", "mensa=half", "nido=9,99"]
)
BALANCES = st.sampled_from(["", "0,00", "12,50", "-36,80", "1.234,50", "12.345", "+12,50-"])
ROWS = st.tuples(CHILDREN, PLACES, ADULTS, SERVICES, BALANCES).map(
    lambda parts: [*parts[0], *parts[1], *parts[2], parts[3], parts[4]]
)
FILES = st.lists(ROWS, min_size=1, max_size=5)


def state() -> dict[str, list[Any]]:
    """Return every row that an import may write."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select t::text from {table} t order by id")
            found[table] = cursor.fetchall()
    return found


def outcome(report: Report) -> tuple[object, ...]:
    plan = report.plan
    return (
        report.lines,
        report.problems,
        report.debts,
        report.credits,
        report.skipped_debts,
        report.skipped_credits,
        plan.steps,
        plan.schools,
        plan.classes,
        plan.services,
        plan.calendars,
        plan.guardians,
        plan.contacts,
    )


@pytest.mark.slow
@given(files=st.lists(FILES, min_size=1, max_size=3))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_dry_run_says_what_is_done_and_a_second_run_changes_nothing(
    valle: Cast, tmp_path: Path, files: list[list[list[str]]]
) -> None:
    before_all = state()
    asked: dict[str, Any] = {"declared": Declared(), "first": TODAY, "today": TODAY, "skip_bad": True}
    with transaction.atomic():
        for rows in files:
            source = Source(text_file(tmp_path, rows, headers=HEADERS))
            before = state()
            told = people.preview(source=source, **asked)
            assert state() == before
            done = people.run(by=Software("importazione"), source=source, now=clock.now(), **asked)
            assert outcome(done) == outcome(told)
            after = state()
            again = people.run(by=Software("importazione"), source=source, now=clock.now(), **asked)
            assert again.changes_nothing
            assert state() == after
            assert verify.violations() + proofs.violations() == []
        assert School.objects.filter(name__iexact="primaria rodari").count() == 1
        transaction.set_rollback(True)
    assert state() == before_all
