"""The repository's own files, as git would take them."""

import ast
import gc
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "campanella/"


@cache
def files() -> tuple[str, ...]:
    """Every file of the repository, by its path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode == 0:
        found = listed.stdout.splitlines()
    else:  # an archive without git
        every = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        found = [str(path) for path in every if not path.parts[0].startswith(".") and "node_modules" not in path.parts]
    return tuple(path for path in found if (ROOT / path).is_file())


@cache
def text(path: str) -> str:
    """A file's text; empty for pictures and fonts."""
    try:
        return (ROOT / path).read_text()
    except UnicodeDecodeError:
        return ""


def under(*beginnings: str, ending: str = "") -> list[str]:
    """Files below some folders."""
    return [path for path in files() if path.startswith(beginnings) and path.endswith(ending)]


@cache
def code() -> str:
    """All Python of the product in one text."""
    return "\n".join(text(path) for path in under(PRODUCT, ending=".py"))


def parsed(path: str) -> ast.Module:
    """
    A file's syntax tree.

    Python 3.11 counts the depth of all trees in one place (python/cpython#106905): when the collector lets a finalizer or
    another thread run in the middle of a parse, and that one parses too (to print a traceback, say), the first ends with
    "AST constructor recursion depth mismatch". Without the collector nobody else runs before the tree is there.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(text(path))
    finally:
        if collects:
            gc.enable()


@cache
def tree(path: str) -> ast.Module:
    """The syntax tree of a file of the product, kept; whoever reads it leaves it as it is."""
    return parsed(path)


def called(function: ast.expr) -> str:
    """What is called, as it is written: ``jobs.enqueue``; what comes out of another call is left out."""
    parts = []
    while isinstance(function, ast.Attribute):
        parts.append(function.attr)
        function = function.value
    if isinstance(function, ast.Name):
        parts.append(function.id)
    return ".".join(reversed(parts))


@cache
def calls() -> tuple[tuple[str, ast.Call], ...]:
    """Every call in the product's Python, with its file."""
    nodes = ((path, node) for path in under(PRODUCT, ending=".py") for node in ast.walk(tree(path)))
    return tuple((path, node) for path, node in nodes if isinstance(node, ast.Call))
