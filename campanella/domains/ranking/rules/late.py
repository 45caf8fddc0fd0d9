"""Who has applied once the final list was published: behind it, in an order of their own."""

from collections.abc import Iterable
from dataclasses import replace

from campanella.domains.ranking.rules.order import Applicant, Ranked, rank
from campanella.domains.ranking.rules.scheme import Scheme


def behind(*, scheme: Scheme, applicants: Iterable[Applicant], seed: str) -> list[Ranked]:
    """
    Put late applications in line, by age group: as they came, or by the rules of the list, as the town's rules say.

    Whatever their points, nobody of them goes before somebody of the list; positions begin from 1 behind it.

    :param seed: of the final list
    """
    alike = scheme if scheme.late == "points" else replace(scheme, keys=("sent",))
    # Which place they get depends on what is free when it is offered.
    return rank(scheme=replace(alike, seats=()), applicants=applicants, seed=seed)
