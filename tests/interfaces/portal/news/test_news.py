"""News reach the town, the school or the class they are for, and nobody else."""

from datetime import date, timedelta

import pytest

from campanella.domains.schools.models import Membership
from campanella.domains.schools.operations import register_school
from campanella.domains.schools.queries import places_of
from campanella.domains.support import operations, queries
from campanella.foundation.core import clock
from campanella.readings.family.news import news_to_read
from tests.browsing import at_most, browser
from tests.domains.support.files import PDF, news
from tests.towns import TODAY, Cast, Family


@pytest.fixture
def parted(valle: Cast) -> Cast:
    """Amina goes to another class than Anna and Luca."""
    Membership.objects.filter(child=valle.child("Amina")).update(class_group=valle.classes["3A"])
    return valle


def test_families_read_what_is_for_them(parted: Cast, valle: Cast, rossi: Family) -> None:
    news(valle, "Per tutti")
    news(valle, "Per la scuola", school_id=valle.school.pk)
    news(valle, "Per la seconda", class_group_id=valle.classes["2B"].pk)
    news(valle, "Per un’altra scuola", school_id=register_school(code="nido", name="Nido Rosa", level="nido").pk)
    news(valle, "Ancora da scrivere", is_published=False)

    phone = browser(valle.town, rossi.user)
    with at_most(6):
        mine = phone.read("/news/")
    theirs = browser(valle.town, valle.families["haddad"].user).read("/news/")

    assert "Per tutti" in mine
    assert "Per la scuola" in mine
    assert "Per la seconda" in mine
    assert "Per tutti" in theirs
    assert "Per la scuola" in theirs
    assert "Per la seconda" not in theirs
    for page in (mine, theirs):
        assert "Per un’altra scuola" not in page
        assert "Ancora da scrivere" not in page


def test_a_piece_of_news_for_another_class_or_town_is_not_there(
    borgo: Cast, parted: Cast, valle: Cast, rossi: Family
) -> None:
    own = news(valle, "Per la seconda", class_group_id=valle.classes["2B"].pk)
    others = news(valle, "Per la terza", class_group_id=valle.classes["3A"].pk)
    phone = browser(valle.town, rossi.user)

    assert phone.get(f"/news/{own.pk}/").status_code == 200
    assert phone.get(f"/news/{others.pk}/").status_code == 404
    assert browser(borgo.town, borgo.families["rossi"].user).get(f"/news/{own.pk}/").status_code == 404


def test_a_child_of_no_class_still_hears_the_town(valle: Cast, rossi: Family) -> None:
    Membership.objects.filter(child__in=[c.pk for c in rossi.children.values()]).delete()
    news(valle, "Per tutti")
    news(valle, "Per la scuola", school_id=valle.school.pk)

    page = browser(valle.town, rossi.user).read("/news/")

    assert "Per tutti" in page
    assert "Per la scuola" not in page


def test_opening_takes_the_mark_away_for_this_reader_only(valle: Cast, rossi: Family) -> None:
    row = news(valle)
    phone, other = browser(valle.town, rossi.user), browser(valle.town, valle.families["haddad"].user)
    assert "Da leggere" in phone.read("/news/")

    for _ in range(2):
        assert "Venerdì la mensa è chiusa" in phone.read(f"/news/{row.pk}/")

    assert "Da leggere" not in phone.read("/news/")
    assert "Da leggere" in other.read("/news/")
    now = clock.now()
    assert news_to_read(user=rossi.user, now=now) == 0
    assert news_to_read(user=valle.families["haddad"].user, now=now) == 1
    assert queries.readers(news_id=row.pk) == 1


def test_the_last_day_is_included_and_afterwards_it_is_past(valle: Cast, rossi: Family) -> None:
    news(valle, "Finita ieri", until=TODAY - timedelta(days=1))
    news(valle, "Finisce oggi", until=TODAY)
    phone = browser(valle.town, rossi.user)

    now, past = phone.read("/news/"), phone.read("/news/passate/")

    assert "Finisce oggi" in now
    assert "Finita ieri" not in now
    assert "Finita ieri" in past
    assert "Finisce oggi" not in past


def test_without_news_the_page_says_when_it_will_fill(valle: Cast, rossi: Family) -> None:
    assert "Nessuna novità" in browser(valle.town, rossi.user).read("/news/")


def test_news_carry_links_but_no_markup(valle: Cast, rossi: Family) -> None:
    office, now = valle.staff["office"], clock.now()
    row = operations.write_news(
        by=office,
        news_id=None,
        title="<b>Menù</b>",
        body="Vedi https://valle.example/menu\n\n<script>x</script> javascript:y",
        audience=operations.Audience(),
        until=None,
        now=now,
    )
    operations.publish_news(by=office, news_id=row.pk, now=now)

    page = browser(valle.town, rossi.user).get(f"/news/{row.pk}/").content.decode()

    assert '<a href="https://valle.example/menu" rel="nofollow">' in page
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page
    assert "<b>Menù" not in page
    assert 'href="javascript:' not in page


def test_the_home_asks_once(valle: Cast, rossi: Family) -> None:
    for n in range(3):
        news(valle, f"News {n}", school_id=valle.school.pk)
    places = places_of(child_ids=[valle.child("Anna").pk], day=TODAY)

    with at_most(1):
        found = queries.news_for(places=list(places.values()), now=clock.now(), limit=2)

    assert [item.audience for item in found] == ["Primaria Rodari"] * 2


def test_a_file_is_handed_out_as_a_download_only_to_those_it_is_for(
    borgo: Cast, parted: Cast, valle: Cast, rossi: Family
) -> None:
    row = news(valle, class_group_id=valle.classes["2B"].pk)
    file = operations.attach(
        by=valle.staff["office"], news_id=row.pk, name="../../etc/Menù d’autunno.pdf", content=PDF, now=clock.now()
    )
    address = f"/news/allegati/{file.pk}/"

    answer = browser(valle.town, rossi.user).get(address)

    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Men%C3%B9")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert browser(valle.town, valle.families["haddad"].user).get(address).status_code == 404
    assert browser(borgo.town, borgo.families["rossi"].user).get(address).status_code == 404
    assert browser(valle.town).get(address).headers["Location"].startswith("/entra/?next=")
    assert browser(valle.town, rossi.user).get("/news/allegati/999999/").status_code == 404


def test_a_file_of_withdrawn_news_is_gone(valle: Cast, rossi: Family) -> None:
    row = news(valle)
    file = operations.attach(by=valle.staff["office"], news_id=row.pk, name="menu.pdf", content=PDF, now=clock.now())
    operations.withdraw_news(by=valle.staff["office"], news_id=row.pk, now=clock.now())

    assert browser(valle.town, rossi.user).get(f"/news/allegati/{file.pk}/").status_code == 404


def test_tomorrow_is_another_day(valle: Cast, rossi: Family) -> None:
    """Published this evening is not told this morning: the clock decides, not the row's existence."""
    row = news(valle, is_published=False)
    with clock.standing_at(clock.rome(date(2026, 10, 15), clock.now().time())):
        operations.publish_news(by=valle.staff["office"], news_id=row.pk, now=clock.now())
    assert "Sciopero" not in browser(valle.town, rossi.user).read("/news/")


def test_each_town_has_its_own_news(borgo: Cast, valle: Cast, rossi: Family) -> None:
    news(valle, "Solo Valle")

    assert "Solo Valle" in browser(valle.town, rossi.user).read("/news/")
    assert "Solo Valle" not in browser(borgo.town, borgo.families["rossi"].user).read("/news/")
