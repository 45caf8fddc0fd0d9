"""The auditor's own arithmetic of tariffs: it agrees with what charges on every shape, and names what does not."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
import yaml

from campanella.domains.enrolment.models import Subscription
from campanella.domains.enrolment.reckoning import Declared, counting
from campanella.domains.services.models import Bracket
from campanella.domains.services.tariff_files import reading, writing
from campanella.domains.services.tariffs import quoting
from campanella.domains.services.tariffs.facts import Facts, NoPrice, Sibling
from campanella.domains.services.tariffs.shapes import IseeRule, Scheme
from campanella.foundation.core.money import Euro
from campanella.readings.proofs import tariff_sums, tariffs
from tests.tariffs import LISSONE, SIBLINGS, let_pay, load
from tests.towns import Cast
from tests.usecases.tariffs.files import TOWNS

RULES = (
    IseeRule(),
    IseeRule("month", by_day=15, months={9: 30}),
    IseeRule("month", by_day=0, until=date(2027, 4, 30)),
    IseeRule("month", by_day=31, keeps=False),
    IseeRule("deadlines", deadlines=((date(2026, 6, 30), date(2026, 9, 1)), (date(2026, 9, 30), date(2026, 11, 1)))),
    IseeRule("fixed", fixed_on=date(2026, 8, 31)),
)


def schemes() -> list[Scheme]:
    return [one for town in TOWNS for one in reading.schemes(town.read_text(), services=["mensa", "scuolabus"])]


def said(scheme: Scheme) -> object:
    return yaml.safe_load(writing.text([scheme]))["tariffs"][0]


@pytest.mark.parametrize("scheme", schemes(), ids=lambda one: one.code)
def test_two_ways_of_reckoning_agree(scheme: Scheme) -> None:
    random, rule = Random(scheme.code), said(scheme)  # nothing secret: it must repeat
    words = sorted({word for change in scheme.changes for word in change.needs})
    ends = [band.isee_up_to.cents for band in scheme.bands if band.isee_up_to]
    for _ in range(200):
        siblings = random.randrange(5)
        isee = random.choice([None, random.randrange(4_000_000), *(end + random.choice((-1, 0, 1)) for end in ends)])
        facts = Facts(
            day=scheme.first + timedelta(days=random.randrange((scheme.last - scheme.first).days + 1)),
            children=[Sibling(date(2010 + year, 1, 1), frozenset([scheme.service])) for year in range(siblings + 1)],
            child=random.randrange(siblings + 1),
            isee=Euro(max(isee, 0)) if isee is not None else None,
            is_resident=random.random() < 0.8,
            is_enrolled=random.random() < 0.8,
            household=random.choice([None, 2, 3, 5]),
            weekdays=random.randrange(1, 6),
            words=frozenset(word for word in words if random.random() < 0.5),
            enrolled_on=scheme.first + timedelta(days=random.randrange(60)),
        )
        place = quoting.place_among_siblings(scheme=scheme, facts=facts)
        case = tariff_sums.Case(
            day=facts.day,
            isee=Decimal(facts.isee.cents) / 100 if facts.isee else None if facts.isee is None else Decimal(0),
            household=facts.household,
            place=place,
            is_resident=facts.is_resident,
            words=facts.words,
            weekdays=facts.weekdays,
            since=facts.enrolled_on,
            is_enrolled=facts.is_enrolled,
        )
        try:
            charged = quoting.quote(scheme=scheme, facts=facts).amount.cents
        except NoPrice:
            charged = None
        proved = tariff_sums.price(rule, case)  # type: ignore[arg-type]
        if charged is not None:
            assert proved == Decimal(charged) / 100, facts


@pytest.mark.parametrize("rule", RULES, ids=lambda one: f"{one.counting}-{one.by_day}-{one.keeps}")
def test_from_which_day_an_isee_counts_is_the_same_asked_backwards(rule: IseeRule) -> None:
    (plain,) = reading.schemes(LISSONE, services=["mensa"])
    scheme = replace(plain, isee=rule)
    text = said(scheme)
    for ahead in range(-120, 330, 3):
        received = scheme.first + timedelta(days=ahead)
        one = Declared(1, 980_000, received, date(received.year, 12, 31))
        for later in range(0, 365, 2):
            day = scheme.first + timedelta(days=later)
            if day > scheme.last:
                continue
            facts = Facts(day, [Sibling(day)], isee=Euro(one.cents), presented_on=received, valid_until=one.valid_until)
            charged = quoting.quote(scheme=scheme, facts=facts).amount.cents == 305
            assert counting(declared=[one], scheme=scheme, day=day) == one
            assert tariff_sums.counts(text, received, one.valid_until, day, scheme.first) == charged, (  # type: ignore[arg-type]
                received,
                day,
            )


def test_a_price_that_is_not_the_tariffs_is_named(valle: Cast) -> None:
    let_pay(valle, load(LISSONE + SIBLINGS), "Anna", "Luca")
    assert tariffs.violations() == []
    line = Subscription.objects.get(child=valle.child("Luca"), bracket__tariff__code="mensa-isee")
    cheaper = Bracket.objects.get(tariff__code="mensa-isee", cents=255)
    Subscription.objects.filter(pk=line.pk).update(bracket=cheaper)
    (wrong, *_) = tariffs.violations()
    assert (wrong.promise, wrong.cents) == (tariffs.PROMISE, 255 - 360)
