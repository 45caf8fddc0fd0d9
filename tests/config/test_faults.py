"""What goes wrong says whom to call, and keeps no key in a log."""

import json
import logging

import pytest
from django.test import Client

from campanella.config import faults
from campanella.foundation.core.logs import JsonFormatter
from tests.browsing import browser
from tests.interfaces.portal.phones import Phone, phone, words
from tests.towns import Cast, choosing

CALL = "0721 387412"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nessuna-pagina/", 404),
        ("/ufficio/", 403),
        ("/password/nuova/1/abc/", 410),
        ("/anagrafica/recapiti/conferma/abc/", 410),
        ("/?a=%00", 400),
    ],
)
def test_every_fault_says_whom_to_call(valle: Cast, path: str, status: int) -> None:
    choosing(valle.town, office_phone=CALL)
    one = phone(valle.families["rossi"].user)
    answer = one.post(path) if "conferma" in path else one.get(path)

    assert answer.status_code == status
    assert CALL in words(answer)


def test_a_form_without_its_token_and_a_fault_of_ours_say_it_too(valle: Cast) -> None:
    choosing(valle.town, office_phone=CALL)
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="valle.localhost")
    refused = strict.post("/password/nuova/1/abc/")
    assert refused.status_code == 403
    assert CALL in words(refused)
    assert CALL in words(faults.server_error(refused.wsgi_request))


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("alphabet", ["utf-16", "utf-7", "latin-1"])
def test_a_form_in_another_alphabet_is_a_sentence(valle: Cast, kind: str, alphabet: str) -> None:
    one = Client(HTTP_HOST="valle.localhost", raise_request_exception=False)
    body = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n+2AA-\r\n--x--\r\n'
    answer = one.generic("POST", "/entra/?next=/a", body, content_type=f"{kind}; charset={alphabet}")

    assert answer.status_code == 400
    assert "Non abbiamo capito la richiesta" in words(answer)


def test_a_number_of_five_thousand_digits_is_no_class(valle: Cast) -> None:
    office = browser(valle.town, valle.staff["office"])
    digits = "9" * 5000
    assert office.post("/ufficio/da-fare/classi/", {"class": digits, "service": digits}).status_code in (302, 404)
    one = Phone()
    one.sign_in("rossi")
    assert one.get(f"/presenze/?servizio={digits}").status_code in (302, 404)


def test_a_refused_link_is_logged_by_its_address_without_its_key(valle: Cast, caplog: pytest.LogCaptureFixture) -> None:
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="valle.localhost")
    with caplog.at_level(logging.WARNING):
        strict.post("/password/nuova/194/dit6dx-9c8b/")
    lines = [JsonFormatter().format(record) for record in caplog.records]

    assert any("CSRF" in line for line in lines)
    assert not any("dit6dx-9c8b" in line for line in lines)
    assert any("/password/nuova/<int:user_id>/<str:token>/" in json.loads(line)["event"] for line in lines)
