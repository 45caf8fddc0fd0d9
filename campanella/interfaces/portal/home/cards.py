"""The words and figures of the family's first page."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campanella.domains.payments.queries import Awaited
from campanella.domains.support.queries import Headline
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.design.italian import at_time, day_long
from campanella.interfaces.portal.words import BY_ROLE, KINDS, counted, worth
from campanella.usecases.family_home import ChildCard, Credit, FamilyHome, ServiceToday

# The line under "entro le 9:30" is full this long before the roll-call closes.
MORNING = timedelta(hours=2)
EVENING, AFTERNOON = time(18), time(13)


@dataclass(frozen=True, slots=True)
class TodayBlock:
    """What today is for a child, in words; ``seconds_left`` 0 when nothing runs out."""

    kind: str
    sign: str
    title: str
    detail: str
    seconds_left: int = 0
    line_percent: int = 0


@dataclass(frozen=True, slots=True)
class OtherBlock:
    """What today is for one more service, in a line."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class ToPay:
    """A notice that waits, and for whom: "Refezione di Anna"."""

    id: int
    label: str
    amount: Euro
    due_on: date


@dataclass(frozen=True, slots=True)
class CreditBlock:
    """The credit of a service, in words."""

    label: str
    sign: str
    balance: Euro
    detail: str
    kind: str


@dataclass(frozen=True, slots=True)
class CareNote:
    """What is to be known about a child's credit: a payment under way, or what asks for care."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """One child's card."""

    id: int
    name: str
    place: str
    tone: str
    today: TodayBlock
    others: tuple[OtherBlock, ...]
    credits: tuple[CreditBlock, ...]
    notes: tuple[CareNote, ...]

    @property
    def is_pressing(self) -> bool:
        """Tell whether topping up is the one thing to do."""
        return any(note.kind != "wait" for note in self.notes)


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything the first page shows."""

    greeting: str
    day: str
    cards: tuple[Card, ...]
    to_pay: tuple[ToPay, ...]
    news: tuple[Headline, ...]

    @classmethod
    def of(cls, home: FamilyHome, *, closes_at: time, now: datetime) -> "HomePage":
        """Put the family's facts into words."""
        hour = now.astimezone(clock.ROME).time()
        hello = "Buonasera" if hour >= EVENING else "Buon pomeriggio" if hour >= AFTERNOON else "Buongiorno"
        return cls(
            greeting=f"{hello}, {home.greeting_name}",
            day=day_long(now).capitalize(),
            cards=tuple(_card(child, i, closes_at, now) for i, child in enumerate(home.children)),
            to_pay=tuple(_to_pay(notice, home) for notice in home.to_pay[:3]),
            news=home.news,
        )


def _card(child: ChildCard, number: int, closes_at: time, now: datetime) -> Card:
    first = child.first_service
    return Card(
        id=child.id,
        name=child.given_name,
        place=" · ".join(filter(None, (child.class_name, child.school_name))) or "Ancora senza classe",
        tone="b" if number % 2 else "",
        today=_today(child, first, closes_at, now),
        others=tuple(_other(service) for service in child.services if service is not first and _is_told(service)),
        credits=tuple(_credit(credit) for credit in child.credits),
        notes=tuple(note for note in (_under_way(child), *(_care(child, one) for one in child.credits)) if note),
    )


def _today(child: ChildCard, service: ServiceToday | None, closes_at: time, now: datetime) -> TodayBlock:
    if service is None or service.state == "not_enrolled":
        return TodayBlock(
            "off", "it-info-circle", f"{child.given_name} non ha iscrizioni a servizi", "Chiedi all’ufficio come si fa."
        )
    words = KINDS[service.kind]
    if service.state == "present":
        return TodayBlock("ok", "it-check", f"Oggi {words.there}", _confirmed(service))
    if service.state == "absent":
        return TodayBlock("warn", "it-close-circle", f"Oggi {words.not_there}: risulta assente", _confirmed(service))
    if service.state == "closed":
        return TodayBlock("off", "it-locked", f"Oggi {words.is_closed}", service.closed_because)
    if service.state == "no_service":
        return TodayBlock("off", "it-calendar", "Oggi non c’è servizio", f"{service.name}: oggi non è previsto.")
    return _awaited(words.is_open, closes_at, now)


def _awaited(is_open: str, closes_at: time, now: datetime) -> TodayBlock:
    end = clock.rome(clock.day_of(now), closes_at)
    left = int((end - now).total_seconds())
    if left <= 0:
        return TodayBlock("wait", "it-clock", f"Oggi {is_open}", "L’appello di oggi non è ancora arrivato.")
    percent = max(3, 100 - int(100 * left / MORNING.total_seconds())) if left < MORNING.total_seconds() else 3
    detail = f"L’appello è entro le {at_time(end)}"
    return TodayBlock("ok", "it-check", f"Oggi {is_open}", detail, left, percent)


def _confirmed(service: ServiceToday) -> str:
    if service.confirmed_at is None:
        return ""
    return f"Confermato {BY_ROLE.get(service.confirmed_by, '')} alle {at_time(service.confirmed_at)}".replace("  ", " ")


def _is_told(service: ServiceToday) -> bool:
    return service.state in ("present", "absent", "closed")


def _other(service: ServiceToday) -> OtherBlock:
    words = KINDS[service.kind]
    said = {"present": words.there, "absent": words.not_there, "closed": words.is_closed}[service.state]
    return OtherBlock(words.sign, f"Oggi {said}")


def _to_pay(notice: Awaited, home: FamilyHome) -> ToPay:
    name = next(child.given_name for child in home.children if child.id == notice.child_id)
    return ToPay(notice.id, f"{notice.service_name} di {name}", notice.amount, notice.due_on)


def _credit(credit: Credit) -> CreditBlock:
    kind = "stop" if credit.balance.cents < 0 else "warn" if credit.is_low else ""
    if credit.balance.cents < 0:
        detail = f"{counted(credit.units_owed, credit.unit, credit.units)} da pagare" if credit.units_owed else "da pagare"
    elif credit.price.cents:
        detail = worth(units_left=credit.units_left, unit=credit.unit, units=credit.units)
    else:
        detail = ""
    sign = KINDS[credit.kind].sign if credit.kind else "c-wallet"
    return CreditBlock(credit.service_name, sign, credit.balance, detail, kind)


def _under_way(child: ChildCard) -> CareNote | None:
    """One note for a child, whatever the number of services that are being paid."""
    going = [(credit.service_name, credit.under_way) for credit in child.credits if credit.under_way]
    if not going:
        return None
    total = Euro(sum(amount.cents for _, amount in going))
    of_what = ", ".join(f"{name} {amount}" for name, amount in going) + ". " if len(child.credits) > 1 else ""
    text = f"{of_what}Il credito si aggiorna da solo: non pagare di nuovo."
    return CareNote("wait", f"Pagamento in corso: {total}", text)


def _care(child: ChildCard, credit: Credit) -> CareNote | None:
    """Nobody is asked to pay while a payment is under way."""
    name = child.given_name
    if credit.under_way or not (credit.is_low or credit.balance.cents < 0):
        return None
    eats = credit.kind in ("meal", "nursery", "")
    of_what = f"Il credito {credit.service_name} di {name}" if len(child.credits) > 1 else f"Il credito di {name}"
    if credit.balance.cents < 0:
        calm = (
            f"{name} mangia come tutti: a scuola nessuno vede questo saldo."
            if eats
            else "A scuola nessuno vede questo saldo."
        )
        return CareNote("stop", f"{of_what} è sotto zero", calm + _way_out(credit))
    calm = f"A scuola {name} mangia comunque." if eats else "Il servizio continua comunque."
    if credit.balance.cents == 0:
        return CareNote("warn", f"{of_what} è finito", calm)
    left = worth(units_left=credit.units_left, unit=credit.unit, units=credit.units)
    return CareNote("warn", f"{of_what} sta per finire", f"Basta per {left}. {calm}")


def _way_out(credit: Credit) -> str:
    """The first proposed amount that brings the credit back, and what it leaves."""
    if credit.even_with is None:
        return ""
    rest = worth(units_left=credit.units_then, unit=credit.unit, units=credit.units)
    return f" Con {credit.even_with} torni in pari" + (f" e restano {rest}." if credit.units_then else ".")
