"""Reactions are known by their path, one function for each name; what goes first is said by the event."""

from dataclasses import dataclass, fields

import pytest

from campanella.config.apps import PluggedConfig
from campanella.foundation.core import events
from campanella.foundation.core.events import Event
from campanella.usecases.access import own
from campanella.usecases.reactions import REACTIONS


@dataclass(frozen=True)
class Rang(Event):
    """Somebody rang."""

    urgency = 3

    door: int


def heard(*, door: int) -> None:
    """Hear it."""
    raise ValueError(door)


def test_a_reaction_is_named_by_its_path_below_the_use_cases() -> None:
    assert events.name_of(own.send_reset_links) == "access.own.send_reset_links"
    assert PluggedConfig.label == "config"


def test_two_reactions_of_one_name_are_refused_and_leave_the_table_as_it_was() -> None:
    with events.instead({Rang: (heard,)}):
        with pytest.raises(ValueError, match="Rang: two of one name"):
            events.install({Rang: (heard, heard)})
        with pytest.raises(ValueError, match="5"):
            events.react(event="Rang", reaction=events.name_of(heard), fields={"door": 5})


def test_what_held_before_comes_back_with_what_it_was_called_in_the_release_before() -> None:
    """The demo tells a year of facts that nothing follows; after it this process finds the jobs of before as any other."""
    with events.instead({Rang: ()}, former={"letters.heard": heard}):
        with pytest.raises(RuntimeError), events.instead({}):
            raise RuntimeError
        with pytest.raises(ValueError, match="7"):
            events.react(event="Rang", reaction="letters.heard", fields={"door": 7})


def test_a_job_of_the_release_before_finds_its_reaction() -> None:
    with events.instead({Rang: ()}, former={"letters.heard": heard}):
        with pytest.raises(ValueError, match="7"):
            events.react(event="Rang", reaction="letters.heard", fields={"door": 7})
        with pytest.raises(KeyError):
            events.react(event="Rang", reaction="letters.gone", fields={"door": 7})


INSTANTS = {"day", "changed_at"}
# What stands on a proof, given by the software.
NUMBERS = {("FamilyAsked", "number")}
# Days, as ISO text, of a name of their own.
DAYS = {
    ("CalendarChanged", "first"),
    ("CalendarChanged", "last"),
    ("DayRuleChanged", "instead"),
    ("DaysOpened", "first"),
    ("DaysOpened", "last"),
}


def test_events_carry_ids_and_days_never_what_a_person_wrote() -> None:
    """The jobs' table has no walls between towns, and is read by whoever looks after the worker."""
    told = [(event.__name__, field.name, str(field.type)) for event in REACTIONS for field in fields(event)]
    others = [one for one in told if one[2] not in {"int", "list[int]", "<class 'int'>"} and one[1] not in INSTANTS]
    assert told
    assert [one for one in others if one[:2] not in NUMBERS | DAYS] == []
