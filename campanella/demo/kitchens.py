"""The menu of the year, as towns publish it, who cooks for whom, and what the kitchens were ordered lately."""

from datetime import date, datetime, timedelta
from pathlib import Path

from campanella.demo.calendar import SchoolYear
from campanella.demo.people import DIETS
from campanella.demo.settling import OFFICE, PASSWORD, Settled
from campanella.domains.accounts.operations import NewUser, create_users
from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking.rules import Dish, read_dishes
from campanella.domains.enrolment import diets
from campanella.domains.schools import operations as schools_at
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.documents.tables import sections_pdf
from campanella.readings.serving import COOKED
from campanella.usecases import freezing

KITCHENS = {"pesaro": ("Centro cottura di via Gattoni", "Cucina del nido")}

WEEKDAYS = 5
MOMENT = timedelta(seconds=20)
# Who reads a diet a second time, and the cook of the nursery, who sees the nursery alone.
SECOND_READER = ("ufficio.due", "Marta Neri")
CATERER = ("cucina.nido", "Cucina del nido")
# A diet that waits: its author is the office's first access.
WAITING = ("D2", "Intolleranza al lattosio, certificato del pediatra")


def winter() -> list[list[list[Dish]]]:
    """Return four weeks of five days of dishes, as ``winter.txt`` has them: a heading a day, then what the office writes."""
    days = (Path(__file__).parent / "winter.txt").read_text().split("# ")[1:]
    codes = [code for code, *_ in DIETS]
    dishes = [read_dishes(day.partition("\n")[2], codes=codes) for day in days]
    return [dishes[first : first + WEEKDAYS] for first in range(0, len(dishes), WEEKDAYS)]


def cook(*, settled: Settled, slug: str, year: SchoolYear) -> None:
    """Write the menu of the year into every service that cooks, and name the kitchens where there are two."""
    now = datetime.combine(year.first, datetime.min.time()).astimezone()
    end = date.fromordinal(year.last_meal.toordinal() + 1)
    for service in settled.services.values():
        if service.kind in COOKED:
            weeks = winter()
            menu = cooking.add_menu(
                by=OFFICE, service=service, name="Invernale", first=year.first_meal, end=end, weeks=len(weeks), now=now
            )
            for week, days in enumerate(weeks, start=1):
                cooking.write_week(by=OFFICE, menu=menu, week=week, days=days, now=now)
    if slug in KITCHENS:
        central, small = (cooking.add_kitchen(by=OFFICE, name=name, now=now) for name in KITCHENS[slug])
        kitchen_by_school = {one.pk: small.pk if one.level == "nido" else central.pk for one in schools.schools()}
        cooking.cook_for(by=OFFICE, kitchen_by_school=kitchen_by_school, now=now)
        primary = {one.pk for one in schools.schools() if one.level == "primaria"}
        groups = schools.all_classes(day=year.first_meal).filter(school_id__in=primary).order_by("school_id", "name")
        # The first two years eat at noon, the others an hour later.
        shifts: dict[int, int | None] = {group.pk: 1 if group.name[0] in "12" else 2 for group in groups}
        cooking.set_shifts(by=OFFICE, shift_by_class=shifts, now=now)


def staff(*, settled: Settled, slug: str, now: datetime) -> None:
    """Give the office a second reader and, where the nursery cooks for itself, its cook; a diet waits for the reader."""
    names = [NewUser(*SECOND_READER, (Role.OFFICE,)), NewUser(*CATERER, (Role.KITCHEN,))]
    nursery = next((school for school in schools.schools() if school.level == "nido"), None)
    has_caterer = slug in KITCHENS and nursery is not None
    users = create_users(by=OFFICE, users=names if has_caterer else names[:1], password=PASSWORD, now=now)
    if has_caterer and nursery:
        schools_at.let_work_at(user=users[1], school=nursery)
    child = next((one.child for one in settled.residents if not one.kid.diet), None)
    if child:
        code, reason = WAITING
        diets.propose(
            by=settled.staff[Role.OFFICE],
            child=child,
            code=code,
            reason=reason,
            first=clock.day_of(now),
            expires_on=clock.day_of(now) + timedelta(days=300),
            certificate=_certificate(now=now),
            now=now,
        )


def _certificate(*, now: datetime) -> bytes:
    """Return an invented certificate, so that the second reader has something to open."""
    about = "Esempio inventato per la dimostrazione: nessun medico lo ha scritto."
    lines = ["Si certifica un’intolleranza al lattosio.", "Alimenti da evitare: latte e derivati.", "Validità: 300 giorni."]
    return sections_pdf(
        town_name="Studio pediatrico", title="Certificato per la mensa", about=about, lines=lines, sections=[], made_at=now
    )


def freeze(*, moment: datetime) -> None:
    """Freeze the sheets of the days before, each a moment after its cut-off."""
    for due in freezing.due(now=moment):
        freezing.freeze(by=OFFICE, due=due, now=due.as_of + MOMENT)
