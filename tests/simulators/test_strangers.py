"""The simulators are strangers: they import nothing of the product."""

import ast
from pathlib import Path

import campanella.simulators

FOLDER = Path(campanella.simulators.__file__).parent


def test_they_import_nothing_of_the_product() -> None:
    imported = {name for path in FOLDER.rglob("*.py") for name in _imports(path)}
    assert "campanella.simulators.store" in imported
    product = {name for name in imported if name.split(".")[0] in {"campanella", "django"}}
    assert {name for name in product if not name.startswith("campanella.simulators")} == set()


def _imports(path: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return named + [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
