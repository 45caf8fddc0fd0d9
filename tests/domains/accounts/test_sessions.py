"""A session brings along whose it is: read together, once, and never somebody else's."""

from typing import Any

import pytest
from django.test import RequestFactory

from campanella.domains.accounts.models import Session, User
from campanella.domains.accounts.sessions import SessionStore
from campanella.domains.accounts.signing import HASH_KEY, USER_KEY, user_of
from tests.browsing import at_most
from tests.towns import Cast, Family


def _session_of(user: User) -> str:
    session = SessionStore()
    session[USER_KEY], session[HASH_KEY] = str(user.pk), user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _request(key: str) -> Any:
    request: Any = RequestFactory().get("/")
    request.session = SessionStore(key)
    return request


def test_a_session_and_its_person_are_one_question(valle: Cast, rossi: Family) -> None:
    key = _session_of(rossi.user)

    with at_most(1):
        user = user_of(_request(key))

    assert user == rossi.user
    assert user is not None
    assert not user.get_deferred_fields()


def test_what_was_read_with_the_session_counts_once(valle: Cast, rossi: Family) -> None:
    """Later in the same request an access may have been closed."""
    request = _request(_session_of(rossi.user))
    assert user_of(request) == rossi.user

    User.objects.filter(pk=rossi.user.pk).update(is_active=False)

    assert user_of(request) is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "argon2$another"}])
def test_a_closed_access_and_a_changed_password_end_a_session(valle: Cast, rossi: Family, change: dict[str, Any]) -> None:
    key = _session_of(rossi.user)
    User.objects.filter(pk=rossi.user.pk).update(**change)

    assert user_of(_request(key)) is None


def test_what_the_session_says_decides_and_not_the_column_beside_it(valle: Cast, rossi: Family) -> None:
    key = _session_of(rossi.user)
    Session.objects.filter(session_key=key).update(user_id=valle.staff["office"].pk)

    assert user_of(_request(key)) == rossi.user


def test_a_session_of_nobody_has_no_person(valle: Cast) -> None:
    session = SessionStore()
    session["greeting"] = "ciao"
    session.save()
    request = _request(str(session.session_key))

    assert user_of(request) is None
    assert request.session["greeting"] == "ciao"
    assert request.session.take_person() is None
