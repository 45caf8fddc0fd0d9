"""What families have declared, looked up at INPS: by the office, which then decides, and by night, when the same counts."""

from typing import Any

import pytest

from campanella.domains.enrolment import declared
from campanella.domains.enrolment.gateways.base import IseeAsked, LookupUnavailable
from campanella.domains.enrolment.gateways.inps import consultation
from campanella.domains.enrolment.models import IseeLookup
from campanella.domains.people.models import Guardian
from campanella.foundation.core import audit, clock
from campanella.simulators.inps.inps import Inps, Record
from campanella.usecases import isee, isee_at_inps
from tests.browsing import browser
from tests.inps import ROSSI
from tests.inps import stranger as stranger
from tests.tariffs import let_pay, load, prices
from tests.towns import OFFICE, Cast, choosing, text_of
from tests.usecases.tariffs.test_reckoning import said

CODES = {
    "isee_inps": True,
    "isee_inps_body": "C_B832",
    "isee_inps_office": "SCUOLA",
    "isee_inps_operator": "BNCLRA88C51F205T",
    "isee_inps_benefit": "A1.05",
}


@pytest.fixture
def declaration(valle: Cast, stranger: Inps) -> declared.Declaration:
    """The mother has declared 9.800 €, and the town asks INPS."""
    choosing(valle.town, **CODES)
    let_pay(valle, load(), "Anna")
    payer_id = valle.families["rossi"].guardian.pk
    return isee.declare(by=OFFICE, payer_id=payer_id, said=said(9_800), key="press-000000000001", now=clock.now())


def press(valle: Cast, one: declared.Declaration) -> str:
    """Press the button of the office's page, and read where it leads."""
    desk = browser(valle.town, valle.staff["office"])
    return text_of(desk.post(f"/ufficio/isee/{one.id}/inps/", follow=True))


def record(cents: int | None, *, omissions: bool = False) -> Record:
    """Return what INPS has of the mother."""
    return Record(cents, said(0).issued_on.isoformat(), "INPS-ISEE-2026-00000001A-00", omissions)


def test_the_office_asks_and_decides_itself(valle: Cast, declaration: declared.Declaration, stranger: Inps) -> None:
    stranger.say(ROSSI, record(980_000))
    page = press(valle, declaration)
    assert "L’INPS dice lo stesso: guarda che cosa si muove, poi conferma." in page
    assert "9.800,00" in page
    assert "INPS-ISEE-2026-00000001A-00" in page
    assert declared.waiting_count() == 1
    (row,) = IseeLookup.objects.all()
    (question,) = stranger.questions()
    assert question["ProtocolloDomandaEnteErogatore"] == row.protocol
    assert (row.verdict, row.by_id, row.benefit) == ("same", valle.staff["office"].pk, "A1.05")
    acts = audit.acts_on(subjects=[f"guardian:{declaration.payer_id}"])
    assert any("ha chiesto all’INPS l’ISEE attestato il" in act.sentence for act in acts)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (record(1_200_000), "L’INPS ha un altro ISEE"),
        (record(980_000, omissions=True), "omissioni o difformità, che la famiglia non ha detto"),
        (record(None), "L’INPS non trova nessun ISEE"),
    ],
)
def test_what_is_not_the_same_is_for_somebody_to_look_at(
    valle: Cast, declaration: declared.Declaration, stranger: Inps, found: Record, told: str
) -> None:
    stranger.say(ROSSI, found)
    assert told in press(valle, declaration)
    isee_at_inps.ask_all(now=clock.now())
    assert declared.waiting_count() == 1


def test_by_night_the_same_counts_by_itself_once(valle: Cast, declaration: declared.Declaration, stranger: Inps) -> None:
    stranger.say(ROSSI, record(980_000))
    before = prices(valle, "Anna")
    assert [isee_at_inps.ask_all(now=clock.now()) for _ in range(2)] == [1, 0]
    assert len(stranger.questions()) == 1
    assert (declared.one(declaration_id=declaration.id).state, declared.waiting_count()) == ("checked", 0)
    assert prices(valle, "Anna") != before
    assert IseeLookup.objects.get().by_id is None


def test_what_a_colleague_refuses_while_inps_is_asked_stays_refused(
    valle: Cast, declaration: declared.Declaration, stranger: Inps, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.say(ROSSI, record(980_000))
    answer = consultation.ask

    def slowly(*asked: Any, **how: Any) -> Any:
        isee.refuse(by=OFFICE, declaration_id=declaration.id, reason="È un altro.", told=None, now=clock.now())
        return answer(*asked, **how)

    before = prices(valle, "Anna")
    monkeypatch.setattr(consultation, "ask", slowly)
    assert isee_at_inps.ask_all(now=clock.now()) == 0
    assert declared.one(declaration_id=declaration.id).state == "refused"
    assert prices(valle, "Anna") == before


def test_a_slow_inps_holds_no_hand_of_the_worker_all_night(
    valle: Cast, declaration: declared.Declaration, stranger: Inps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isee_at_inps, "SECONDS_A_NIGHT", 0.0)
    isee_at_inps.ask_all(now=clock.now())
    assert stranger.questions() == []
    assert declared.waiting_count() == 1


def test_the_persons_of_a_household_are_for_somebody_to_look_at(
    valle: Cast, declaration: declared.Declaration, stranger: Inps
) -> None:
    """A price may follow from them, and INPS was not asked about them."""
    with_persons = said(9_700, household=9)
    payer_id = declaration.payer_id
    isee.refuse(by=OFFICE, declaration_id=declaration.id, reason="No.", told=None, now=clock.now())
    one = isee.declare(by=OFFICE, payer_id=payer_id, said=with_persons, key="press-000000000002", now=clock.now())
    stranger.say(ROSSI, record(970_000))
    assert isee_at_inps.ask_all(now=clock.now()) == 0
    assert IseeLookup.objects.get().verdict == "same"
    assert declared.one(declaration_id=one.id).state == "declared"


def test_one_that_inps_never_answers_holds_up_no_other(
    valle: Cast, declaration: declared.Declaration, stranger: Inps, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer_id = valle.families["haddad"].guardian.pk
    Guardian.objects.filter(pk=payer_id).update(tax_code="HDDMRA85T10A562H")
    other = isee.declare(by=OFFICE, payer_id=payer_id, said=said(5_000), key="press-000000000003", now=clock.now())
    asked = []

    def ask(question: IseeAsked, **how: Any) -> None:
        asked.append(question.tax_code)
        if question.tax_code == ROSSI:
            raise LookupUnavailable

    monkeypatch.setattr(consultation, "ask", ask)
    for _ in range(2):
        isee_at_inps.ask_all(now=clock.now())
    assert "HDDMRA85T10A562H" in asked
    assert IseeLookup.objects.get(declaration_id=other.id).verdict == "none"


@pytest.mark.parametrize(
    ("mode", "told"),
    [("down", "L’INPS non ha risposto: riprova più tardi."), ("refuses", "L’INPS ha rifiutato la richiesta")],
)
def test_silence_and_refusal_change_nothing(
    valle: Cast, declaration: declared.Declaration, stranger: Inps, mode: str, told: str
) -> None:
    stranger.turn(mode)
    before = prices(valle, "Anna")
    assert told in press(valle, declaration)
    assert isee_at_inps.ask_all(now=clock.now()) == 0
    assert (prices(valle, "Anna"), declared.waiting_count()) == (before, 1)
    stranger.turn("answers")
    stranger.say(ROSSI, record(980_000))
    assert "L’INPS dice lo stesso" in press(valle, declaration)


def test_what_inps_does_not_know_is_asked_again_after_a_week(
    valle: Cast, declaration: declared.Declaration, stranger: Inps, at: Any
) -> None:
    stranger.say(ROSSI, record(None))
    for moment in ("2026-10-14 23:00", "2026-10-15 02:00", "2026-10-20 02:00", "2026-10-22 02:00"):
        isee_at_inps.ask_all(now=at(moment))
    assert len(stranger.questions()) == 2


@pytest.mark.parametrize("left_out", ["isee_inps", "isee_inps_benefit"])
def test_a_town_without_its_codes_asks_nothing(
    valle: Cast, declaration: declared.Declaration, stranger: Inps, left_out: str
) -> None:
    choosing(valle.town, **{left_out: "" if left_out != "isee_inps" else False})
    assert "Questo Comune non controlla gli ISEE all’INPS" in press(valle, declaration)
    assert isee_at_inps.ask_all(now=clock.now()) == 0
    assert stranger.questions() == []


def test_who_has_no_tax_code_is_not_asked_about(valle: Cast, declaration: declared.Declaration, stranger: Inps) -> None:
    Guardian.objects.filter(pk=declaration.payer_id).update(tax_code="")
    assert "manca il codice fiscale" in press(valle, declaration)
    isee_at_inps.ask_all(now=clock.now())
    assert stranger.questions() == []


def test_one_at_a_time(valle: Cast, declaration: declared.Declaration) -> None:
    with isee_at_inps._calls:
        assert "un collega sta già chiedendo all’INPS" in press(valle, declaration)
    assert "L’INPS" in press(valle, declaration)
