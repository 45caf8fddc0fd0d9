"""
``make health``: numbers about the code, and whether one has become worse than the repository keeps in ``health.json``.

A figure that has reached its goal may move up to the goal; one that has not may only come nearer.
``make health ARGS=--keep`` writes the better figures down; a worse one is written by hand, and the commit says why.
"""

import ast
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.repository.files import text, tree, under

Function = ast.FunctionDef | ast.AsyncFunctionDef
KEPT = Path(__file__).with_name("health.json")
SAME_LINES = 6


@dataclass(frozen=True)
class Figure:
    """One number; ``slack`` is the part of it by which it may swing while several people work."""

    name: str
    value: float
    goal: float
    more_is_better: bool = False
    slack: float = 0.0

    def bound(self, kept: float) -> float:
        """Return the worst that is let pass."""
        if self.more_is_better:
            return min(self.goal, kept * (1 - self.slack))
        return max(self.goal, kept * (1 + self.slack))

    def is_worse(self, kept: float) -> bool:
        """Tell whether the figure is worse than what is let pass."""
        return self.value < self.bound(kept) if self.more_is_better else self.value > self.bound(kept)

    def better(self, kept: float) -> float:
        """Return what to keep from now on."""
        return max(self.value, kept) if self.more_is_better else min(self.value, kept)


def figures() -> list[Figure]:
    """Measure the code that is here."""
    product = [path for path in under("campanella/", ending=".py") if "/migrations/" not in path]
    texts = {path: text(path) for path in product if text(path).strip()}
    trees = {path: tree(path) for path in texts}
    lengths = [content.count("\n") for content in texts.values()]
    nodes = [node for whole in trees.values() for node in ast.walk(whole)]
    functions = [node for node in nodes if isinstance(node, Function)]
    spans = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]
    tested = sum(text(path).count("\n") for path in under("tests/", ending=".py"))
    return [
        Figure("lines of a file, p90", _percentile(lengths, 90), goal=150, slack=0.05),
        Figure("lines of a function, p90", _percentile(spans, 90), goal=28),
        Figure("lines of a function, p99", _percentile(spans, 99), goal=60),
        Figure("functions with types, %", _share(sum(map(_is_typed, functions)), len(functions)), 100, more_is_better=True),
        Figure("imports inside functions", sum(map(_deferred, functions)), goal=0),
        Figure("lines that stand elsewhere too, %", _share(_repeated(texts.values()), sum(lengths)), goal=0.6),
        Figure("areas that import each other", len(_circles(trees)), goal=0),
        Figure("columns of a template's line", max(map(_widest, _pages())), goal=140),
        Figure("`# fmt: skip`", sum(map(_unformatted, under("", ending=".py"))), goal=0, slack=0.0),
        Figure("tests' share of all lines, %", _share(tested, tested + sum(lengths)), goal=35, more_is_better=True),
    ]


def main(words: Sequence[str]) -> int:
    """Print one line for each figure; the status is the number of those that became worse."""
    kept: dict[str, float] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    found = figures()
    if "--keep" in words:
        kept = {figure.name: figure.better(kept.get(figure.name, figure.value)) for figure in found}
        KEPT.write_text(json.dumps(kept, indent=1) + "\n")
    worse = [figure for figure in found if figure.is_worse(kept[figure.name])]
    for figure in found:
        verdict = f"WORSE than {figure.bound(kept[figure.name]):g}" if figure in worse else ""
        print(f"{figure.name:34} {figure.value:6g}   kept {kept[figure.name]:<5g} goal {figure.goal:<5g} {verdict}".rstrip())
    return len(worse)


def _pages() -> list[str]:
    return [path for path in under("campanella/", ending=".html") if "/simulators/" not in path]


def _widest(path: str) -> int:
    return max(map(len, text(path).splitlines()), default=0)


def _unformatted(path: str) -> int:
    return len(re.findall(r"[^`]# fmt: skip", text(path)))


def _percentile(values: Sequence[int], percent: int) -> int:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1)


def _is_typed(function: Function) -> bool:
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return function.returns is not None and all(a.annotation or a.arg in ("self", "cls") for a in given)


def _deferred(function: Function) -> int:
    """Imports within a function; an application that is ready has no other place for them."""
    return function.name != "ready" and sum(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))


def _repeated(texts: Iterable[str]) -> int:
    """Lines of a window that was seen before, imports and blank lines left out."""
    pages = [[line.strip() for line in text.splitlines() if _counts(line)] for text in texts]
    windows = [
        (n, at, tuple(page[at : at + SAME_LINES]))
        for n, page in enumerate(pages)
        for at in range(len(page) - SAME_LINES + 1)
    ]
    seen = Counter(window for _, _, window in windows)
    return len({(n, at + step) for n, at, window in windows if seen[window] > 1 for step in range(SAME_LINES)})


def _counts(line: str) -> bool:
    return len(line.strip()) > 2 and not line.lstrip().startswith(("import ", "from ", "#"))


def _circles(trees: dict[str, ast.Module]) -> set[frozenset[str]]:
    """Areas (``campanella.domains.people``, ``campanella.usecases``) that import each other."""
    arrows = {
        (_area(path.replace("/", ".")), _area(node.module))
        for path, whole in trees.items()
        for node in ast.walk(whole)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("campanella.")
    }
    return {frozenset(arrow) for arrow in arrows if arrow[0] != arrow[1] and arrow[::-1] in arrows}


def _area(module: str | None) -> str:
    parts = (module or "").split(".")
    return ".".join(parts[: 3 if parts[1:2] in (["domains"], ["interfaces"], ["foundation"]) else 2])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
