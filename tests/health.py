"""``make health``: numbers about the code that we watch and do not chase. Prints them; passes no judgement."""

import ast
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef
SAME_LINES = 6


def main() -> None:
    """Print one line for each number."""
    texts = {path: text for path in _files() if (text := _read(path)).strip()}
    trees = {path: ast.parse(text) for path, text in texts.items()}
    lengths = [text.count("\n") for text in texts.values()]
    functions = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, Function)]
    spans = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]
    imports = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    deferred = [
        node for function in functions for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    print(f"files           {len(texts)}, {sum(lengths)} lines; p90 {_percentile(lengths, 90)}, longest {max(lengths)}")
    print(f"functions       {len(functions)}; p90 {_percentile(spans, 90)}, p99 {_percentile(spans, 99)} lines")
    print(f"typed           {_share(sum(map(_is_typed, functions)), len(functions))} of functions")
    print(f"deferred        {_share(len(deferred), len(imports))} of imports")
    repeated = _share(_repeated(texts.values()), sum(lengths))
    print(f"repeated        {repeated} of lines stand elsewhere too, {SAME_LINES} or more together")
    print(f"circles         {len(_circles(trees))} pairs of areas import each other")


def _files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "campanella/*.py"], capture_output=True, text=True, check=True).stdout
    return [path for path in listed.split() if "/migrations/" not in path]


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _percentile(values: Sequence[int], percent: int) -> int:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def _is_typed(function: Function) -> bool:
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return function.returns is not None and all(a.annotation or a.arg in ("self", "cls") for a in given)


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
        for path, tree in trees.items() for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("campanella.")
    }  # fmt: skip
    return {frozenset(arrow) for arrow in arrows if arrow[0] != arrow[1] and arrow[::-1] in arrows}


def _area(module: str | None) -> str:
    parts = (module or "").split(".")
    return ".".join(parts[: 3 if parts[1:2] in (["domains"], ["interfaces"], ["foundation"]) else 2])


main()
