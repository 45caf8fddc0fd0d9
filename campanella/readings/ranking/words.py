"""How points are read, line by line, by the office and by the family alike."""

from collections.abc import Mapping
from typing import Any

from campanella.foundation.core.italian import counted


def worth_rows(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return each question with its answer, and what it is worth."""
    return [
        (
            f"{label}{' ' if label.endswith('?') else ': '}{said}{' (corretta dall’ufficio)' if is_corrected else ''}",
            f"{counted(points, 'punto', 'punti') or '0 punti'}{', viene prima di tutti' if comes_first else ''}",
        )
        for label, said, points, comes_first, is_corrected in facts["worth"]
    ]
