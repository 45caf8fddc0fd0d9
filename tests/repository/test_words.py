"""What the documents promise about the repository: variables, commands, words and links are there."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.repository.files import ROOT, code, files, text, under

SETTINGS = "docs/operate/settings.md"


def documents() -> str:
    """All documents in one text."""
    return "\n".join(text(path) for path in files() if path.endswith(".md"))


def test_every_variable_that_is_read_is_explained() -> None:
    named = set(re.findall(r'["\']((?:CAMPANELLA|PAGOPA|DEMO|SIMULATORS)_[A-Z_]+|DATABASE_URL|PORT)["\']', code()))
    read = {name for name in named if not name.startswith("DEMO_TOWN")}
    explained = set(re.findall(r"`([A-Z][A-Z_]+)`", text(SETTINGS)))
    # A row may name several: `CAMPANELLA_SMTP_HOST`, `_PORT`.
    for row in text(SETTINGS).splitlines():
        names = re.findall(r"`([A-Z_]+)`", row.split("|")[1]) if row.startswith("|") else []
        if names:
            begin = re.match(r"[A-Z]+_(SMTP_)?", names[0].replace("SMTP_HOST", "SMTP_"))
            explained |= {(begin[0] if begin else "") + name.removeprefix("_") for name in names if name.startswith("_")}
    assert sorted(read - explained) == []


def test_every_command_is_in_the_documents() -> None:
    commands = {Path(path).stem for path in under("campanella/config/management/commands/", ending=".py")} - {"__init__"}
    # Parts of `campanella demo`, started by it.
    public = {name for name in commands if not name.startswith("demo_")}
    missing = {name for name in public if not re.search(rf"`?(campanella|make) {name}\b", documents())}
    assert sorted(missing) == []


def test_every_table_has_its_word_in_the_glossary() -> None:
    glossary = text("docs/glossary.md")
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith("campanella.")}
    assert sorted(name for name in models if f"`{name}`" not in glossary) == []


@pytest.mark.parametrize("path", [path for path in files() if path.endswith(".md")])
def test_links_lead_somewhere(path: str) -> None:
    links = re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text(path))
    own = [link for link in links if not re.match(r"[a-z]+:", link)]
    # The families' manual is written by a command that takes its pictures: its links hold from when it is there.
    if not (ROOT / "docs/manual").exists():
        own = [link for link in own if "docs/manual/" not in link]
    assert [link for link in own if not ((ROOT / path).parent / link).exists()] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    # Written in pieces, so that this file does not name them either.
    places, hosts = "/" + r"(work|root)/|\s/home/[a-z]", r"(pypi|registry|files)\.[a-z]*\.?(org|npmjs|pythonhosted)"
    machine = re.compile(f"{places}|{hosts}|index" + "-url")
    named = [f"{path}: {found[0]}" for path in files() if (found := machine.search(text(path)))]
    assert named == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")
    written = [path for path in files() if path.endswith((".py", ".html", ".js", ".scss", ".md", ".typ"))]
    assert [path for path in written if later.search(text(path))] == []


def test_one_module_writes_days() -> None:
    """How a day is written is told once, in ``core/italian.py``; the simulators are strangers."""
    written = re.compile(r'%d/%m(?!/%y")|date:"d/m|strftime\("%d')
    owner = ("campanella/foundation/core/italian.py", "campanella/simulators/")
    found = under("campanella/", ending=".py") + under("campanella/", ending=".html")
    assert [path for path in found if not path.startswith(owner) and written.search(text(path))] == []
