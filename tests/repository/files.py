"""The repository's own files, as git would take them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "campanella/"


@lru_cache
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


@lru_cache
def text(path: str) -> str:
    """A file's text; empty for pictures and fonts."""
    try:
        return (ROOT / path).read_text()
    except UnicodeDecodeError:
        return ""


def under(*beginnings: str, ending: str = "") -> list[str]:
    """Files below some folders."""
    return [path for path in files() if path.startswith(beginnings) and path.endswith(ending)]


@lru_cache
def code() -> str:
    """All Python of the product in one text."""
    return "\n".join(text(path) for path in under(PRODUCT, ending=".py"))


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the product's Python, with its file."""
    for path in under(PRODUCT, ending=".py"):
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.Call):
                yield path, node
