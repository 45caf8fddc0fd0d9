"""What the town tells and what families ask: news with an attachment, questions and answers, tickets."""

from datetime import date, datetime, time

from campanella.demo.calendar import DAY
from campanella.demo.life import Life
from campanella.demo.settling import Resident, Settled
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.support import operations as support
from campanella.domains.support.models import Ticket
from campanella.domains.support.operations import Audience, Writer
from campanella.domains.support.words import Topic
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_long
from campanella.foundation.core.scope import use_case
from campanella.foundation.documents import pdf

MENU = (
    ("Lunedì", "pasta al pomodoro, frittata con zucchine, mela"),
    ("Martedì", "passato di verdure, pollo al forno, patate, clementine"),
    ("Mercoledì", "risotto alla zucca, merluzzo gratinato, finocchi, pera"),
    ("Giovedì", "gnocchi al ragù, formaggio fresco, carote, banana"),
    ("Venerdì", "pasta e fagioli, platessa, insalata, budino"),
)
WRONGED = "Buongiorno, {day} {child} era a casa con la febbre ma risulta presente. Potete controllare? Grazie."
PUT_RIGHT = "Buongiorno, la maestra ha confermato l’assenza: abbiamo corretto e quel giorno è stato riaccreditato."
TICKETS: tuple[tuple[Topic, str], ...] = (
    (Topic.PAYMENTS, "Ho pagato ieri sera con la mia banca, quando vedo la ricarica?"),
    (Topic.ENROLMENT, "Vorrei presentare l’ISEE adesso: da quando vale la nuova tariffa?"),
)


@use_case
def put_up(*, life: Life, settled: Settled, wronged: tuple[Resident, date] | None) -> None:
    """
    Put everything on the board of the active town.

    :param wronged: whose absence was paid, and on which day; the office has given it back the lesson day after
    """
    office = settled.staff[Role.OFFICE]
    support.start_faq(by=office, now=_at(life.today, 30))
    _menu(office, settled, life.today)
    _tell(
        office,
        at=_at(life.today, 12),
        title="Sciopero del personale scolastico: la mensa resta aperta",
        body="Le classi con lezione pranzano regolarmente. Chi resta a casa non paga il pasto: ci pensa l’appello.",
    )
    school = next(school for school in schools.schools() if school.level == "primaria")
    _tell(
        office,
        at=_at(life.today, 4),
        title=f"{school.name}: colloqui",
        audience=Audience(school_id=school.pk),
        body="Giovedì dalle 16:30 alle 18:30, in palestra. Il post-scuola e lo scuolabus seguono l’orario solito.",
    )
    _tell(
        office,
        at=_at(life.today, 1),
        title="Ricariche: come evitare la coda di fine mese",
        body="Si ricarica dal portale in due minuti, a ogni ora. Il credito si vede appena arriva la ricevuta.",
    )
    for i, (topic, question) in enumerate(TICKETS):
        _ticket(settled.residents[i + 2], at=_at(life.today, 4 + i), topic=topic, question=question)
    if wronged:
        _answered(office, *wronged, answered_on=life.days()[-1])


def _menu(office: User, settled: Settled, today: date) -> None:
    at = _at(today, 6)
    title = "Il menù della settimana"
    news_id = _tell(office, at=at, title=title, body="In allegato il menù. Per le diete speciali la cucina prepara a parte.")
    content = pdf.render(
        "demo/menu.typ", {"title": title, "town": settled.plan.name, "lines": [list(line) for line in MENU]}, made_at=at
    )
    support.attach(by=office, news_id=news_id, name="menu-della-settimana.pdf", content=content, now=at)


def _tell(office: User, *, at: datetime, title: str, body: str, audience: Audience | None = None) -> int:
    with clock.standing_at(at):
        news = support.write_news(
            by=office, news_id=None, title=title, body=body, audience=audience or Audience(), until=None, now=at
        )
        support.publish_news(by=office, news_id=news.pk, now=at)
    return news.pk


def _answered(office: User, resident: Resident, day: date, *, answered_on: date) -> None:
    """A family writes in the evening of the day, the office answers once it has given the day back."""
    question = WRONGED.format(
        day=day_long(day),
        child=resident.child.given_name,
    )
    ticket = _ticket(resident, at=_at(day, 0), topic=Topic.PRESENCES, question=question)
    later = clock.rome(answered_on, time(11, 52))
    if ticket:
        with clock.standing_at(later):
            support.answer_ticket(by=office, ticket=ticket, text=PUT_RIGHT, is_closing=False, now=later)


def _ticket(resident: Resident, *, at: datetime, topic: Topic, question: str) -> Ticket | None:
    guardian = people.payer_of(child_id=resident.child.pk)
    if guardian is None or not guardian.email:
        return None
    writer = Writer(
        name=guardian.full_name,
        email=guardian.email,
        origin="demo",
        user=resident.user,
        guardian=guardian,
        child_id=resident.child.pk,
    )
    with clock.standing_at(at):
        return support.open_ticket(by=writer, topic=topic, text=question, now=at)


def _at(today: date, days: int) -> datetime:
    return clock.rome(today - days * DAY, time(19, 12))
