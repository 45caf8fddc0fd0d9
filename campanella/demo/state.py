"""What a run of the demo writes down under ``var``, for the next run and for commands beside it."""

import json
from datetime import datetime
from pathlib import Path


class State:
    """What the last run left: the recipe of what is in the database, the demo's last moment, how far its clock is moved."""

    def __init__(self, var: Path) -> None:
        self.file = var / "demo-state.json"

    @property
    def recipe(self) -> str:
        """The recipe of what is in the database; empty when it must be made."""
        return str(self._read().get("recipe", ""))

    @property
    def seen(self) -> datetime | None:
        """The last moment of the demo's clock."""
        text = self._read().get("seen")
        return datetime.fromisoformat(text) if text else None

    @property
    def offset(self) -> float:
        """The seconds added to the clock."""
        return float(self._read().get("offset", 0))

    def note(self, *, recipe: str, seen: datetime, offset: float) -> None:
        """Write all of it down, whole or not at all: a command may read it meanwhile."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps({"recipe": recipe, "seen": seen.isoformat(), "offset": f"{offset:.3f}"}) + "\n")
        part.replace(self.file)

    def forget(self) -> None:
        """What is in the database is about to go."""
        self.file.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads(self.file.read_text())
        except (OSError, ValueError):
            return {}
        return found
