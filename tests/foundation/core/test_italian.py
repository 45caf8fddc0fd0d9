"""How days are written, and the article before them."""

from datetime import UTC, date, datetime

import pytest

from campanella.foundation.core import italian
from campanella.foundation.core.italian import elided

HARD = "\u00a0"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Corretto il 11/11: il credito è già giusto.", "Corretto l’11/11: il credito è già giusto."),
        ("ha corretto il 08/10: assente", "ha corretto l’8/10: assente"),
        ("Il 8/3/2026 risulta presente", "L’8/3/2026 risulta presente"),
        ("vale dal 11/09/2026 al 08/06/2027", "vale dall’11/09/2026 all’8/06/2027"),
        ("vale dal 11 settembre 2026 al 8 giugno 2027", "vale dall’11 settembre 2026 all’8 giugno 2027"),
        ("dal 11 marzo", "dall’11 marzo"),
        ("dal 8 pasti al 11 per cento", "dal 8 pasti al 11 per cento"),
        ("il 18/10, il 01/10 e il 28/11", "il 18/10, il 01/10 e il 28/11"),
    ],
)
def test_eight_and_eleven_take_an_apostrophe(text: str, said: str) -> None:
    assert elided(text) == said


def test_a_day_is_long_on_its_own_and_short_in_tables() -> None:
    day, instant = date(2026, 3, 1), datetime(2026, 2, 28, 23, 5, tzinfo=UTC)
    assert [write(day) for write in (italian.day_full, italian.day_long, italian.day_figures, italian.day_short)] == [
        "1 marzo 2026",
        "domenica 1 marzo",
        "01/03/2026",
        "01/03",
    ]
    assert italian.day_brief(day) == "dom 01/03"
    assert italian.day_figures(instant) == "01/03/2026", "an instant is shown by the day in Rome"
    assert (italian.moment(instant), italian.moment_full(instant)) == ("01/03 0:05", "1 marzo 2026, 0:05")
    assert (italian.the_day(day), italian.the_day(date(2026, 10, 11))) == ("il 1 marzo 2026", "l’11 ottobre 2026")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("mercoledì 14 ottobre", f"mercoledì 14{HARD}ottobre"),
        ("14 ottobre 2026, 8:47", f"14{HARD}ottobre{HARD}2026, 8:47"),
        ("ottobre 2026", f"ottobre{HARD}2026"),
        ("14/10 8:47", f"14/10{HARD}8:47"),
        ("28 maggio – 2 giugno 2026", f"28{HARD}maggio – 2{HARD}giugno{HARD}2026"),
    ],
)
def test_no_line_breaks_a_day(written: str, kept: str) -> None:
    assert italian.unbroken(written) == kept
