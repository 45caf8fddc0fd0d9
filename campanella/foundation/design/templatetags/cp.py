"""
The template tags and filters of Campanella: ``{% load cp %}``.

Filters write money, days and times in Italian; tags draw the few components that would otherwise be repeated.
How each looks, and when to use which, is told in ``docs/how/pages.md``.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from campanella.foundation.core import italian
from campanella.foundation.core.money import Euro
from campanella.foundation.design import menus, signs
from campanella.foundation.design.forms import EuroField

register = template.Library()

SIGNS = {
    "ok": "it-check-circle",
    "warn": "it-warning-circle",
    "stop": "it-error",
    "wait": "it-clock",
    "off": "it-info-circle",
    "": "it-info-circle",
}
"""The sign that goes with each state, so that colour never speaks alone."""


@register.filter
def euro(amount: int | Euro) -> str:
    """Write an amount, in cents when it is a number, as "36,80 €" or "−4,60 €"."""
    return euro_of(amount).italian()


@register.filter
def signed_euro(amount: int | Euro) -> str:
    """Write an amount with its sign: "+50,00 €", "−4,60 €"."""
    return euro_of(amount).italian(signed=True)


def euro_of(amount: int | Euro) -> Euro:
    """Take cents or an amount; anything else, such as a forgotten variable, is a mistake of the page."""
    if isinstance(amount, Euro):
        return amount
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"An amount is a number of cents or a Euro, not {amount!r}")
    return Euro(amount)


def unbroken(written: str, autoescape: bool) -> str:
    """Let no line of a page break a day; in a letter, whose text is not escaped, lines are made where it is read."""
    return italian.unbroken(written) if autoescape else written


@register.filter(needs_autoescape=True)
def day_long(day: date | datetime, autoescape: bool = True) -> str:
    """Write "mercoledì 14 ottobre"."""
    return unbroken(italian.day_long(day), autoescape)


@register.filter
def day_short(day: date | datetime) -> str:
    """Write "14/10"."""
    return italian.day_short(day)


@register.filter
def day_brief(day: date | datetime) -> str:
    """Write "mer 14/10", for the button that leads to a day."""
    return italian.day_brief(day)


@register.filter
def day_figures(day: date | datetime) -> str:
    """Write "14/10/2026"."""
    return italian.day_figures(day)


@register.filter(needs_autoescape=True)
def day_full(day: date | datetime, autoescape: bool = True) -> str:
    """Write "14 ottobre 2026"."""
    return unbroken(italian.day_full(day), autoescape)


@register.filter(needs_autoescape=True)
def month_name(day: date | datetime, autoescape: bool = True) -> str:
    """Write "ottobre 2026"."""
    return unbroken(italian.month_name(day), autoescape)


@register.filter
def at_time(instant: datetime) -> str:
    """Write "9:05", the time in Rome."""
    return italian.at_time(instant)


@register.filter(needs_autoescape=True)
def moment(instant: datetime, autoescape: bool = True) -> str:
    """Write "14/10 8:47", the time in Rome."""
    return unbroken(italian.moment(instant), autoescape)


@register.filter(needs_autoescape=True)
def moment_figures(instant: datetime, autoescape: bool = True) -> str:
    """Write "14/10/2026 8:47", the time in Rome, where the year counts as well: in tables and on receipts."""
    return unbroken(italian.moment_figures(instant), autoescape)


@register.filter(needs_autoescape=True)
def moment_full(instant: datetime, autoescape: bool = True) -> str:
    """Write "14 ottobre 2026, 8:47", the time in Rome."""
    return unbroken(italian.moment_full(instant), autoescape)


@register.filter
def time_left(seconds: int) -> str:
    """Write "ancora 43 minuti"; with the seconds in ``data-seconds-left`` the page counts on."""
    return italian.time_left(seconds)


@register.filter
def notice_number(number: str) -> str:
    """Write the 18 digits of a notice in groups of four."""
    return italian.in_fours(number)


@register.filter
def initial(name: str) -> str:
    """Give the first letter of a name, for the disc beside it."""
    return name.strip()[:1].upper()


@register.filter
def service_sign(kind: str) -> str:
    """Give the sign of a kind of service: ``{% icon kind|service_sign %}``."""
    return signs.service_sign(kind)


@register.filter
def movement_sign(kind: str, service_kind: str) -> str:
    """Give the sign of a movement: ``{% icon item.kind|movement_sign:item.service_kind %}``."""
    return signs.movement_sign(kind, service_kind)


@register.simple_tag
def icon(name: str, size: str = "sm", **attributes: str) -> SafeString:
    """
    Draw one sign of the sprite, silent for screen readers.

    ``{% icon "it-check" %}``, ``{% icon "c-bus" size="xs" class="cp-disc" %}``; sizes are xs, sm,
    lg, xl, and the empty one (32 px). A sign never stands alone: a word goes beside it, visible or
    ``visually-hidden``.
    """
    return _drawn(name, size, attributes.get("class", ""))


@lru_cache(maxsize=1024)
def _drawn(name: str, size: str, more: str) -> SafeString:
    """The same few dozen signs are on every page."""
    classes = " ".join(filter(None, ["icon", f"icon-{size}" if size else "", more]))
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static("cp/signs.svg"),
        name,
    )


@receiver(setting_changed)
def _forget_addresses(setting: str, **_: Any) -> None:
    """Files may lie elsewhere once their settings change, as tests do."""
    if setting in {"STORAGES", "STATIC_URL", "STATIC_ROOT"}:
        _drawn.cache_clear()


@register.simple_block_tag
def note(content: str, kind: str = "", title: str = "", sign: str = "") -> SafeString:
    """
    Say a sentence that asks for care: ``{% note "warn" "Sta per finire" %}Basta fino a …{% endnote %}``.

    Kinds are ok, warn, stop, wait, off and the empty one; the sign follows the kind unless another is named.
    """
    return format_html(
        '<div class="cp-note{}">{}<div>{}{}</div></div>',
        f" is-{kind}" if kind else "",
        icon(sign or SIGNS[kind]),
        format_html("<b>{}</b>", title) if title else "",
        SafeString(content.strip()),
    )


@register.simple_tag
def status(kind: str, label: str, sign: str = "") -> SafeString:
    """Show a status as a pill: ``{% status "ok" "Pagato" %}``."""
    return format_html('<span class="cp-tag is-{}">{}{}</span>', kind or "off", icon(sign or SIGNS[kind], size="xs"), label)


@register.simple_tag
def seal(kind: str, sign: str = "") -> SafeString:
    """Draw the round sign at the head of an outcome."""
    return format_html('<span class="cp-seal is-{}">{}</span>', kind, icon(sign or SIGNS[kind], size="lg"))


@register.inclusion_tag("design/parts/steps.html")
def steps(current: int, total: int, label: str) -> dict[str, Any]:
    """Show where one is in a flow: ``{% steps 1 3 "scegli l’importo" %}``."""
    return {"current": current, "total": total, "label": label, "marks": [n < current for n in range(total)]}


@register.simple_tag
def sum_row(label: str, value: object, is_total: bool = False) -> SafeString:
    """Write one row of a ``<dl class="cp-sum">``: label and value."""
    kind = SafeString(' class="is-total"') if is_total else ""
    return format_html("<div{}><dt>{}</dt><dd>{}</dd></div>", kind, label, value)


@register.simple_block_tag
def empty(
    content: str, title: str, sign: str = "it-check-circle", url: str = "", action: str = "", level: int = 2
) -> SafeString:
    """
    Say that there is nothing yet: when it will fill, and one way on.

    ``{% empty "Nessuna news" sign="it-horn" url=older action="Vedi le passate" %}Se la mensa chiude …{% endempty %}``
    """
    said = {"title": title, "text": SafeString(content.strip()), "sign": sign, "url": url, "action": action, "level": level}
    return render_to_string("design/parts/empty.html", said)


@register.inclusion_tag("design/parts/pager.html", takes_context=True)
def pager(context: Context, page: Any, parameter: str = "pagina") -> dict[str, Any]:
    """
    Show "Pagina 2 di 9" with the way back and on; nothing when there is one page only.

    :param page: a ``django.core.paginator.Page``
    :param parameter: the word in the query; the rest of the query is kept
    """
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag(takes_context=True)
def menu(context: Context, name: str) -> tuple[menus.Link, ...]:
    """List the entries of a menu; ``section`` in the page's context wins over the chrome's."""
    section = context.get("section") or context["chrome"].section
    return menus.links(menu=name, section=section)


@register.inclusion_tag("design/parts/flash.html", takes_context=True)
def flash(context: Context) -> dict[str, Iterable[object]]:
    """Show what the last act has to say (the messages framework), as notes."""
    return {"messages": context.get("messages") or ()}


@register.filter
def message_kind(tags: str) -> str:
    """Turn the tag of a message into the kind of its note."""
    return {"success": "ok", "warning": "warn", "error": "stop"}.get(tags.split(" ")[-1], "off")


@register.filter
def sign_of(kind: str) -> str:
    """Give the sign of a kind of note."""
    return SIGNS[kind]


@register.simple_tag
def error_mark(form: forms.BaseForm) -> str:
    """Begin a page title with "Errore: " after a refused form: screen readers say it first."""
    return "Errore: " if form.is_bound and form.errors else ""


@register.inclusion_tag("design/forms/errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """Show the note at the head of a refused form, with a link to each field to correct."""
    fields = [form[name] for name in form.errors if name in form.fields]
    return {"form": form, "fields": fields, "title": getattr(form, "refused_title", "Così non si può")}


@register.filter
def field_kind(field: BoundField) -> str:
    """Tell how a field is laid out: ``group`` (radios, boxes), ``check`` (one box), ``money``, ``plain``."""
    if isinstance(field.field.widget, forms.RadioSelect):  # CheckboxSelectMultiple is one as well
        return "group"
    if isinstance(field.field.widget, forms.CheckboxInput):
        return "check"
    return "money" if isinstance(field.field, EuroField) else "plain"


@register.filter
def first_id(field: BoundField) -> str:
    """Give the id that a link to this field must lead to; groups lead to their first choice."""
    return f"{field.auto_id}_0" if field_kind(field) == "group" else field.id_for_label
