"""What was never sent goes after its term, health documents before it; what was sent keeps all but those."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from campanella.domains.applying import operations, queries
from campanella.domains.applying.models import Application, ApplicationFile, EnrolmentCall
from campanella.domains.applying.setting_up import PartData
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.usecases import night
from campanella.usecases.applying import deciding, sending, writing
from tests.applying import CLOSES, accept, opened, part, send, written
from tests.browsing import browser
from tests.towns import OFFICE, Cast, Family, choosing

PDF = b"%PDF-1.7 certificato"
PARTS = (PartData("health", "Certificato", is_required=False), PartData("document", "Delega", is_required=False))


@pytest.fixture
def call(valle: Cast) -> EnrolmentCall:
    """The school bus, which asks for a certificate and a paper."""
    return opened(valle, parts=PARTS)


def with_papers(cast: Cast, call: EnrolmentCall, family: Family, child: str = "Luca") -> Application:
    """Write an application with both."""
    one = written(cast, call, family, child)
    papers = {part(call, label): PDF for label in ("Certificato", "Delega")}
    writing.write(application=one, data={}, files=papers, now=clock.now())
    return queries.application(application_id=one.pk)


def forget(days: int, seconds: int = 1) -> None:
    """Let a night come so long after the deadline."""
    at = CLOSES + timedelta(days=days, seconds=seconds)
    with clock.standing_at(at):
        night.forget(now=at)


def kept(application: Application) -> list[str]:
    """Return which documents of an application the storage still has."""
    rows = ApplicationFile.objects.filter(application=application).exclude(stored_as="").order_by("part__position")
    return [row.part.label for row in rows if default_storage.exists(row.stored_as)]


@pytest.mark.parametrize(
    ("days", "papers", "is_there"),
    [(6, ["Certificato", "Delega"], True), (7, ["Delega"], True), (29, ["Delega"], True), (30, [], False)],
)
def test_what_was_never_sent_goes_after_its_term(
    valle: Cast, rossi: Family, call: EnrolmentCall, days: int, papers: list[str], is_there: bool
) -> None:
    one = with_papers(valle, call, rossi)
    forget(days)
    assert Application.objects.filter(pk=one.pk).exists() == is_there
    assert kept(one) == papers
    if not is_there:
        (act,) = audit.acts_on(subjects=["town"], limit=1)
        assert act.sentence == "ha cancellato le domande mai mandate di iscrizioni chiuse: 1"


def test_a_call_that_is_open_keeps_everything(valle: Cast, rossi: Family, call: EnrolmentCall) -> None:
    one = with_papers(valle, call, rossi)
    EnrolmentCall.objects.update(closes_at=CLOSES + timedelta(days=300))
    forget(200)
    assert kept(one) == ["Certificato", "Delega"]


def test_the_town_says_for_how_long(valle: Cast, rossi: Family, call: EnrolmentCall) -> None:
    choosing(valle.town, draft_days=90, draft_health_days=0)
    one = with_papers(valle, call, rossi)
    forget(0)
    assert kept(one) == ["Delega"]
    forget(89)
    assert Application.objects.filter(pk=one.pk).exists()
    page = browser(valle.town, rossi.user).read("/privacy/")
    assert "si cancella 90 giorni dopo la chiusura" in page


def test_what_is_being_written_at_the_desk_waits(valle: Cast, rossi: Family, call: EnrolmentCall) -> None:
    with clock.standing_at(CLOSES + timedelta(days=29)):
        one = writing.begin_at_desk(
            call_id=call.pk, guardian_id=rossi.guardian.pk, child_id=valle.child("Luca").pk, now=clock.now()
        )
    forget(31)
    assert Application.objects.filter(pk=one.pk).exists()


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_of_what_came_to_nothing_the_certificate_goes_and_the_act_stays(
    valle: Cast, rossi: Family, call: EnrolmentCall, state: str
) -> None:
    one = send(rossi, with_papers(valle, call, rossi))
    if state == "refused":
        deciding.refuse(by=OFFICE, application_id=one.pk, words="Troppo vicino", now=clock.now())
    else:
        sending.withdraw(by=rossi.user, application_id=one.pk, is_by_office=False, now=clock.now())
    days = 120 - (CLOSES - clock.now()).days
    forget(days - 2)
    assert kept(one) == ["Certificato", "Delega"]
    forget(days + 1)
    assert kept(one) == ["Delega"]
    health = ApplicationFile.objects.get(application=one, part__kind="health")
    with pytest.raises(NotFound, match="cancellato"):
        operations.read_file(by=OFFICE, application=one, file_id=health.pk, now=clock.now())
    desk = browser(valle.town, valle.staff["office"])
    assert "Certificato dato di salute cancellato" in desk.read(f"/ufficio/iscrizioni/{one.pk}/")
    assert queries.version(application=one)


def test_of_who_uses_the_service_it_stays_until_the_year_is_long_over(
    valle: Cast, rossi: Family, call: EnrolmentCall
) -> None:
    one = send(rossi, with_papers(valle, call, rossi))
    accept(valle, one)
    forget(200)
    assert kept(one) == ["Certificato", "Delega"]
    forget(500)
    assert kept(one) == ["Delega"]


def test_of_who_waits_for_a_place_it_goes_with_the_year(valle: Cast, rossi: Family, call: EnrolmentCall) -> None:
    one = send(rossi, with_papers(valle, call, rossi))
    forget(200)
    assert kept(one) == ["Certificato", "Delega"]
    forget(500)
    assert kept(one) == ["Delega"]
