"""The article before a day in figures."""

import pytest

from campanella.foundation.core.elision import elided


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Corretto il 11/11: il credito è già giusto.", "Corretto l’11/11: il credito è già giusto."),
        ("ha corretto il 08/10: assente", "ha corretto l’8/10: assente"),
        ("Il 8/3/2026 risulta presente", "L’8/3/2026 risulta presente"),
        ("vale dal 11/09/2026 al 08/06/2027", "vale dall’11/09/2026 all’8/06/2027"),
        ("il 18/10, il 01/10 e il 28/11", "il 18/10, il 01/10 e il 28/11"),
    ],
)
def test_eight_and_eleven_take_an_apostrophe(text: str, said: str) -> None:
    assert elided(text) == said
