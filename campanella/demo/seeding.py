"""Makes the five towns, and tells whether what is there is still what this code would make."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from campanella.demo import buses, camps, enrolments, kitchens, newcomers, noticeboard, nursery, righting, tax
from campanella.demo.calendar import year_of
from campanella.demo.counter import Counter
from campanella.demo.life import Life
from campanella.demo.people import Inventor
from campanella.demo.scenes import Scenes
from campanella.demo.settling import settle
from campanella.demo.sizes import children_of, schools_of
from campanella.demo.tablets import lend
from campanella.demo.towns import TOWNS, town_plan
from campanella.domains.ledger import seals
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.scope import let_go, scope
from campanella.foundation.tenants import operations as tenants
from campanella.foundation.tenants import queries
from campanella.foundation.tenants.queries import Town


def recipe(*, size: str, moment: datetime | None) -> str:
    """Return what the demo's content depends on: this package, the size and the day; None when the day does not count."""
    digest = hashlib.sha256(f"{size} {clock.day_of(moment) if moment else ''}".encode())
    for file in sorted([*Path(__file__).parent.glob("*.py"), *Path(__file__).parent.glob("*.txt")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def is_there() -> bool:
    """Tell whether the tables are as this code needs them, with the five towns in the register."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        found = {town.slug: town.tax_code for town in queries.all_towns()}
    except DatabaseError:  # a new database, without the role that pages act as
        return False
    finally:
        let_go()
    return {plan.slug: plan.tax_code for plan in TOWNS}.items() <= found.items()


def register_towns() -> None:
    """Register the five towns; needs the owner of the register."""
    for plan in TOWNS:
        tenants.create_town(
            slug=plan.slug,
            name=plan.name,
            tax_code=plan.tax_code,
            province=plan.province,
            hosts=[f"{plan.slug}.localhost"],
            choices={**plan.choices, "iban": plan.iban},
        )


def fill(*, slug: str, size: str, moment: datetime) -> Town:
    """Fill one registered town with people and let them live until the moment."""
    town, plan = queries.town_by_slug(slug=slug), town_plan(slug)
    today = clock.day_of(moment)
    schools = schools_of(plan, size=size)
    households = Inventor(
        plan, schools=schools, year=year_of(today), seed=slug, children=children_of(plan, size=size)
    ).households()
    with clock.standing_at(moment):
        with scope(town.id):
            settled = settle(plan=plan, households=households, school_plans=schools, day=today)
            kitchens.cook(settled=settled, slug=slug, year=year_of(today))
            lend(slug=slug, moment=moment)
        life = Life(town=town, settled=settled, moment=moment, seed=slug)
        scenes = Scenes(life=life, settled=settled, seed=slug)
        counter = Counter(life=life, settled=settled, seed=slug)
        tax.pay_last_year(life, seed=slug)
        life.live_long_ago()
        scenes.settle_notices()
        jobs.take_waiting(town=town.id)
        counter.begin()
        life.live_lately(until_noon=scenes.correct, afternoon=counter.afternoon)
        counter.this_morning()
        scenes.set()
        righting.put_right(life=life, settled=settled)
        enrolments.enrol(life=life, settled=settled)
        buses.board(life=life, settled=settled)
        nursery.rank(life=life, settled=settled)
        camps.open_up(life=life, settled=settled)
        newcomers.register(life=life, settled=settled)
        life.let_follow(moment)
        tax.certify(life, moment=moment)
        with scope(town.id):
            noticeboard.put_up(life=life, settled=settled, wronged=scenes.wronged)
            kitchens.staff(settled=settled, slug=slug, now=moment)
            kitchens.freeze(moment=moment)
            seals.seal(until=moment + timedelta(days=1), broken=0, now=moment)
    jobs.take_waiting(town=town.id)
    return town


def slugs() -> Iterator[str]:
    """Give the towns, the ones with most work first."""
    return (plan.slug for plan in sorted(TOWNS, key=lambda plan: -plan.full))
