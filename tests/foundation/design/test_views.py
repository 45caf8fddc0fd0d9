"""The small public files of the look, and the headers of every answer."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory, override_settings

from campanella.foundation.design import views
from campanella.foundation.design.colours import contrast, is_readable, palette_of
from campanella.foundation.design.middleware import SecurityHeaders, content_security_policy
from campanella.foundation.tenants.settings import Choices

STATIC = Path(views.__file__).parent / "static"
AOSTA = SimpleNamespace(slug="aosta", name="Comune di Aosta", choices=Choices(colour="#7a2f5c"))


def request_of(town: object = None):
    request = RequestFactory().get("/")
    request.town = town
    return request


def test_the_sheet_of_a_town_is_kept_for_ever():
    answer = views.theme(request_of(), "7A2F5C")
    assert answer.content.decode() == ":root{--town:#7a2f5c;--town-deep:#53203f;--town-tint:#f2eaef}\n"
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize("colour", ["red", "7a2f5", "7a2f5c;", "7a2f5c}body{", "7a2f5z"])
def test_nothing_but_a_colour_enters_a_sheet(colour):
    with pytest.raises(Http404):
        views.theme(request_of(), colour)


@pytest.mark.parametrize("colour", ["#0b5cad", "#7a2f5c", "#0a6a66", "#5a41a5", "#3a566f"])
def test_the_colours_of_the_reference_towns_are_readable(colour):
    assert is_readable(colour)


@pytest.mark.parametrize("colour", ["#ffcc00", "#5a9bd5", "#ffffff"])
def test_a_pale_colour_is_not_readable(colour):
    assert not is_readable(colour)


def test_contrast_goes_from_one_to_twenty_one():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((9, 9, 9), (9, 9, 9)) == pytest.approx(1)
    assert palette_of("#000000").tint == "#e6e6e6"


def test_the_manifest_names_the_town_and_icons_that_exist():
    manifest = json.loads(views.manifest(request_of(AOSTA)).content)
    assert manifest["name"] == "Servizi scolastici, Comune di Aosta"
    assert manifest["theme_color"] == "#7a2f5c"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}
    assert all((STATIC / icon["src"].removeprefix("/static/")).is_file() for icon in manifest["icons"])


def test_a_host_without_town_has_a_manifest_as_well():
    assert json.loads(views.manifest(request_of()).content)["name"] == "Servizi scolastici, Campanella"


def test_the_worker_knows_its_shell_and_is_asked_for_again_each_time():
    answer = views.service_worker(request_of(AOSTA))
    config = json.loads(re.search(r"^const CONFIG = (.*);$", answer.content.decode(), re.MULTILINE)[1])
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert config["signOut"] == "/accounts/sign-out"
    assert "/theme/7a2f5c.css" in config["shell"]
    assert "/offline" in config["shell"]
    files = [name.removeprefix("/static/") for name in config["shell"] if name.startswith("/static/")]
    assert len(files) == len(views.SHELL)
    assert all((STATIC / name).is_file() for name in files)


def headers_after(answer: HttpResponse) -> HttpResponse:
    return SecurityHeaders(lambda request: answer)(request_of())


@override_settings(CSP_FORM_ACTION=[])
def test_every_answer_carries_the_policy():
    answer = headers_after(HttpResponse())
    assert answer["Content-Security-Policy"] == (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_a_view_keeps_the_header_it_has_set():
    answer = headers_after(HttpResponse(headers={"Referrer-Policy": "no-referrer"}))
    assert answer["Referrer-Policy"] == "no-referrer"


@override_settings(CSP_FORM_ACTION=["https://checkout.example"])
def test_a_form_may_lead_to_the_addresses_of_the_settings():
    assert content_security_policy().endswith("form-action 'self' https://checkout.example")
