"""A town, a parent and the addresses around them; no database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.test import override_settings

from campanella.foundation.design.chrome import Chrome, TownLook

PESARO = TownLook(slug="pesaro", name="Comune di Pesaro", site_url="https://comune.example", colour="#0b5cad")
MARIA = Chrome(town=PESARO, user_name="Maria Sanfilippo", user_kind="guardian", section="home", person="k1")


@dataclass(frozen=True)
class Page:
    """A rendered page, read as a person or as a machine would."""

    html: str

    @property
    def soup(self) -> BeautifulSoup:
        """Give the page to be asked by selectors."""
        return BeautifulSoup(self.html, "html.parser")

    def texts(self, selector: str) -> list[str]:
        """List the texts of the matching elements, blanks made one."""
        return [" ".join(found.get_text(" ").split()) for found in self.soup.select(selector)]


@pytest.fixture(autouse=True)
def frame_alone() -> Iterator[None]:
    """Replace the addresses of the product."""
    with override_settings(ROOT_URLCONF="tests.foundation.design.urls"):
        yield


@pytest.fixture
def show() -> Callable[..., Page]:
    """Render a piece of template as a page builder would write it."""

    def rendered(source: str, *, chrome: Chrome = MARIA, **context: object) -> Page:
        template = engines["django"].from_string("{% load cp %}" + source)
        return Page(template.render({"chrome": chrome, **context}))

    return rendered


@pytest.fixture
def extended(show: Callable[..., Page]) -> Callable[..., Page]:
    """Render a page on one of the layouts."""

    def rendered(layout: str, content: str = "<h1>Titolo</h1>", **chrome: object) -> Page:
        blocks = f"{{% block title %}}Titolo{{% endblock %}}{{% block content %}}{content}{{% endblock %}}"
        template = engines["django"].from_string(f'{{% extends "design/{layout}.html" %}}{blocks}')
        return Page(template.render({"chrome": replace(MARIA, **chrome)}))

    return rendered
