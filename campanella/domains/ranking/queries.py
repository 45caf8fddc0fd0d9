"""What rules hold for a call, which lists were drawn up and published, what was corrected, which places are offered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from campanella.domains.applying.models import Application, ApplicationStep
from campanella.domains.applying.rules import OPEN
from campanella.domains.places import offer_rules
from campanella.domains.ranking.models import PlaceOffer as PlaceOffer
from campanella.domains.ranking.models import RankCorrection as RankCorrection
from campanella.domains.ranking.models import RankLine as RankLine
from campanella.domains.ranking.models import RankList as RankList
from campanella.domains.ranking.models import RankPublication as RankPublication
from campanella.domains.ranking.models import RankScheme as RankScheme
from campanella.domains.ranking.rules.places import GIVEN_UP, TAKEN
from campanella.domains.ranking.rules.scheme import Scheme, read
from campanella.foundation.core.errors import NotFound


def is_ranked(*, call_id: int) -> bool:
    """Tell whether the places of a call go by a list, because its rules say whose: one query."""
    row = scheme_row(call_id=call_id)
    return bool(row and row.content["groups"])


def scheme_row(*, call_id: int) -> RankScheme | None:
    """Return the rules that hold for a call, None where it has no list: one query."""
    return RankScheme.objects.filter(call_id=call_id).order_by("-version").first()


def scheme(*, call_id: int) -> Scheme:
    """Return the rules that hold for a call, the usual ones where nobody has written any: one query."""
    row = scheme_row(call_id=call_id)
    return read(row.content) if row else Scheme()


def corrections(*, application_ids: Sequence[int]) -> list[RankCorrection]:
    """Return what was corrected of these applications, the oldest first: one query."""
    rows = RankCorrection.objects.filter(application_id__in=list(application_ids)).select_related("part")
    return list(rows.order_by("id"))


def counted_instead(*, application_ids: Sequence[int]) -> Mapping[int, Mapping[int, str]]:
    """Return by application and question the answer that counts instead of what was sent: one query."""
    found: dict[int, dict[int, str]] = {}
    for one in corrections(application_ids=application_ids):
        found.setdefault(one.application_id, {})[one.part_id] = one.answer
    return found


def lists(*, call_id: int) -> list[RankList]:
    """Return the lists of a call without what they were made of, the newest first: one query."""
    return list(RankList.objects.filter(call_id=call_id).defer("inputs").order_by("-number"))


def last_list(*, call_id: int) -> RankList | None:
    """Return the newest list of a call: one query."""
    return RankList.objects.filter(call_id=call_id).order_by("-number").first()


def ranking(*, list_id: int) -> RankList:
    """
    Return one list with its call, service and year.

    :raises NotFound: the town has no such list
    """
    found = RankList.objects.filter(pk=list_id).select_related("call__service", "call__year", "scheme").first()
    if found is None:
        raise NotFound("Questa graduatoria non c’è.")
    return found


def list_before(*, ranking: RankList) -> RankList | None:
    """Return the list before this one, of the same call: one query."""
    return RankList.objects.filter(call_id=ranking.call_id, number__lt=ranking.number).order_by("-number").first()


def lines(*, list_id: int) -> list[RankLine]:
    """Return the lines of a list with application and structure, by group and place: one query."""
    rows = RankLine.objects.filter(ranking_id=list_id).select_related("application__child", "school")
    return list(rows.order_by("group", "position", "application__number"))


def line(*, list_id: int, application_id: int) -> RankLine | None:
    """Return where an application stands in a list: one query."""
    return RankLine.objects.filter(ranking_id=list_id, application_id=application_id).select_related("school").first()


def is_listed(*, application_id: int) -> bool:
    """Tell whether an application stands in a list that was published: one query."""
    published = RankPublication.objects.values("ranking_id")
    return RankLine.objects.filter(application_id=application_id, ranking_id__in=published).exists()


def listed(*, list_id: int) -> set[int]:
    """Return the applications that stand in a list: one query."""
    return set(RankLine.objects.filter(ranking_id=list_id).values_list("application_id", flat=True))


def is_late(*, application: Application) -> bool:
    """
    Tell whether an application waits for a place, or was offered one, and stands in no line of the final list: two queries.

    What was accepted before there was a list is not late.
    """
    if application.state not in OPEN and not PlaceOffer.objects.filter(application=application).exists():
        return False
    final = RankPublication.objects.filter(call_id=application.call_id, is_final=True)
    return final.exclude(ranking__lines__application=application).exists()


def count_in_group(*, list_id: int, group: str) -> int:
    """Count who is in the list of an age group: one query."""
    return RankLine.objects.filter(ranking_id=list_id, group=group).count()


def publications(*, call_id: int) -> list[RankPublication]:
    """Return what was published of a call, the newest first: one query."""
    return list(RankPublication.objects.filter(call_id=call_id).order_by("-id"))


def published(*, call_id: int) -> RankPublication | None:
    """Return what families read of a call today, with its list: one query."""
    rows = RankPublication.objects.filter(call_id=call_id).select_related("ranking__scheme")
    return rows.defer("ranking__inputs").order_by("-id").first()


def final(*, call_id: int) -> RankPublication | None:
    """Return the final list of a call, None while there is none: one query."""
    rows = RankPublication.objects.filter(call_id=call_id, is_final=True).select_related("ranking")
    return rows.defer("ranking__inputs").first()


def offer(*, offer_id: int) -> PlaceOffer:
    """
    Return one offer with its application, call and structure.

    :raises NotFound: the town has no such offer
    """
    found = _offers().filter(pk=offer_id).first()
    if found is None:
        raise NotFound("Questa offerta non c’è.")
    return found


def offers(*, call_id: int) -> list[PlaceOffer]:
    """Return every offer of a call, the newest first: one query."""
    return list(_offers().filter(call_id=call_id).order_by("-id"))


def offers_to(*, application_id: int) -> list[PlaceOffer]:
    """Return what was offered to an application, the newest first: one query."""
    return list(_offers().filter(application_id=application_id).order_by("-id"))


def may_answer(*, offer: PlaceOffer, received_at: datetime) -> bool:
    """Tell whether an answer that was received at an instant counts."""
    return offer_rules.may_answer(is_open=offer.state == "open", until=offer.until, received_at=received_at)


def overdue_calls(*, now: datetime) -> list[int]:
    """Return the calls in which the time of an open offer is over: one query."""
    rows = PlaceOffer.objects.filter(state="open", until__lt=now)
    return sorted(set(rows.values_list("call_id", flat=True)))


def taken(offers: Sequence[PlaceOffer], *, group: str) -> "Counter[int]":
    """Count by structure the places of a group that are offered or accepted."""
    return Counter(one.school_id for one in offers if one.group == group and one.state in TAKEN)


def others_of(*, offer: PlaceOffer) -> int:
    """Count who else has accepted a place of the same structure and group: one query."""
    return _same_seats(offer).filter(state="accepted").exclude(pk=offer.pk).count()


def leaving(*, offer: PlaceOffer) -> list[date]:
    """Return the last days of who has had a place of the same structure and group, and has given it up: one query."""
    gone = _same_seats(offer).filter(state="ended").values("application_id")
    steps = ApplicationStep.objects.filter(application_id__in=gone).exclude(last_on=None)
    return [day for day in steps.values_list("last_on", flat=True) if day]


def given_up(offers: Sequence[PlaceOffer]) -> dict[int, set[int]]:
    """Return by application the structures of which it has given up a place."""
    found: dict[int, set[int]] = {}
    for one in offers:
        if one.state in GIVEN_UP:
            found.setdefault(one.application_id, set()).add(one.school_id)
    return found


def _same_seats(offer: PlaceOffer) -> "QuerySet[PlaceOffer]":
    return PlaceOffer.objects.filter(call_id=offer.call_id, school_id=offer.school_id, group=offer.group)


def _offers() -> "QuerySet[PlaceOffer]":
    return PlaceOffer.objects.select_related(
        "application__call__service", "application__call__year", "application__guardian", "school"
    )
