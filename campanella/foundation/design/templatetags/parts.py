"""
The parts that pages of families are made of, drawn without a template of their own, and what is the same on many pages.

A template inside a template costs ten times a line of Python; the first page of a family has five of these.
"""

from collections.abc import Sequence
from typing import Any

from django import template
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString

from campanella.foundation.core.money import Euro
from campanella.foundation.design import addresses
from campanella.foundation.design.templatetags.cp import euro, icon, initial

register = template.Library()

# Colours, names and menus of a hundred towns; beyond, one begins anew.
MOST_KEPT = 2048
_kept: dict[tuple[Any, ...], str] = {}


@register.simple_tag
def person(name: str, detail: str = "", level: int = 2, tone: str = "", small: bool = False) -> SafeString:
    """
    Show the head of a person: disc with the initial, name, one line below.

    ``level`` is the heading level (0: no heading), ``tone`` is ``b`` for the second child's colour.
    """
    return format_html(
        '<div class="cp-person"><span class="cp-face{}{}" aria-hidden="true">{}</span><div>{}{}</div></div>',
        f" cp-face--{tone}" if tone else "",
        " cp-face--s" if small else "",
        initial(name),
        format_html("<h{0}>{1}</h{0}>", level, name) if level else format_html(_NO_HEADING, name),
        format_html('<span class="cp-soft">{}</span>', detail) if detail else "",
    )


@register.simple_tag
def wallet(label: str, cents: int | Euro, sign: str = "c-meal", detail: str = "", kind: str = "") -> SafeString:
    """Show the credit of one service: the amount, and below it what it means ("circa 8 pasti")."""
    return format_html(
        '<div class="cp-wallet{}"><span class="d-flex gap-1 cp-soft fw-semibold">{} {}</span>'
        '<span class="cp-num">{}</span>{}</div>',
        f" is-{kind}" if kind else "",
        icon(sign, size="xs"),
        label,
        euro(cents),
        format_html('<span class="cp-soft cp-small">{}</span>', detail) if detail else "",
    )


@register.simple_tag
def address(name: str) -> str:
    """Give the address of a page, or nothing where an installation lacks it: ``{% address "portal:news" as there %}``."""
    try:
        return addresses.fixed(name)
    except NoReverseMatch:
        return ""


@register.tag
def kept(parser: Parser, token: Token) -> template.Node:
    """
    Draw what is the same for everybody once in a process, under all that it shows: ``{% kept head colour %}…{% endkept %}``.

    Nothing of a person may stand inside: who asks is no part of the key, unless it is named.
    """
    _, name, *shown = token.split_contents()
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(inside, name, [parser.compile_filter(one) for one in shown])


class Kept(template.Node):
    """The node of ``{% kept %}``."""

    def __init__(self, nodelist: NodeList, name: str, shown: Sequence[FilterExpression]) -> None:
        self.nodelist, self.name, self.shown = nodelist, name, shown

    def render(self, context: Context) -> SafeString:
        """Return what was drawn for these values, or draw it."""
        key = (self.name, *(str(one.resolve(context)) for one in self.shown))
        found = _kept.get(key)
        if found is None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            found = _kept[key] = self.nodelist.render(context)
        return SafeString(found)


@receiver(setting_changed)
def _forget(setting: str, **_: Any) -> None:
    """Addresses and files may lie elsewhere once the settings change, as tests do."""
    _kept.clear()


_NO_HEADING = '<strong class="cp-lead">{}</strong><br>'
