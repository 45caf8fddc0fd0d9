"""A page's template can be read and reviewed line by line."""

import re

from tests.repository.files import text, under
from tests.visiting import VIEWS

COLUMNS = 140


def _templates() -> list[str]:
    return [path for path in under("campanella/", ending=".html") if "/templates/" in path]


def test_no_line_of_a_template_is_too_long_to_review() -> None:
    long = [
        f"{path}:{number}: {len(line)} columns"
        for path in _templates()
        if "/simulators/" not in path
        for number, line in enumerate(text(path).splitlines(), 1)
        if len(line) > COLUMNS
    ]
    assert long == []


def test_no_tag_of_a_template_is_broken_over_two_lines() -> None:
    """Django takes a tag that goes on in the next line for text, and shows it to the reader."""
    broken = [path for path in _templates() if re.search(r"\{%[^%\n]*\n[^%]*%\}|\{\{[^}\n]*\n[^}]*\}\}", text(path))]
    assert broken == []


def test_no_link_of_a_template_leads_to_a_page_that_is_not_there() -> None:
    """A name that no address has any more is an error page for whoever meets that template, and for nobody before."""
    named = {(path, name) for path in _templates() for name in re.findall(r"\{% url [\"']([\w:-]+)[\"']", text(path))}
    assert sorted((path, name) for path, name in named if name not in VIEWS and "/simulators/" not in path) == []


def _said() -> dict[str, str]:
    """What pages and messages say, by file."""
    papers = [
        *under("campanella/", ending=".html"),
        *under("campanella/", ending=".txt"),
        *under("campanella/", ending=".typ"),
    ]
    return {path: text(path) for path in papers if "/simulators/" not in path}


def test_no_sentence_needs_an_article_for_the_name_of_the_portal() -> None:
    """The name is a setting: "il Portale Genitori" would be "il Spazio Scuola" elsewhere."""
    article = re.compile(
        r"(?i)\b(il|lo|la|i|gli|le|del|dello|della|al|allo|alla|nel|nello|nella|dal|sul)\s+\{\{[^}]*portal_name"
    )
    assert [path for path, said in _said().items() if article.search(said)] == []
