"""One register brought by several hands at once."""

from pathlib import Path

import pytest

from campanella.domains.people.models import Child
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import scope
from campanella.usecases.importing import people
from campanella.usecases.importing.people import Report
from campanella.usecases.importing.table import Declared, Source
from tests.concurrency.conftest import all_at_once
from tests.towns import TODAY, Cast
from tests.usecases.importing.files import ANNA, LUCA, changed, text_file

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


def test_the_same_file_at_once_is_one_import(town: Cast, tmp_path: Path) -> None:
    path = text_file(tmp_path, [changed(ANNA, codice="", codice_fiscale="", saldo=""), LUCA])
    with scope(town.town.id):
        before = Child.objects.count()

    def bring(_: int) -> Report:
        with scope(town.town.id):
            return people.run(
                by=Software("importazione"),
                source=Source(path),
                declared=Declared(),
                first=TODAY,
                today=TODAY,
                skip_bad=False,
                now=clock.now(),
            )

    reports = all_at_once(bring, 4)

    assert sorted(report.changes_nothing for report in reports) == [False, True, True, True]
    with scope(town.town.id):
        assert Child.objects.count() == before + 2
