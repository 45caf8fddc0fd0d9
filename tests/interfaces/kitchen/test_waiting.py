"""A board's question that waits hears what its page would be told, and nobody hears what a door would refuse by now."""

import re
from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest

from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.accounts.sessions import SessionStore
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.interfaces import waiting
from campanella.interfaces.kitchen import drawn
from campanella.interfaces.waiting import LEFT, MAY_WAIT, Again, Outcome, Question
from campanella.readings import counted
from tests.browsing import Browser, at_most, browser, scope_kept
from tests.concurrency.conftest import committed, town  # noqa: F401  # fixtures
from tests.interfaces.kitchen.test_open_board import question, rows, tap
from tests.towns import Cast

AGAIN = Again.AGAIN


def ask(who: Browser) -> tuple[Question, str]:
    """Open the board and ask, by a server that keeps questions; return what is kept, and what the page shows."""
    asked = question(who.get("/cucina/", **{MAY_WAIT: True}))
    answer = who.get(asked, **{MAY_WAIT: True})
    assert answer.status_code == 204
    shown = re.search(r"visto=([^&]+)", asked)
    assert shown
    return answer.wsgi_request.META[LEFT], shown[1]


def told(*asked: tuple[Question, str]) -> list[Outcome]:
    """Look once, as the server does: for no town before, and for each in its turn."""
    now = clock.now()

    def look() -> list[Outcome]:
        with clock.standing_at(now):
            return waiting.outcomes(asked)

    with scope_kept():
        return Context().run(look)


def test_what_waits_is_told_what_its_page_would_be_told(
    valle: Cast,
    cook: Browser,
    teacher: Browser,
    nursery: Any,
) -> None:
    one, other = ask(cook), ask(browser(valle.town, valle.staff["kitchen"]))
    assert told(one, other) == [None, None]
    tap(teacher, nursery, valle.child("Luca").pk)
    heard, too = told(one, other)
    assert isinstance(heard, bytes)
    assert heard == too
    page = cook.get("/cucina/tabella/", {"visto": one[1], "servizio": "mensa"})
    assert rows(page) == rows(type(page)(heard))
    assert "Nido Aquilone" in heard.decode()


def test_any_number_of_questions_takes_two_of_the_database(town: Cast) -> None:  # noqa: F811  # the fixture
    """Who is signed in, and what has changed."""
    asked = [ask(browser(town.town, town.staff["kitchen"])) for _ in range(3)]
    with at_most(2):
        assert told(*asked) == [None, None, None]


def test_a_page_asks_at_once_where_its_question_waits_and_less_often_elsewhere(cook: Browser) -> None:
    assert "every 200ms" in cook.get("/cucina/", **{MAY_WAIT: True}).content.decode()
    alone = cook.get("/cucina/")
    assert "every 700ms" in alone.content.decode()
    assert LEFT not in cook.get(question(alone)).wsgi_request.META


def _ended(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _another_role(user: User) -> None:
    User.objects.filter(pk=user.pk).update(roles=[Role.SCHOOL])


def _another_password(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password="another")


@pytest.mark.parametrize("change", [_ended, _another_role, _another_password])
def test_whose_right_has_changed_hears_nothing_and_is_sent_to_the_door(
    valle: Cast,
    cook: Browser,
    teacher: Browser,
    change: Callable[[User], None],
) -> None:
    office = browser(valle.town, valle.staff["office"])
    ended, goes_on = ask(cook), ask(office)
    change(valle.staff["kitchen"])
    tap(teacher, valle.classes["2B"], valle.child("Anna").pk)
    outcome, heard = told(ended, goes_on)
    assert outcome is AGAIN
    assert isinstance(heard, bytes)
    assert cook.get("/cucina/").status_code in (302, 403)


def test_a_session_that_was_ended_hears_nothing(valle: Cast, cook: Browser) -> None:
    asked = ask(cook)
    SessionStore(asked[0].session_key).delete()
    assert told(asked) == [AGAIN]


def test_another_session_of_the_same_person_is_not_this_one(valle: Cast, cook: Browser) -> None:
    """Whoever signs out on one screen goes on on the other."""
    one, other = ask(cook), ask(browser(valle.town, valle.staff["kitchen"]))
    SessionStore(one[0].session_key).delete()
    assert told(one, other) == [AGAIN, None]


def test_two_towns_hear_each_its_own(borgo: Cast, valle: Cast, cook: Browser, teacher: Browser) -> None:
    ours, theirs = ask(cook), ask(browser(borgo.town, borgo.staff["kitchen"]))
    tap(teacher, valle.classes["2B"], valle.child("Anna").pk)
    heard, silence = told(ours, theirs)
    assert isinstance(heard, bytes)
    assert silence is None
    # A session of one town is nobody's in the other.
    strayed = Question(theirs[0].town_id, ours[0].session_key, ours[0].person, ours[0].topic, ours[0].answers)
    assert told((strayed, ours[1])) == [AGAIN]


def test_a_caterer_hears_of_its_own_school_only_from_the_moment_it_is_held_to_it(
    valle: Cast,
    cook: Browser,
    teacher: Browser,
    nursery: Any,
) -> None:
    office = ask(browser(valle.town, valle.staff["office"]))
    waited = ask(cook)
    schools.let_work_at(user=valle.staff["kitchen"], school=nursery.school)
    # Another board than the one that it shows: all of it comes from the page.
    assert told(waited, office) == [AGAIN, None]
    held = ask(cook)
    tap(teacher, valle.classes["2B"], valle.child("Anna").pk)
    silence, heard = told(held, office)
    assert silence is None
    assert isinstance(heard, bytes)


def test_what_pages_say_that_they_show_fills_no_memory(cook: Browser) -> None:
    asked, _ = ask(cook)
    found = asked.topic.drawn(counted.on(day=clock.today()))  # type: ignore[attr-defined]  # a board's
    for number in range(2 * drawn.MOST_TOLD):
        found.tell(str(number), "")
    assert len(found.told) <= drawn.MOST_TOLD
