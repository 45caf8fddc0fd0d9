"""Rankings in tests: a call whose places go by a list, families that have applied, lists drawn up and published."""

from datetime import date, datetime, timedelta
from typing import Any

from stdnum.it import codicefiscale

from campanella.domains.applying import queries as applying
from campanella.domains.applying import setting_up
from campanella.domains.applying.queries import Application, EnrolmentCall
from campanella.domains.applying.setting_up import PartData
from campanella.domains.ranking import queries
from campanella.domains.ranking.queries import PlaceOffer, RankList
from campanella.domains.ranking.rules.scheme import Criterion, Group, Scheme, Seats
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import School
from campanella.foundation.core import clock
from campanella.usecases.applying import sending
from campanella.usecases.ranking import drawing, publishing
from tests.applying import CLOSES, of_new_child, opened, part, send, sent
from tests.towns import OFFICE, Cast

AFTER = CLOSES + timedelta(days=1)
WORKS, SECOND, GROUP, OTHER = "Lavorano tutti e due?", "Seconda struttura", "Grandi", "Nido Girasole"
PARTS = (PartData("yes_no", WORKS), PartData("choice", SECOND, options=(OTHER,), is_required=False))


def other_school() -> School:
    """Return a second structure, the one of before where there is one."""
    return schools.register_school(code="girasole", name=OTHER, level="nido")


def ranked(cast: Cast, *, places: int = 1, elsewhere: int = 0, with_class: bool = True, **more: Any) -> EnrolmentCall:
    """Open the school bus, with places that go by a list: ten points for who works, then age, then the draw."""
    call = opened(cast, parts=PARTS)
    rule(cast, call, places=places, elsewhere=elsewhere, with_class=with_class, **more)
    return call


def rule(
    cast: Cast, call: EnrolmentCall, *, places: int = 1, elsewhere: int = 0, with_class: bool = True, **more: Any
) -> None:
    """Let the places of a call go by a list, or by other rules than before."""
    class_id = cast.classes["2B"].pk if with_class else None
    values: dict[str, Any] = {
        "groups": (Group(GROUP, date(2019, 1, 1), date(2021, 12, 31)),),
        "seats": (Seats(cast.school.pk, GROUP, places, class_id), Seats(other_school().pk, GROUP, elsewhere)),
        "criteria": (Criterion(part(call, WORKS).pk, "yes", 10),),
        "preferences": (part(call, SECOND).pk,),
        "keys": ("points", "older"),
    }
    drawing.set_rules(by=OFFICE, call_id=call.pk, scheme=Scheme(**{**values, **more}), now=clock.now())


def said(call: EnrolmentCall, *, works: bool, second: bool = False) -> dict[str, str]:
    """Return answers as an application keeps them."""
    found = {str(part(call, WORKS).pk): "yes" if works else "no"}
    return found | ({str(part(call, SECOND).pk): OTHER} if second else {})


def newborn(
    cast: Cast, call: EnrolmentCall, letter: str, *, works: bool = False, second: bool = False, family: str = "rossi"
) -> Application:
    """Apply for a child that is not on record; the letter tells it from the others."""
    return send(cast.families[family], _written(cast, call, letter, works=works, second=second, family=family))


def late_one(cast: Cast, call: EnrolmentCall, letter: str, *, at: datetime, works: bool = False) -> Application:
    """Send at the desk what a family had begun in time, whenever it comes."""
    return _send_at_desk(_written(cast, call, letter, works=works), at)


def _send_at_desk(draft: Application, at: datetime) -> Application:
    ticked = [one.pk for one in applying.parts(call_id=draft.call_id) if one.kind in ("notice", "declaration")]
    values: dict[str, Any] = {"version": 1, "ticked": ticked, "received_at": at, "now": at}
    return sending.send(by=OFFICE, application_id=draft.pk, is_by_office=True, **values)


def _written(
    cast: Cast, call: EnrolmentCall, letter: str, *, works: bool = False, second: bool = False, family: str = "rossi"
) -> Application:
    plain = f"RSSNN{letter}20E41G479"
    child = {"given_name": f"Nina {letter}", "tax_code": plain + codicefiscale.calc_check_digit(plain)}
    draft = of_new_child(cast, call, cast.families[family], **child)
    draft.data = {**draft.data, "answers": said(call, works=works, second=second)}
    draft.save(update_fields=["data"])
    return draft


def known(
    cast: Cast, call: EnrolmentCall, child: str, *, works: bool = False, second: bool = False, **more: Any
) -> Application:
    """Apply for a child on record."""
    family = next(one for one in cast.families.values() if child in one.children)
    return sent(cast, call, family, child, answers=said(call, works=works, second=second), **more)


def drawn(call: EnrolmentCall, *, seed: str = "seme", why: str = "") -> RankList:
    """Draw a list up once the call is over."""
    return drawing.draw_up(by=OFFICE, call_id=call.pk, seed=seed, why=why, now=AFTER)


def published(call: EnrolmentCall, *, is_final: bool = True, seed: str = "seme") -> RankList:
    """Draw a list up and publish it."""
    made = drawn(call, seed=seed)
    publishing.publish(by=OFFICE, list_id=made.pk, is_final=is_final, appeals_until=None, now=AFTER)
    return made


def lively(cast: Cast, call: EnrolmentCall, application: Application, behind: Application) -> dict[str, int]:
    """Let the places of a call that is over go by a list: provisional, an answer corrected, final, an offer; one late."""
    for data in PARTS:
        setting_up.add_part(by=OFFICE, call=call, data=data, now=clock.now())
    rule(cast, call)
    said: dict[str, Any] = {"by": OFFICE, "now": clock.now()}
    first = drawing.draw_up(call_id=call.pk, seed="7 21 90", why="Prima graduatoria", **said)
    publishing.publish(list_id=first.pk, is_final=False, appeals_until=clock.today(), **said)
    works = part(call, WORKS).pk
    drawing.correct(application_id=application.pk, part_id=works, answer="yes", reason="Ricorso accolto", **said)
    second = drawing.draw_up(call_id=call.pk, seed="", why="Dopo un ricorso", **said)
    publishing.publish(list_id=second.pk, is_final=True, appeals_until=None, by=OFFICE, now=clock.now() + timedelta(days=1))
    behind.data = {**behind.data, "answers": {str(works): "yes"}}
    behind.save(update_fields=["data"])
    _send_at_desk(behind, clock.now() + timedelta(days=1, minutes=5))
    return {"first": first.pk, "last": second.pk, "offer": offer_to(application).pk}


def offer_to(application: Application) -> PlaceOffer:
    """Return the newest offer to an application."""
    return queries.offers_to(application_id=application.pk)[0]


def numbers_of(made: RankList) -> list[str]:
    """Return the protocol numbers of a list, in its order."""
    return [line.application.number for line in queries.lines(list_id=made.pk)]
