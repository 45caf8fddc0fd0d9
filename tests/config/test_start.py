"""An installation that is not safe refuses to start, in one sentence."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from campanella.config import checks
from tests.towns import as_owner, make_town

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("key", "secure", "demo", "ids"),
    [
        ("open", True, False, ["campanella.E002"]),
        ("x" * 49, True, False, ["campanella.E002"]),
        ("k" * 50, True, False, []),
        ("open", False, False, ["campanella.E002"]),
        ("open", True, True, []),
    ],
)
def test_the_open_key_is_for_the_demo_only(settings: Any, key: str, secure: bool, demo: bool, ids: list[str]) -> None:
    settings.SECRET_KEY = settings.OPEN_KEY if key == "open" else key
    settings.SECURE, settings.DEMO = secure, demo
    assert [found.id for found in checks.secret_key(databases=["default"])] == ids


def test_acting_as_the_owner_is_noticed(db: None) -> None:
    assert checks.owns_nothing(databases=["default"]) == []
    with as_owner():
        (found,) = checks.owns_nothing(databases=["default"])
    assert found.id == "campanella.E004"


def start(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Try to start a process of the installation that is to be refused."""
    return subprocess.run(
        [sys.executable, "-m", "campanella", command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.process
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_with_the_open_key(db: None, command: str) -> None:
    started = start(command, CAMPANELLA_BASE_URL="https://scuola.example", CAMPANELLA_SECRET_KEY="")
    assert started.returncode != 0
    assert "campanella.E002" in started.stderr
    assert "Traceback" not in started.stderr


@pytest.mark.process
@pytest.mark.parametrize("environment", [{}, {"CAMPANELLA_AS_OWNER": "1"}], ids=["with the role set", "as it signed in"])
def test_nothing_starts_as_a_role_that_sees_through_the_walls(db: None, environment: dict[str, str]) -> None:
    url = urlsplit(os.environ["DATABASE_URL"])
    if "host=/" not in url.query:
        pytest.skip("only the embedded server has a superuser that everybody on its socket may be")
    started = start("serve", DATABASE_URL=f"postgresql://postgres@{url.path}?{url.query}", **environment)
    assert started.returncode != 0
    assert "The database role postgres sees through the walls between towns." in started.stderr


def test_the_applications_role_is_fine(db: None) -> None:
    assert checks.application_role(databases=["default"]) == []


def test_a_town_without_an_iban_is_named(db: None) -> None:
    make_town(slug="valle", tax_code="00142920439")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("update tenants_municipality set choices = choices - 'iban'")
    found = checks.accounts_of_towns(databases=["default"])
    assert [(warning.id, warning.msg) for warning in found] == [
        ("campanella.W001", "Comune di Valle has no IBAN: its notices cannot be paid.")
    ]
