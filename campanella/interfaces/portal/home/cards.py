"""The words and figures of the family's first page."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.urls import reverse

from campanella.domains.payments.queries import Awaited, Held
from campanella.domains.support.queries import Headline
from campanella.domains.support.words import Topic
from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_time, day_long
from campanella.foundation.core.money import Euro
from campanella.foundation.design import addresses
from campanella.foundation.design.signs import service_sign
from campanella.interfaces.portal.asking import contact_about
from campanella.interfaces.portal.home.today import OtherBlock, Question, TodayBlock, is_told, other, question, today
from campanella.interfaces.portal.words import waits_because
from campanella.readings.credit import calm
from campanella.readings.family.home import ChildCard, FamilyHome, MenuToday, WalletToday

EVENING, AFTERNOON = time(18), time(13)


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
    """What is to be known about a child's credit: a payment under way, money that waits, or what asks for care."""

    kind: str
    title: str
    text: str
    address: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One child's card; ``top_up`` opens the top-up on this child, and is pressing when it is the one thing to do."""

    id: int
    name: str
    place: str
    tone: str
    today: TodayBlock
    questions: tuple[Question, ...]
    others: tuple[OtherBlock, ...]
    credits: tuple[CreditBlock, ...]
    notes: tuple[CareNote, ...]
    top_up: str
    is_pressing: bool
    cannot_pay: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything the first page shows."""

    greeting: str
    day: str
    cards: tuple[Card, ...]
    to_pay: tuple[ToPay, ...]
    news: tuple[Headline, ...]
    menus: tuple[MenuToday, ...]

    @classmethod
    def of(cls, home: FamilyHome, *, user_id: int, now: datetime) -> "HomePage":
        """Put the family's facts into words."""
        hour = now.astimezone(clock.ROME).time()
        hello = "Buonasera" if hour >= EVENING else "Buon pomeriggio" if hour >= AFTERNOON else "Buongiorno"
        return cls(
            greeting=f"{hello}, {home.greeting_name}",
            day=day_long(now).capitalize(),
            cards=tuple(_card(child, i, now, _payments(home, child, user_id)) for i, child in enumerate(_in_order(home))),
            to_pay=tuple(_to_pay(notice, home) for notice in home.to_pay[:3]),
            news=home.news,
            menus=home.menus,
        )


def _in_order(home: FamilyHome) -> list[ChildCard]:
    """Whoever waits for an answer comes first."""
    return sorted(home.children, key=lambda child: not any(service.is_asked for service in child.services))


def _card(child: ChildCard, number: int, now: datetime, payments: tuple[CareNote, ...]) -> Card:
    first = child.first_service
    cares = [note for note in (_care(child, wallet) for wallet in child.wallets) if note]
    return Card(
        id=child.id,
        name=child.called,
        place=" · ".join(filter(None, (child.class_name, child.school_name))) or "Ancora senza classe",
        tone="b" if number % 2 else "",
        today=today(child, first, now),
        questions=tuple(question(child, service) for service in child.services if service.is_asked),
        others=tuple(other(child, one, now) for one in child.services if one is not first and is_told(one)),
        credits=tuple(_credit(wallet) for wallet in child.wallets),
        notes=(*payments, *cares),
        top_up=_top_up(child, cares),
        is_pressing=bool(cares),
        cannot_pay=contact_about(topic=Topic.PAYMENTS, child_id=child.id, about="Non riesco a pagare adesso."),
    )


def _to_pay(notice: Awaited, home: FamilyHome) -> ToPay:
    name = next(child.called for child in home.children if child.id == notice.child_id)
    return ToPay(notice.id, f"{notice.service_name} di {name}", notice.amount, notice.due_on)


def _top_up(child: ChildCard, cares: list[CareNote]) -> str:
    """Return where a top-up of this child begins; nothing where a note brings its amount along, or an invoice asks."""
    if all(wallet.credit.is_after for wallet in child.wallets) or any(note.address for note in cares):
        return ""
    return f"{addresses.fixed('portal:top-up')}?wallet={_first_to_fill(child).id}"


def _first_to_fill(child: ChildCard) -> WalletToday:
    """Return the wallet a top-up begins with: one that asks for care, else that of the service the page speaks about."""
    first = child.first_service
    return min(
        child.wallets,
        key=lambda w: (
            w.credit.is_after,
            not w.credit.is_low,
            not w.credit.is_below_zero,
            w.service_name != (first and first.name),
        ),
    )


def _credit(wallet: WalletToday) -> CreditBlock:
    credit = wallet.credit
    if credit.is_after:
        return CreditBlock(wallet.service_name, service_sign(wallet.kind), credit.balance, "si paga dopo il mese", "")
    kind = "stop" if credit.is_below_zero else "warn" if credit.is_low and not credit.is_untouched else ""
    detail = credit.owes or credit.lasts
    return CreditBlock(wallet.service_name, service_sign(wallet.kind), credit.balance, detail, kind)


def _payments(home: FamilyHome, child: ChildCard, user_id: int) -> tuple[CareNote, ...]:
    """Return what is known of a child's payments: those that come, those of which nothing is known, those that wait."""
    going = [one for one in home.under_way if one.child_id == child.id]
    coming = [one for one in going if one.is_coming]
    notes = [_coming(child, coming, user_id)] if coming else []
    by_visit: dict[str, list[Awaited]] = {}
    for one in going:
        if one.visit and not one.is_coming:
            by_visit.setdefault(one.visit.token, []).append(one)
    notes += [_unknown(together, user_id) for together in by_visit.values()]
    return (*notes, *(_held(one) for one in home.held if one.child_id == child.id))


def _total(positions: list[Awaited]) -> Euro:
    return Euro(sum(one.amount.cents for one in positions))


def _coming(child: ChildCard, coming: list[Awaited], user_id: int) -> CareNote:
    """One note for a child, whatever the number of services that are being paid; the way to follow it for who is paying."""
    of_what = ", ".join(f"{one.service_name} {one.amount}" for one in coming) + ". " if len(child.wallets) > 1 else ""
    text = f"{of_what}Il credito sale da solo appena arriva la ricevuta: non pagare di nuovo."
    own = [one.visit.token for one in coming if one.visit and one.visit.user_id == user_id]
    address = reverse("portal:payment-progress", args=[own[0]]) if own else ""
    return CareNote("wait", f"Il pagamento sta arrivando: {_total(coming)}", text, address, "Segui il pagamento")


def _unknown(together: list[Awaited], user_id: int) -> CareNote:
    """Nothing is said to be under way that nobody is known to have paid."""
    visit = together[0].visit
    assert visit is not None
    end = f"finisce da solo alle {at_time(visit.free_at)}"
    if visit.user_id != user_id:
        text = f"Un altro adulto ha aperto pagoPA alle {at_time(visit.opened_at)}. Se non ha pagato, quel tentativo {end}."
        return CareNote("off", f"Non sappiamo se {_total(together)} sono pagati", text)
    text = f"Se hai pagato, il credito sale da solo. Se ti sei fermato, scegli tu: altrimenti quel tentativo {end}."
    address = reverse("portal:payment-progress", args=[visit.token])
    return CareNote("off", f"Non sappiamo se hai pagato {_total(together)}", text, address, "Riprova o lascia perdere")


def _held(money: Held) -> CareNote:
    address = reverse("portal:position", args=[money.request_id])
    return CareNote(
        "wait", f"{money.amount} arrivati: li controlla l’ufficio", waits_because(money.reason), address, "Che cosa succede"
    )


def _care(child: ChildCard, wallet: WalletToday) -> CareNote | None:
    """Nobody is asked to pay while a payment is coming."""
    credit = wallet.credit
    if wallet.is_coming or not credit.is_low:
        return None
    whose = f"di {child.called}" + (f" ({wallet.service_name})" if len(child.wallets) > 1 else "")
    easy = calm(kind=wallet.kind, child=child.called)
    if credit.is_untouched:
        return CareNote("off", f"Non hai ancora ricaricato il credito {whose}", easy)
    if credit.is_below_zero:
        unseen = f"{easy} A scuola nessuno vede questo saldo."
        return CareNote("stop", f"Il credito {whose} è sotto zero", unseen + _way_out(wallet), *_ready(wallet))
    if credit.balance.cents == 0:
        return CareNote("warn", f"Il credito {whose} è finito", easy)
    return CareNote("warn", f"Il credito {whose} sta per finire", f"Basta per {credit.lasts}. {easy}")


def _way_out(wallet: WalletToday) -> str:
    """The first proposed amount that brings the credit back, and what it leaves."""
    if wallet.even_with is None:
        return ""
    rest = wallet.credit.with_more(wallet.even_with)
    verb = "restano" if wallet.credit.units_with(wallet.even_with) > 1 else "resta"
    return f" Con {wallet.even_with} torni in pari" + (f" e {verb} {rest}." if rest else ".")


def _ready(wallet: WalletToday) -> tuple[str, str]:
    """Return the way to the top-up with that amount chosen already."""
    if wallet.even_with is None:
        return "", ""
    return f"{addresses.fixed('portal:top-up')}?r={wallet.id}-{wallet.even_with.cents}", f"Ricarica {wallet.even_with}"
