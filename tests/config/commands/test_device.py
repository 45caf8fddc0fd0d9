"""``campanella device pair``."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError

from campanella.domains.accounts.models import Device
from campanella.foundation.core import clock
from tests.config.commands.running import said
from tests.tablets import Tablet
from tests.towns import Cast


def test_a_code_from_the_desk_pairs_a_tablet(valle: Cast) -> None:
    told = json.loads(said("device", "pair", "--town", "valle", "--school", "rodari", "--json"))

    assert set(told) == {"device_id", "pairing_code", "expires_at"}
    assert datetime.fromisoformat(told["expires_at"]) - clock.now() == timedelta(minutes=10)
    assert Tablet(valle.town).pair(told["pairing_code"]).json()["device_id"] == told["device_id"]


def test_a_school_is_known_by_its_name_too(valle: Cast) -> None:
    assert "its code holds for ten minutes" in said("device", "pair", "--town", "valle", "--school", "primaria rodari")
    assert Device.objects.get().name == "Tablet Primaria Rodari"


def test_an_unknown_school_is_told_with_those_there_are(valle: Cast) -> None:
    with pytest.raises(CommandError, match=r"^valle has no school “x”\. It has: rodari \(Primaria Rodari\)\.$"):
        said("device", "pair", "--town", "valle", "--school", "x")
    with pytest.raises(CommandError, match=r"^--name has 61 letters, at most 60 are kept\.$"):
        said("device", "pair", "--town", "valle", "--school", "rodari", "--name", "x" * 61)
