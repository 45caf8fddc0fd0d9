"""Promises about every template and every static file of the product, read as text."""

import re
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "campanella"
STATIC = PACKAGE / "foundation/design/static"
STYLESHEET = (STATIC / "cp/campanella.css").read_text(encoding="utf-8")
SIGNS = set(re.findall(r'<symbol[^>]*\bid="([^"]+)"', (STATIC / "cp/signs.svg").read_text(encoding="utf-8")))

TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*.html") if "simulators" not in path.parts)
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "simulators" not in path.parts)

every_template = pytest.mark.parametrize("template", TEMPLATES, ids=[str(path.relative_to(PACKAGE)) for path in TEMPLATES])


def text_of(template: Path) -> str:
    """Read a template without its comments."""
    text = template.read_text(encoding="utf-8")
    return re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", text, flags=re.DOTALL)


def without_tags(text: str) -> str:
    """Take the template language out and leave the markup."""
    return re.sub(r"{%.*?%}|{{.*?}}", " \ue000 ", text, flags=re.DOTALL)


@every_template
def test_every_sign_of_a_template_is_in_the_sprite(template):
    named = set(re.findall(r"""["'#]((?:it|c)-[a-z][a-z-]*)\b""", text_of(template)))
    assert named <= SIGNS, "add the official ones to frontend/signs.txt and run `make theme`"


def test_every_sign_named_in_code_is_in_the_sprite():
    named = {name for path in SOURCES for name in re.findall(r'"((?:it|c)-[a-z-]+)"', path.read_text("utf-8"))}
    assert named >= {"it-check-circle", "c-home"}
    assert named <= SIGNS


@every_template
def test_no_template_carries_what_the_policy_forbids(template):
    text = text_of(template)
    assert not re.search(r"<style\b", text), "styles live in frontend/campanella.css"
    assert not re.search(r"\sstyle\s*=", text), "use a class, a <progress> or the attributes of the SVG"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "scripts live in files"
    assert not re.search(r"\son[a-z]+\s*=", text), "handlers live in files"
    assert not re.search(r"hx-on|javascript:|hx-vals=.js:|hx-headers=.js:", text), "htmx runs with allowEval false"
    # With allowEval false a filter in brackets is ignored and the request is sent anyway: refuse it here.
    assert not re.search(r"""hx-trigger\s*=\s*(["'])[^"']*\[""", text)


@every_template
def test_every_static_file_of_a_template_exists(template):
    named = re.findall(r"""{%\s*static\s+["']([^"']+)["']""", text_of(template))
    folders = list(PACKAGE.glob("**/static"))
    missing = [name for name in named if not any((folder / name).is_file() for folder in folders)]
    assert missing == []


@every_template
def test_every_class_of_a_template_has_a_rule(template):
    known = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", STYLESHEET))
    groups = re.findall(r'\bclass="([^"]*)"', without_tags(text_of(template)))
    # A word that touches a variable ("is-{{ kind }}") is only a part of a class.
    words = {word for group in groups for word in re.sub(r"\S*-\s\ue000\s\S*|\ue000", " ", group).split()}
    assert words - known == set(), "misspelt, or purged: run `make theme`, or use a data attribute for scripts"


def test_every_file_of_the_stylesheet_exists():
    named = re.findall(r"url\((?![\"']?data:)[\"']?([^\"')]+)", STYLESHEET)
    assert len(named) == 6
    assert [name for name in named if not (STATIC / "cp" / name).is_file()] == []


def test_the_stylesheet_asks_for_nothing_that_the_policy_forbids():
    assert "\ufeff" not in STYLESHEET
    assert "data:font" not in STYLESHEET
    assert "@import" not in STYLESHEET


def test_the_stylesheet_ends_with_our_own_rules():
    """The built file must be remade by `make theme` after a change of its source."""
    own = (ROOT / "frontend/campanella.css").read_text(encoding="utf-8")
    selectors = set(re.findall(r"\.(cp-[\w-]+)", own))
    assert selectors == set(re.findall(r"\.(cp-[\w-]+)", STYLESHEET))


def test_a_state_has_the_same_colour_in_every_town():
    text = STYLESHEET
    states = re.findall(r"--kt?:[^;}]+", text)
    assert len(states) >= 12
    assert [found for found in states if "var(--town" in found] == []


def test_the_first_load_leaves_room_for_the_page():
    """The budget is 80 KB compressed, fonts included; a page takes up to 8."""
    texts = ("campanella.css", "signs.svg", "app.js", "htmx.js")
    packed = sum(len(brotli.compress((STATIC / "cp" / name).read_bytes())) for name in texts)
    fonts = sum(path.stat().st_size for path in (STATIC / "cp/fonts").glob("*-latin-[467]00.woff2"))
    assert packed + fonts <= 72 * 1024


def test_the_signs_are_those_of_the_list():
    listed = set((ROOT / "frontend/signs.txt").read_text(encoding="utf-8").split())
    assert {name for name in SIGNS if name.startswith("it-")} == listed


@pytest.mark.parametrize("name", ["package.json", "build.mjs", "safelist.mjs", "bootstrap.scss"])
def test_the_theme_is_pinned_and_names_no_registry(name):
    text = (ROOT / "frontend" / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)
    assert not re.search(r'"[\^~]\d', text)
