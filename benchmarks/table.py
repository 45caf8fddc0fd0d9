"""One line of the table, and the table."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measure:
    """
    What was measured.

    :ivar floor: the same effect by hand-written set-based SQL (or the stated peer), None where there is none
    :ivar ratio: ours over floor
    """

    name: str
    ours: float
    floor: float | None
    unit: str
    ratio: float | None
    goal: str
    met: bool


def measure(*, name: str, ours: float, unit: str, goal: str, met: bool, floor: float | None = None) -> Measure:
    """Round as people read: three figures."""
    ratio = _three(ours / floor) if floor else None
    return Measure(name, _three(ours), _three(floor) if floor else None, unit, ratio, goal, met)


def write(measures: list[Measure], path: Path) -> None:
    """Print the table and keep it as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(m) for m in measures], indent=1, ensure_ascii=False) + "\n")
    print("\n| Work | Ours | Floor | Ratio | Goal | Met |\n|---|---|---|---|---|---|")
    for m in measures:
        floor = f"{m.floor:g} {m.unit}" if m.floor is not None else "–"
        ratio = f"{m.ratio:g}" if m.ratio is not None else "–"
        print(f"| {m.name} | {m.ours:g} {m.unit} | {floor} | {ratio} | {m.goal} | {'yes' if m.met else 'NO'} |")


def _three(value: float) -> float:
    return float(f"{value:.3g}")
