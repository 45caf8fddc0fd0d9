"""A word of a closed list is that word, or a fault."""

import pytest

from campanella.foundation.core.closed import NotOneOf, one_of


def test_a_word_of_the_list_is_returned() -> None:
    assert one_of(("cbi", "pain008"), "pain008") == "pain008"


@pytest.mark.parametrize("said", ["", "CBI", "cbi "])
def test_a_word_that_is_not_in_the_list_is_refused(said: str) -> None:
    with pytest.raises(NotOneOf):
        one_of(("cbi", "pain008"), said)
