"""What is public in the product is used by the product: what only tests call is another road than the one that is walked."""

import ast
import re
from collections import defaultdict
from functools import cache

from tests.repository.files import PRODUCT, code, text, tree, under

# “As a process that begins”: a process forgets by ending, a test between two towns.
FORGETS = {"forget"}


def test_what_is_public_is_used_by_the_product() -> None:
    unused = [
        f"{path}: {node.name}"
        for path in under(PRODUCT, ending=".py")
        if "/migrations/" not in path
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in FORGETS
        if not _is_registered(node) and not _is_used(node.name, path)
    ]
    assert unused == []


def _is_registered(node: ast.FunctionDef) -> bool:
    """A decorator hands it to somebody who calls it: jobs, template tags, checks, signals."""
    return any(not (isinstance(one, ast.Name) and one.id in ("operation", "cache")) for one in node.decorator_list)


def _is_used(name: str, path: str) -> bool:
    here = any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree(path)))
    return here or _is_taken(f"{_module(path)}.{name}", path) or bool(re.search(rf'[."]{name}"|\b{name}\b', _texts(name)))


def _is_taken(whole: str, path: str) -> bool:
    """Tell whether somebody else takes it; a package that passes a name on is nobody, whoever takes it from there is."""
    return any(
        _is_taken(place, path) if place.startswith(f"{PRODUCT[:-1]}.") else place != path for place in _uses().get(whole, ())
    )


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def _texts(name: str) -> str:
    """Where a name may stand as text: in templates, and as the last word of a dotted path in settings."""
    return "\n".join(re.findall(rf'[."]{name}"', code())) + _templates()


@cache
def _templates() -> str:
    return "\n".join(text(path) for path in under(PRODUCT) if path.endswith((".html", ".txt")))


@cache
def _uses() -> dict[str, set[str]]:
    """Where each name is used, by its whole name: imported, or said with its module's name."""
    uses: dict[str, set[str]] = defaultdict(set)
    for path in under(PRODUCT, "benchmarks/", ending=".py"):
        known: dict[str, str] = {}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom):
                known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        for name, whole in known.items():
            uses[whole].add(f"{_module(path)}.{name}" if path.endswith("/__init__.py") else path)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
                uses[f"{known[node.value.id]}.{node.attr}"].add(path)
    return uses
