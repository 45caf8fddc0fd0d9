"""The office writes the steps of its reminders, and stops those of a household behind a door of its own."""

import re
from datetime import timedelta

import pytest

from campanella.domains.arrears import queries
from campanella.domains.arrears.models import StopRead
from campanella.domains.arrears.rules.ladder import DEFAULT
from campanella.foundation.core import audit, clock
from campanella.usecases.arrears import ladder
from campanella.usecases.arrears.ladder import BadLadder
from tests.browsing import Browser, browser
from tests.towns import OFFICE, TODAY, Cast, Family, text_of


@pytest.fixture
def desk(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def form(**changes: str) -> dict[str, str]:
    """Fill the page as it comes, with some fields otherwise."""
    data = {"first": TODAY.isoformat(), "reason": ""}
    for step in DEFAULT.steps:
        data |= {
            f"passo-{step.place}-name": step.name,
            f"passo-{step.place}-channel": step.channel,
            f"passo-{step.place}-threshold": f"{step.threshold // 100},{step.threshold % 100:02}",
            f"passo-{step.place}-after_days": str(step.after_days),
            f"passo-{step.place}-pay_days": str(step.pay_days),
            f"passo-{step.place}-wait_days": str(step.wait_days),
            f"passo-{step.place}-cost": f"{step.cost // 100},{step.cost % 100:02}",
            f"passo-{step.place}-text": step.text,
        }
    return data | changes


def test_the_steps_are_told_in_plain_words_and_written_from_a_day_on(valle: Cast, desk: Browser) -> None:
    told = desk.read("/ufficio/solleciti/passi/")
    assert "valgono quelli proposti" in told
    assert "Da 12,00 € in su, 15 giorni dopo la scadenza: e-mail" in told.replace("\xa0", " ")

    later = {"first": (TODAY + timedelta(days=30)).isoformat(), "reason": "delibera 40"}
    answer = desk.post("/ufficio/solleciti/passi/", form(**later, **{"passo-1-threshold": "15,00"}), follow=True)
    assert "delibera 40" in text_of(answer)
    assert queries.ladder(day=TODAY).id is None
    held = queries.ladder(day=TODAY + timedelta(days=30))
    assert (held.steps[0].threshold, held.steps[1:]) == (1500, DEFAULT.steps[1:])
    (act,) = audit.acts_on(subjects=["town"], limit=1)
    assert act.sentence == "ha scritto i passi dei solleciti, 4 in tutto, dal 13/11/2026"


def test_a_step_without_a_name_is_none_and_the_others_close_up(valle: Cast, desk: Browser) -> None:
    desk.post("/ufficio/solleciti/passi/", form(**{"passo-2-name": ""}))
    names = [(step.place, step.name) for step in queries.ladder(day=TODAY).steps]
    assert names == [(1, "Promemoria"), (2, "Sollecito formale"), (3, "Riscossione")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"passo-3-cost": "6,00"}, "Il massimo è 5,88"),
        ({"passo-3-pay_days": "20"}, "almeno 30 giorni"),
        ({"passo-1-channel": "piccione"}, "piccione"),
        ({"first": "2026-10-13"}, "da oggi in poi"),
        ({f"passo-{place}-name": "" for place in range(1, 5)}, "Serve almeno un passo"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    valle: Cast, desk: Browser, change: dict[str, str], said: str
) -> None:
    answer = desk.post("/ufficio/solleciti/passi/", form(**change))
    assert said in text_of(answer).replace("\xa0", " ")
    assert queries.ladders() == []


def test_the_file_of_the_steps_is_read_again_as_it_was(valle: Cast, desk: Browser) -> None:
    text = desk.get("/ufficio/solleciti/passi/passi.json").content.decode()
    first, steps = ladder.steps_of(text)
    assert (first, tuple(steps)) == (DEFAULT.first, DEFAULT.steps)


# A number without end, which JSON of some programs knows.
ENDLESS = re.sub(r'"cost": \d+', '"cost": Infinity', ladder.as_json(DEFAULT))


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"first": "2026-10-14", "steps": [{}]}', '{"first": 1, "steps": []}', ENDLESS]
)
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadLadder):
        ladder.steps_of(text)


def test_a_stop_is_listed_without_its_reason_which_opens_on_record(valle: Cast, rossi: Family, desk: Browser) -> None:
    payer = rossi.guardian.pk
    page = f"/ufficio/adulti/{payer}/ferma-solleciti/"
    said = {"until": (TODAY + timedelta(days=60)).isoformat(), "reason": "seguita dai servizi sociali"}
    told = text_of(desk.post(page, said, follow=True))
    assert "Maria Addolorata Rossi" in told
    assert "servizi sociali" not in told
    assert "servizi sociali" not in desk.read(f"/ufficio/adulti/{payer}/")
    (stop,) = queries.stops_of(payer_id=payer)
    assert queries.stopped(day=TODAY) == {payer}

    assert desk.get(f"/ufficio/solleciti/fermi/{stop.id}/motivo/").status_code == 405
    answer = desk.post(f"/ufficio/solleciti/fermi/{stop.id}/motivo/")
    assert "seguita dai servizi sociali" in text_of(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert StopRead.objects.filter(stop_id=stop.id, user_id=valle.staff["office"].pk).count() == 1
    sentences = [act.sentence for act in audit.acts_on(subjects=[f"guardian:{payer}"])]
    assert "ha aperto il motivo per cui i solleciti sono fermi" in sentences
    assert not any("sociali" in act.sentence + act.why for act in audit.acts_on(subjects=[f"guardian:{payer}"]))

    desk.post(f"/ufficio/solleciti/fermi/{stop.id}/riprendi/")
    desk.post(f"/ufficio/solleciti/fermi/{stop.id}/riprendi/")
    assert queries.stopped(day=TODAY) == set()
    assert [act.sentence for act in audit.acts_on(subjects=[f"guardian:{payer}"])].count(
        "ha fatto riprendere i solleciti"
    ) == 1


def test_a_stop_ends_by_itself_after_its_day(valle: Cast, rossi: Family) -> None:
    until = TODAY + timedelta(days=3)
    ladder.stop(by=OFFICE, payer_id=rossi.guardian.pk, until=until, reason="in verifica", now=clock.now())
    assert queries.stopped(day=until) == {rossi.guardian.pk}
    assert queries.stopped(day=until + timedelta(days=1)) == set()


@pytest.mark.parametrize(
    ("until", "reason", "said"),
    [("2026-10-13", "x", "da oggi in poi"), ("2030-01-01", "x", "due anni"), ("2026-10-20", " ", "Scrivi il motivo")],
)
def test_a_stop_says_until_when_and_why(
    valle: Cast, rossi: Family, desk: Browser, until: str, reason: str, said: str
) -> None:
    answer = desk.post(f"/ufficio/adulti/{rossi.guardian.pk}/ferma-solleciti/", {"until": until, "reason": reason})
    assert said in text_of(answer)
    assert queries.stops_of(payer_id=rossi.guardian.pk) == []
