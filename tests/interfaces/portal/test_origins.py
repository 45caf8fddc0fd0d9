"""Where a request comes from, behind the documented proxy and without one."""

from typing import Any

import pytest
from django.test import RequestFactory

from campanella.config import health
from campanella.interfaces import origins
from tests.interfaces.portal.phones import Phone, words
from tests.towns import PASSWORD, Cast


@pytest.mark.parametrize(
    ("behind", "peer", "header", "origin"),
    [
        (False, "198.51.100.7", "9.9.9.9", "198.51.100.7"),
        (True, "127.0.0.1", "198.51.100.7", "198.51.100.7"),
        (True, "127.0.0.1", "9.9.9.9, 198.51.100.7", "198.51.100.7"),
        (True, "127.0.0.1", "", ""),
        (False, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::"),
        (True, "127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        (True, "127.0.0.1", "x" * 500, "x" * 100),
    ],
)
def test_only_what_our_own_proxy_wrote_is_believed(settings: Any, behind: bool, peer: str, header: str, origin: str) -> None:
    settings.BEHIND_PROXY = behind
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **({"HTTP_X_FORWARDED_FOR": header} if header else {}))

    assert origins.origin_of(request) == origin


def test_through_a_proxy_one_guesser_is_slowed_down_and_nobody_else(valle: Cast, settings: Any) -> None:
    settings.BEHIND_PROXY = True

    def enter(origin: str, password: str) -> Any:
        data = {"username": "rossi", "password": password}
        return Phone().post("/entra/", data, HTTP_X_FORWARDED_FOR=origin, REMOTE_ADDR="127.0.0.1")

    for number in range(9):
        refused = enter(f"9.9.9.{number}, 198.51.100.7", "sbagliata")

    assert "Troppi tentativi" in words(refused), "what the client wrote is not believed"
    assert enter("198.51.100.8", PASSWORD).status_code == 302


def test_messages_to_the_office_are_counted_by_the_same_origin(valle: Cast, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    for number in range(22):
        one = {"name": "Ugo", "email": f"u{number}@posta.example", "topic": "other", "text": "Buongiorno"}
        answer = Phone().post("/contattaci/", one, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        assert answer.status_code == 302, number


def is_told() -> bool:
    """Tell whether the readiness of the installation says that the proxy is silent."""
    return b"X-Forwarded-For" in health._told([])[1]


def test_a_proxy_that_does_not_say_makes_the_installation_not_ready(valle: Cast, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    Phone().sign_in("rossi", "sbagliata")
    assert is_told()

    Phone().post("/entra/", {"username": "rossi", "password": PASSWORD}, HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert not is_told()
