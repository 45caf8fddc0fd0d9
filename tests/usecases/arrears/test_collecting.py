"""The list for the collector: who has come to its end, every debt and every proof, and what is prescribed soon."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from campanella.foundation.core import audit, clock
from campanella.readings.arrears.collector import HEAD, collector_page
from campanella.usecases.arrears import collecting, handing, ladder, planning
from tests.arrears import DUE, after_due, overdue, remind, reminders_of
from tests.billing import noon
from tests.towns import OFFICE, Cast, put_back

LAST = 200


@pytest.fixture
def climbed(request: pytest.FixtureRequest, db: None) -> Iterator[Cast]:
    """Rossi has had all three reminders and owes 61.60 and the cost; Haddad owes too little for the third."""
    yield from put_back(request, "climbed", _let_climb)


def _let_climb(valle: Cast) -> None:
    overdue(valle, days=8)
    for days in (15, 45, 90):
        remind(after_due(days))


def posted(cast: Cast) -> None:
    *_, formal = reminders_of(cast)
    for kind, days in (("posted", 91), ("delivered", 95)):
        now = after_due(days)
        handing.note(
            by=OFFICE,
            reminder_id=formal.id,
            kind=kind,
            day=clock.day_of(now),
            protocol="4711/2027" if kind == "posted" else "",
            note="",
            now=now,
        )


def test_who_has_climbed_to_the_end_is_listed_with_every_proof(climbed: Cast) -> None:
    posted(climbed)
    assert collector_page(now=after_due(134)).ready == []
    now = after_due(LAST)
    (rossi,) = collector_page(now=now).ready
    assert rossi.total.cents == 8 * 770 + 588

    with clock.standing_at(now):
        content = collecting.export(by=OFFICE, form="csv", now=now)
        book = CalamineWorkbook.from_filelike(BytesIO(collecting.export(by=OFFICE, form="xlsx", now=now)))
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == list(HEAD)
    assert [row[7] for row in rows[1:]] == ["36,80", "24,80", "5,88"]
    said = rows[1][9]
    for part in (
        "Promemoria SO/2026/1 del 20/12/2026: e-mail",
        "Sollecito SO/2027/",
        "protocollo 4711/2027",
        "consegnata il",
    ):
        assert part in said
    sheet = book.get_sheet_by_index(0).to_python()
    assert (sheet[0], sheet[1][7]) == (list(HEAD), 36.8)
    sentences = [act.sentence for act in audit.acts_on(subjects=["town"])]
    assert sentences.count("ha scaricato la lista per la riscossione: 1 debitore, 67,48\xa0€ in tutto") == 2


def test_five_years_begin_anew_with_a_formal_reminder_that_arrived(climbed: Cast) -> None:
    (before,) = collector_page(now=after_due(LAST)).ready
    assert {line.prescribes_on for line in before.lines if line.debt.kind == "invoice"} == {date(2031, 12, 5)}
    posted(climbed)
    (after,) = collector_page(now=after_due(LAST)).ready
    assert {line.prescribes_on for line in after.lines if line.debt.kind == "invoice"} == {date(2032, 3, 10)}


def test_a_plan_acknowledges_the_debt(climbed: Cast) -> None:
    now = after_due(100)
    payer = climbed.families["rossi"].guardian.pk
    with clock.standing_at(now):
        plan = planning.agree(by=OFFICE, payer_id=payer, count=2, first=now.date(), months=1, note="", now=now)
        planning.end(by=OFFICE, plan_id=plan.pk, reason="prova", now=now)
    (rossi,) = collector_page(now=after_due(LAST)).ready
    assert rossi.first_prescribed == date(2032, 3, 15)


def test_a_debt_that_is_prescribed_soon_is_said_whoever_owes_it(climbed: Cast) -> None:
    payer = climbed.families["rossi"].guardian.pk
    assert collector_page(now=noon(date(2031, 6, 7))).near == []
    near = noon(date(2031, 6, 8))
    assert len(collector_page(now=near).near) == 2
    with clock.standing_at(near):
        ladder.stop(by=OFFICE, payer_id=payer, until=near.date() + timedelta(days=30), reason="x", now=near)
    page = collector_page(now=near)
    assert (page.ready, len(page.near)) == ([], 2)
    assert page.near[0].first_prescribed > DUE
