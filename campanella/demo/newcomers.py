"""Who has registered in Carrara these days: with the code of a child, or with a name alone, so that the office must look."""

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from campanella.demo.life import Life
from campanella.demo.settling import OFFICE, PASSWORD, Settled
from campanella.demo.tax_codes import Sex, tax_code
from campanella.domains.people import registering
from campanella.domains.people.registering import Applicant
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.access import registering as applying

TOWN, BIRTHPLACE = "carrara", "B832"
# With the code of a child, the second parent of it; the last one has nothing, and waits.
NEWCOMERS: tuple[tuple[str, str, Sex, date, int], ...] = (
    ("Ottavia", "Menconi", "F", date(1987, 3, 9), 2),
    ("Sirio", "Musetti", "M", date(1984, 11, 21), 1),
    ("Zaira", "Bernacca", "F", date(1990, 6, 2), 0),
)


def register(*, life: Life, settled: Settled) -> None:
    """Let them register, each by the road that a page takes; letters and ties follow with the other jobs."""
    if life.town.slug != TOWN:
        return
    password = make_password(PASSWORD)
    residents = iter(settled.residents[3:])
    for given_name, family_name, sex, born, days in NEWCOMERS:
        at = life.moment - timedelta(days=days, minutes=25)
        with clock.standing_at(at), scope(life.town.id):
            child = next(residents).child
            code = registering.make_code(by=OFFICE, child=child, now=at) if days else ""
            about = "" if days else f"{child.full_name}, la classe non la ricordo"
            name = f"{given_name}.{family_name}".lower()
            own = tax_code(family_name=family_name, given_name=given_name, sex=sex, born=born, place=BIRTHPLACE)
            _register(Applicant(given_name, family_name, own, f"{name}@posta.example", name, code, about), password, at)


def _register(applicant: Applicant, password: str, at: datetime) -> None:
    _, token = registering.ask(applicant=applicant, password=password, now=at)
    applying.confirm(token=token, now=at)
