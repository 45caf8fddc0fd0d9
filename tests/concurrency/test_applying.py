"""Families that enrol at once: a double press, two parents of one child, one place for two."""

from typing import Any

import pytest

from campanella.domains.applying import operations, queries
from campanella.domains.applying.models import Application, ApplicationVersion
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.applying import deciding, sending
from tests.applying import accept, opened, send, sent, written
from tests.concurrency.conftest import all_at_once
from tests.towns import Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
PRESSES = 6


def test_a_double_press_sends_once(town: Cast) -> None:
    rossi = town.families["rossi"]
    with scope(town.town.id):
        one = written(town, opened(town), rossi)

    def press(_: int) -> Any:
        with scope(town.town.id):
            return send(rossi, one).number

    assert set(all_at_once(press, PRESSES)) == {"I-2026-00001"}
    with scope(town.town.id):
        assert ApplicationVersion.objects.count() == 1


def test_of_two_parents_at_once_one_has_applied(town: Cast) -> None:
    families = (town.families["rossi"], town.families["haddad"])
    with scope(town.town.id):
        people.tie(child=town.child("Luca"), guardian=families[1].guardian, is_payer=False)
        call = opened(town)
        drafts = [written(town, call, family) for family in families]

    def press(number: int) -> Any:
        with scope(town.town.id):
            return send(families[number % 2], drafts[number % 2]).number

    results = all_at_once(press, 2)

    assert sum(isinstance(one, operations.AppliedAlready) for one in results) == 1
    with scope(town.town.id):
        assert Application.objects.filter(state="sent").count() == 1


def test_numbers_have_no_gap_and_one_place_is_given_once(town: Cast) -> None:
    rossi, haddad = town.families["rossi"], town.families["haddad"]
    with scope(town.town.id):
        call = opened(town, places=1)
        drafts = [(rossi, written(town, call, rossi)), (haddad, written(town, call, haddad, "Amina"))]

    def press(number: int) -> Any:
        with scope(town.town.id):
            return send(*drafts[number]).number

    assert sorted(all_at_once(press, 2)) == ["I-2026-00001", "I-2026-00002"]

    def admit(number: int) -> Any:
        with scope(town.town.id):
            return accept(town, queries.application(application_id=drafts[number][1].pk))

    results = all_at_once(admit, 2)

    assert sum(isinstance(one, deciding.NoPlace) for one in results) == 1
    with scope(town.town.id):
        assert Application.objects.filter(call_id=call.pk, state="accepted").count() == 1


def test_a_withdrawal_and_an_acceptance_are_one_of_them(town: Cast) -> None:
    rossi = town.families["rossi"]
    with scope(town.town.id):
        one = sent(town, opened(town), rossi)

    def act(number: int) -> Any:
        with scope(town.town.id):
            if number:
                return accept(town, one)
            return sending.withdraw(by=rossi.user, application_id=one.pk, is_by_office=False, now=clock.now())

    results = all_at_once(act, 2)

    assert sum(isinstance(found, operations.DecidedMeanwhile) for found in results) == 1
