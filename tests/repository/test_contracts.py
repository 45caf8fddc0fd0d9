"""The import map's lists of modules are those that the code makes necessary: a new module that writes is on them."""

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOMAINS = ROOT / "campanella" / "domains"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
WRITES = re.compile(r"^@(?:operation|use_case)\b", re.MULTILINE)
# What writes without an act of its own: facts, jobs, a town's row, and sessions, which are written as they are used.
BESIDES = {
    "campanella.foundation.core.events",
    "campanella.foundation.core.jobs",
    "campanella.foundation.tenants.operations",
    "campanella.domains.accounts.signing",
}


def contract(name: str) -> dict[str, list[str]]:
    (found,) = [one for one in CONTRACTS if one["name"] == name]
    return found  # type: ignore[no-any-return]  # as TOML has it


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def writing() -> set[str]:
    """Find the modules of domains that hold an act."""
    return {name_of(file) for file in DOMAINS.rglob("*.py") if WRITES.search(file.read_text())}


def test_readings_import_no_module_that_writes() -> None:
    listed = contract("Readings write nothing")["forbidden_modules"]
    assert len(writing()) > 40, "they are found"
    missing = {one for one in writing() if not any(fnmatch(one, pattern) for pattern in listed)}
    assert sorted(missing) == []
    stale = [pattern for pattern in listed if not any(fnmatch(one, pattern) for one in writing() | BESIDES)]
    assert stale == []
    assert len(listed) == len(set(listed)), "each once"


def test_every_module_that_writes_has_its_place_in_a_domain() -> None:
    layers = contract("Same anatomy in every domain")["layers"]
    placed = {name for layer in layers for name in re.findall(r"\((\w+)\)", layer)}
    assert sorted({one.rsplit(".", 1)[1] for one in writing()} - placed) == []
    known = {file.stem for file in DOMAINS.rglob("*.py")} | {folder.name for folder in DOMAINS.rglob("*") if folder.is_dir()}
    assert sorted(placed - known) == []
