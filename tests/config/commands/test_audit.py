"""``campanella audit``, in a process of its own: it knows every verb whatever it has imported by itself."""

from importlib import import_module

import pytest

from campanella.domains.schools import operations as closing
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import scope
from tests.concurrency.conftest import committed, town
from tests.config.commands.running import Ended, in_a_process
from tests.towns import OFFICE, TODAY, Cast

__all__ = ["committed", "town"]

pytestmark = pytest.mark.process


def test_a_town_with_acts_of_every_verb_is_clean(committed: str, town: Cast) -> None:
    import_module("campanella.config.urls")  # as a server does
    assert {"town.chosen", "user.created", "child.registered", "presence.corrected", "closure.added"} <= set(audit.SENTENCES)
    with scope(town.town.id):
        for action in audit.SENTENCES:
            audit.record(by=Software("prova"), action=action, subjects=["town"], at=clock.now())

    ended = in_a_process("audit", "verify", "--town", town.town.slug, DATABASE_URL=committed)

    assert "known verb" not in ended.out


def test_a_town_that_works_is_clean(committed: str, town: Cast) -> None:
    with scope(town.town.id):
        closing.close(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now())

    assert in_a_process("audit", "verify", "--town", town.town.slug, DATABASE_URL=committed) == Ended(
        0, f"{town.town.slug}: clean\n", ""
    )


def test_a_verb_that_nobody_declared_is_named(committed: str, town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(audit.SENTENCES, "town.sold", "ha venduto il Comune")
    with scope(town.town.id):
        audit.record(by=Software("prova"), action="town.sold", subjects=["town"], at=clock.now())

    ended = in_a_process("audit", "verify", "--town", town.town.slug, DATABASE_URL=committed)

    assert ended.status == 1
    assert "(town.sold)" in ended.out
