"""The filters and tags of ``{% load cp %}``."""

from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.test import RequestFactory

from campanella.foundation.core import italian
from campanella.foundation.core.money import Euro
from campanella.foundation.design.templatetags import parts

HARD = "\u00a0"
MORNING = datetime(2026, 10, 14, 6, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("{{ v|euro }}", 3680, f"36,80{HARD}€"),
        ("{{ v|euro }}", Euro(123456), f"1.234,56{HARD}€"),
        ("{{ v|euro }}", -460, f"−4,60{HARD}€"),
        ("{{ v|euro }}", 0, f"0,00{HARD}€"),
        ("{{ v|signed_euro }}", 5000, f"+50,00{HARD}€"),
        ("{{ v|signed_euro }}", -460, f"−4,60{HARD}€"),
        ("{{ v|day_long }}", date(2026, 10, 14), f"mercoledì 14{HARD}ottobre"),
        ("{{ v|day_short }}", date(2026, 3, 1), "01/03"),
        ("{{ v|day_figures }}", date(2026, 3, 1), "01/03/2026"),
        ("{{ v|day_full }}", date(2026, 10, 14), f"14{HARD}ottobre{HARD}2026"),
        ("{{ v|month_name }}", date(2026, 10, 14), f"ottobre{HARD}2026"),
        ("{{ v|at_time }}", datetime(2026, 10, 14, 7, 5, tzinfo=UTC), "9:05"),
        ("{{ v|moment }}", MORNING, f"14/10{HARD}8:47"),
        ("{{ v|moment_full }}", MORNING, f"14{HARD}ottobre{HARD}2026, 8:47"),
        ("{{ v|notice_number }}", "301000000000012345", f"3010{HARD}0000{HARD}0000{HARD}0123{HARD}45"),
        ("{{ v|initial }}", " élodie", "É"),
        ("{{ v|time_left }}", 2580, "ancora 43 minuti"),
        ("{{ v|time_left }}", 60, "ancora 1 minuto"),
        ("{{ v|time_left }}", 59, "ancora meno di un minuto"),
        ("{{ v|time_left }}", 3660, "ancora 1 ora e 1 minuto"),
        ("{{ v|time_left }}", 7200, "ancora 2 ore"),
        ("{{ v|time_left }}", 86_399, "ancora 23 ore e 59 minuti"),
        ("{{ v|time_left }}", 86_400, "ancora 1 giorno"),
        ("{{ v|time_left }}", 777_120, "ancora 8 giorni e 23 ore"),
        ("{{ v|time_left }}", 0, "tempo scaduto"),
    ],
)
def test_filters_write_italian(show, written, value, expected):
    assert show(written, v=value).html == expected


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 10, 14), date(2026, 10, 14), "14 ottobre 2026"),
        (date(2026, 12, 7), date(2026, 12, 8), "7–8 dicembre 2026"),
        (date(2026, 5, 28), date(2026, 6, 2), "28 maggio – 2 giugno 2026"),
        (date(2026, 12, 23), date(2027, 1, 6), "23 dicembre 2026 – 6 gennaio 2027"),
    ],
)
def test_days_in_a_row_say_month_and_year_once(first, last, written):
    assert italian.days_to(first, last) == written


def test_an_instant_after_midnight_in_rome_belongs_to_the_new_day():
    assert italian.day_long(datetime(2026, 10, 14, 22, 30, tzinfo=UTC)) == "giovedì 15 ottobre"


def test_in_a_letter_a_day_is_written_with_plain_blanks(show):
    letter = "{% autoescape off %}{{ v|day_long }}, {{ v|day_full }}, {{ v|moment }}{% endautoescape %}"
    assert show(letter, v=MORNING).html == "mercoledì 14 ottobre, 14 ottobre 2026, 14/10 8:47"


@pytest.mark.parametrize("value", ["", None, 3.5, True])
def test_an_amount_that_is_no_amount_is_a_mistake_of_the_page(show, value):
    with pytest.raises(TypeError, match="number of cents"):
        show("{{ v|euro }}", v=value)


def test_an_icon_is_silent_and_comes_from_the_sprite(show):
    drawn = show('{% icon "it-check" size="xs" class="cp-disc" %}').soup.svg
    assert drawn["class"] == ["icon", "icon-xs", "cp-disc"]
    assert drawn["aria-hidden"] == "true"
    assert drawn.use["href"] == "/static/cp/signs.svg#it-check"


@pytest.mark.parametrize(("kind", "sign"), [("ok", "it-check-circle"), ("warn", "it-warning-circle"), ("stop", "it-error")])
def test_a_note_says_its_kind_by_colour_sign_and_word(show, kind, sign):
    page = show('{% note kind "Attenzione" %}Sta per finire.{% endnote %}', kind=kind)
    assert page.soup.div["class"] == ["cp-note", f"is-{kind}"]
    assert page.soup.use["href"].endswith(f"#{sign}")
    assert page.texts(".cp-note") == ["Attenzione Sta per finire."]


def test_a_title_of_a_note_cannot_carry_markup(show):
    page = show("{% note 'warn' title %}{{ title }}{% endnote %}", title="<b>ciao</b>")
    assert page.html.count("&lt;b&gt;") == 2


def test_a_status_is_a_pill_with_word_and_sign(show):
    page = show('{% status "ok" "Pagato" %}')
    assert page.texts(".cp-tag.is-ok") == ["Pagato"]


def test_a_person_is_a_heading_with_a_line_below(show):
    page = show('{% person "Anna" "2ª B" level=3 tone="b" small=True %}')
    assert page.texts("h3") == ["Anna"]
    assert page.texts(".cp-face--b.cp-face--s[aria-hidden=true]") == ["A"]
    assert page.texts(".cp-soft") == ["2ª B"]


def test_a_wallet_tells_amount_and_meals(show):
    page = show('{% wallet "Refezione" 620 detail=left kind="warn" %}', left="circa 2 pasti")
    assert page.texts(".cp-wallet.is-warn") == ["Refezione 6,20 € circa 2 pasti"]


def test_steps_are_told_in_words(show):
    page = show("{% steps 2 3 'controlla' %}")
    assert page.texts(".cp-steps") == ["Passo 2 di 3 : controlla"]
    assert len(page.soup.select("li.is-done")) == 2


def test_the_total_of_a_sum_stands_out(show):
    page = show('<dl>{% sum_row "Luca" 2000|euro %}{% sum_row "Totale" 6600|euro is_total=True %}</dl>')
    assert page.texts(".is-total") == ["Totale 66,00 €"]
    assert page.texts("dt") == ["Luca", "Totale"]


def test_an_empty_list_gives_one_way_on(show):
    page = show('{% empty "Nulla da pagare" url="/x" action="Vedi i pagati" %}Arriverà qui.{% endempty %}')
    assert page.texts("h2") == ["Nulla da pagare"]
    assert page.texts("a[href='/x']") == ["Vedi i pagati"]


@pytest.mark.parametrize(("number", "ways"), [(1, {"next": "?q=anna&pagina=2"}), (3, {"prev": "?q=anna&pagina=2"})])
def test_the_pager_keeps_the_rest_of_the_query(show, number, ways):
    request = RequestFactory().get("/", {"q": "anna", "pagina": str(number)})
    page = show("{% pager page %}", request=request, page=Paginator(range(30), 10).page(number))
    assert {link["rel"][0]: link["href"] for link in page.soup.select("a")} == ways


def test_one_page_needs_no_pager(show):
    page = show("{% pager page %}", request=RequestFactory().get("/"), page=Paginator([1], 10).page(1))
    assert page.html.strip() == ""


def test_what_is_kept_is_drawn_once_for_what_it_shows(show):
    source = "{% kept greeting name %}{{ name }} {{ drawn }}{% endkept %}"
    assert show(source, name="Anna", drawn="1").html == "Anna 1"
    assert show(source, name="Anna", drawn="2").html == "Anna 1"
    assert show(source, name="<Luca>", drawn="3").html == "&lt;Luca&gt; 3"


def test_what_is_kept_under_one_name_is_not_shown_under_another(show):
    assert show("{% kept here 1 %}a{% endkept %}{% kept there 1 %}b{% endkept %}").html == "ab"


def test_what_is_kept_does_not_grow_without_end(show, monkeypatch):
    monkeypatch.setattr(parts, "MOST_KEPT", 3)
    for number in range(10):
        show("{% kept number number %}{{ number }}{% endkept %}", number=number)
    assert len(parts._kept) <= 3


def test_a_page_that_is_not_there_has_no_address(show):
    assert show('{% address "nowhere:page" as there %}{{ there|default:"none" }}').html == "none"


def test_a_name_in_a_part_cannot_carry_markup(show):
    page = show("{% person name name %}{% wallet name 100 detail=name %}", name="<b>Anna</b>")
    assert page.soup.b is None
    assert page.html.count("&lt;b&gt;Anna") == 4
