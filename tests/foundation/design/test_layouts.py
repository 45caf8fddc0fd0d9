"""What every page has around it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from campanella.config.faults import server_error
from campanella.foundation.design.chrome import NOWHERE
from campanella.foundation.design.menus import links
from tests.foundation.design.conftest import PESARO, Page

LAYOUTS = ("portal", "flow", "plain", "tablet", "office")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_names_page_and_town_and_has_one_main(extended, layout):
    page = extended(layout)
    assert page.texts("title") == ["Titolo · Comune di Pesaro"]
    assert [main["id"] for main in page.soup.select("main")] == ["contenuto"]
    assert page.soup.select_one(".skiplinks a")["href"] == "#contenuto"
    assert page.soup.html["lang"] == "it"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_takes_the_colour_of_the_town(extended, layout):
    addresses = [link["href"] for link in extended(layout).soup.select("link[rel=stylesheet]")]
    assert addresses == ["/static/cp/campanella.css", "/theme/0b5cad.css"]


def test_the_portal_lights_its_section_in_both_menus(extended):
    page = extended("portal", section="payments")
    assert page.texts(".cp-topnav [aria-current]") == ["Pagamenti"]
    assert page.texts(".bottom-nav [aria-current]") == ["Pagamenti"]


def test_on_the_phone_the_profile_is_found_under_altro(extended):
    assert extended("portal", section="profile").texts(".bottom-nav [aria-current]") == ["Altro"]


@pytest.mark.parametrize(
    ("unread", "told"),
    [(0, "News"), (1, "News 1 da leggere"), (12, "News 12 da leggere")],
)
def test_both_menus_say_how_many_news_wait(extended, unread, told):
    page = extended("portal", unread=lambda: unread)
    assert [" ".join(text.split()) for text in page.texts("nav a[href='/portal/news']")] == [told, told]


def test_signing_out_is_a_form_because_it_changes_something(extended):
    form = extended("portal").soup.select_one("form[action='/accounts/sign-out']")
    assert form["method"] == "post"
    assert "Esci" in form.get_text()


def test_a_stranger_sees_no_menu_and_no_way_out(extended):
    page = extended("portal", user_name="", user_kind="", person="nobody")
    assert page.texts("nav") == []
    assert page.soup.select("form") == []


def test_a_flow_has_a_way_out_and_no_bottom_menu(extended):
    page = extended("flow")
    assert page.texts(".bottom-nav") == []
    assert "Lascia e torna alla Home" in page.texts(".cp-header a[href='/portal/home']")


def test_only_family_pages_outside_flows_may_be_kept_for_reading_offline(extended):
    kept = [layout for layout in LAYOUTS if "<!--offline k1-->" in extended(layout).html]
    assert kept == ["portal"]
    assert "<!--offline" not in extended("portal", person="").html


def test_the_office_lights_its_section_and_can_search(extended):
    page = extended("office", section="waiting")
    assert page.texts("nav [aria-current]") == ["Da fare"]
    assert page.soup.select_one("form[role=search]")["action"] == "/office/search"


def test_the_banner_shows_only_when_there_is_one(extended):
    assert extended("portal").texts(".cp-banner") == []
    assert extended("portal", banner="Oggi è mercoledì").texts(".cp-banner") == ["Oggi è mercoledì"]


def test_the_foot_leads_to_the_contacts_where_the_town_has_them(extended):
    assert "Contatti dell’ufficio" not in extended("portal").texts("footer a")
    town = replace(PESARO, contact_url_name="portal:utility")
    assert "Contatti dell’ufficio" in extended("portal", town=town).texts("footer a[href='/portal/utility']")


def test_an_area_that_is_not_installed_has_no_entry(settings):
    settings.ROOT_URLCONF = "campanella.foundation.design.urls"
    assert links(menu="portal", section="home") == ()


def test_a_fault_shows_its_number_with_nothing_else_at_hand():
    page = Page(render_to_string("500.html", {"error_id": "E-7Q4D-0931"}))
    assert page.texts(".cp-proof b") == ["E-7Q4D-0931"]
    assert page.texts(".cp-proof") == ["Se ci chiami, leggi questo numero E-7Q4D-0931"]


def test_a_fault_without_number_still_says_that_payments_are_safe():
    page = Page(render_to_string("500.html"))
    assert page.texts(".cp-proof") == []
    assert "non rifarlo" in page.html


def test_a_fault_without_static_files_still_has_words(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    request = SimpleNamespace(number="ab12cd34")
    answer = server_error(request)
    page = Page(answer.content.decode())
    assert answer.status_code == 500
    assert page.texts("h1") == ["Qualcosa è andato storto"]
    assert page.texts("strong") == ["ab12cd34"]
    assert "non rifarlo" in page.html


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "403_csrf.html", "design/offline.html"])
def test_error_pages_show_on_a_host_without_town(name):
    page = Page(render_to_string(name, {"chrome": NOWHERE}))
    assert len(page.texts("h1")) == 1
    assert ("Vedi che cosa puoi aprire" if name == "403.html" else "Vai alla Home") in page.texts("main a")
