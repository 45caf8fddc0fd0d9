"""The simulators are strangers: they import nothing of the product."""

import ast

from tests.repository.files import tree, under


def test_they_import_nothing_of_the_product() -> None:
    imported = {name for path in under("campanella/simulators/", ending=".py") for name in _imports(path)}
    assert "campanella.simulators.store" in imported
    product = {name for name in imported if name.split(".")[0] in {"campanella", "django"}}
    assert {name for name in product if not name.startswith("campanella.simulators")} == set()


def _imports(path: str) -> list[str]:
    nodes = list(ast.walk(tree(path)))
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return named + [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
