"""The ladder of reminders: its steps, what a step may be, and which one a household stands before. Amounts in cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from campanella.domains.arrears.rules.interest import MOST_POINTS
from campanella.domains.arrears.rules.interest import told as interest_told

Channel = Literal["mail", "letter", "registered", "pec", "sms", "collector"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)

CHANNEL_WORDS: dict[Channel, str] = {
    "mail": "e-mail, con il PDF allegato",
    "letter": "lettera da stampare",
    "registered": "raccomandata, con il numero di protocollo",
    "pec": "PEC, con il numero di protocollo",
    "sms": "SMS inviato dall’ufficio, con il numero di protocollo",
    "collector": "lista per la riscossione, senza altri avvisi",
}
# Sent by the software itself; all others leave the office by hand, and the office writes down how and when.
BY_ITSELF: tuple[Channel, ...] = ("mail",)
# What the office must give a protocol number to.
WITH_PROTOCOL: tuple[Channel, ...] = ("registered", "pec", "sms")
# Only what is brought by post or by a messenger costs the town something that it may ask back.
WITH_COST: tuple[Channel, ...] = ("letter", "registered")

# Rule card R9 and office need O11: the cost of one notification that towns ask back, and the time a formal reminder gives.
MOST_COST = 588
FORMAL: tuple[Channel, ...] = ("registered", "pec")
FORMAL_DAYS = 30
MOST_STEPS = 8
LONGEST_TEXT = 1200

Why = Literal[
    "stop",
    "plan",
    "contested",
    "coming",
    "debit",
    "untold",
    "little",
    "end",
    "waiting",
    "under",
    "early",
    "paid",
    "other_step",
    "collector",
]
WHY_WORDS: dict[Why, str] = {
    "stop": "fermata dall’ufficio",
    "plan": "paga a rate, e le rispetta",
    "contested": "ha contestato quello che deve",
    "coming": "sta pagando, o il pagamento sta arrivando",
    "debit": "è addebitata sul conto",
    "untold": "non ha ancora avuto la fattura: consegnala, e scrivi quando",
    "little": "deve meno del minimo",
    "end": "ha già avuto tutti i solleciti",
    "waiting": "ha ancora tempo dall’ultimo sollecito",
    "under": "deve meno della soglia del prossimo sollecito",
    "early": "non sono ancora passati i giorni del prossimo sollecito",
    "paid": "ha pagato dopo l’anteprima",
    "other_step": "dopo l’anteprima il suo debito è cambiato",
    "collector": "è pronta per la lista della riscossione",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    One step of the ladder.

    :ivar place: from 1
    :ivar threshold: the least that is owed in all, in cents
    :ivar after_days: days from the oldest due date
    :ivar text: what the letter says before the sums; what to do and whom to call is always said beside it
    :ivar wait_days: days before the next step
    :ivar pay_days: days that the letter gives to pay
    :ivar cost: charged to the household, in cents
    :ivar interest: hundredths of a point beyond the legal rate that invoices bear by then; None for no interest
    """

    place: int
    name: str
    threshold: int
    after_days: int
    channel: Channel
    text: str
    wait_days: int
    pay_days: int
    cost: int
    interest: int | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of a town from a day on, until another ladder begins."""

    id: int | None
    first: date
    steps: tuple[Step, ...]


DEFAULT = Ladder(
    None,
    date(2000, 1, 1),
    (
        Step(
            place=1,
            name="Promemoria",
            threshold=1200,
            after_days=15,
            channel="mail",
            text=(
                "Forse ti è sfuggito: risulta ancora da pagare quello che trovi qui sotto. Se hai già pagato, non devi fare "
                "nulla."
            ),
            wait_days=20,
            pay_days=15,
            cost=0,
        ),
        Step(
            place=2,
            name="Sollecito",
            threshold=2000,
            after_days=45,
            channel="letter",
            text="Ti abbiamo scritto poco tempo fa: risulta ancora da pagare quello che trovi qui sotto.",
            wait_days=30,
            pay_days=15,
            cost=0,
        ),
        Step(
            place=3,
            name="Sollecito formale",
            threshold=5000,
            after_days=90,
            channel="registered",
            text=(
                "Questa lettera vale come costituzione in mora. Se non paghi, e non ci chiedi di pagare a rate, il Comune "
                "deve affidare la somma a chi riscuote per suo conto, con altre spese."
            ),
            wait_days=45,
            pay_days=30,
            cost=588,
        ),
        Step(
            place=4,
            name="Riscossione",
            threshold=5000,
            after_days=180,
            channel="collector",
            text="",
            wait_days=0,
            pay_days=0,
            cost=0,
        ),
    ),
)


def faults(steps: Sequence[Step], *, least: int) -> list[str]:
    """
    Return what is wrong with a ladder, each as a sentence for whoever writes it; an empty list is a good one.

    :param least: under this sum, in cents, a town writes to nobody
    """
    found = []
    if not steps:
        return ["Serve almeno un passo."]
    if len(steps) > MOST_STEPS:
        found.append(f"Al massimo {MOST_STEPS} passi.")
    before: Step | None = None
    for step in steps:
        found += [f"Passo {step.place}: {fault}" for fault in _faults_of(step, before, least=least)]
        before = step
    return found


def _faults_of(step: Step, before: Step | None, *, least: int) -> list[str]:
    found = []
    if not step.name.strip():
        found.append("scrivi il nome.")
    if step.threshold < least:
        found.append("la soglia è sotto il minimo per cui si scrive a qualcuno.")
    if min(step.after_days, step.wait_days, step.pay_days, step.cost) < 0:
        found.append("giorni e spese non sono sotto zero.")
    if len(step.text) > LONGEST_TEXT:
        found.append(f"il testo è più lungo di {LONGEST_TEXT} caratteri.")
    if step.channel not in CHANNELS:
        found.append("scegli come si manda.")
    elif step.channel != "collector":
        if not step.text.strip():
            found.append("scrivi il testo della lettera.")
        if step.pay_days < 1:
            found.append("lascia almeno un giorno per pagare.")
    if step.channel in FORMAL and step.pay_days < FORMAL_DAYS:
        found.append(f"un sollecito formale lascia almeno {FORMAL_DAYS} giorni per pagare.")
    if step.cost and step.channel not in WITH_COST:
        found.append("le spese si chiedono solo per ciò che si porta per posta o a mano.")
    if step.cost > MOST_COST:
        found.append("le spese non superano 5,88 €, il costo di una notifica.")
    if step.interest is not None and step.channel == "collector":
        found.append("la lista per la riscossione non aggiunge interessi.")
    if not 0 <= (step.interest or 0) <= MOST_POINTS:
        found.append(f"gli interessi non superano di {MOST_POINTS // 100} punti quelli legali.")
    if before and before.channel == "collector":
        found.append("dopo la lista per la riscossione non c’è altro.")
    if before and step.after_days <= before.after_days:
        found.append("i giorni dalla scadenza sono più di quelli del passo prima.")
    if before and before.wait_days < before.pay_days:
        found.append(
            "il passo prima lascia per pagare più giorni di quanti se ne aspettano: arriverebbe un altro sollecito, o la "
            "riscossione, a chi ha ancora tempo."
        )
    return found


def ladder_on(ladders: Sequence[Ladder], day: date) -> Ladder:
    """
    Return the ladder of a day: of those that have begun the latest, of one day the later written; else the one proposed.

    :param ladders: in the order in which they were written
    """
    begun = [ladder for ladder in ladders if ladder.first <= day]
    return max(enumerate(begun), key=lambda one: (one[1].first, one[0]))[1] if begun else DEFAULT


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Where a household stands on a day.

    :ivar total: what it owes and may be asked for, in cents
    :ivar oldest: the oldest due date of it
    :ivar last_place: the last step it had for any of these debts, 0 for none
    :ivar last_on: when
    :ivar barred: why nobody writes to it whatever it owes, None when nothing keeps from it
    """

    total: int
    oldest: date | None
    last_place: int = 0
    last_on: date | None = None
    barred: Why | None = None


def next_step(*, standing: Standing, ladder: Ladder, least: int, today: date) -> Step | Why:
    """
    Return the step that a household is to have today, or why it has none.

    :param least: under this sum, in cents, a town writes to nobody
    """
    if standing.barred:
        return standing.barred
    if standing.oldest is None or standing.total <= 0:
        return "paid"
    if standing.total < least:
        return "little"
    steps = {step.place: step for step in ladder.steps}
    last, step = steps.get(standing.last_place), steps.get(standing.last_place + 1)
    if step is None:
        return "end"
    # A ladder written before this was asked for may wait less than its letter gives to pay.
    rest = timedelta(days=max(last.wait_days, last.pay_days)) if last else timedelta()
    if standing.last_on is not None and today < standing.last_on + rest:
        return "waiting"
    if standing.total < step.threshold:
        return "under"
    if today < standing.oldest + timedelta(days=step.after_days):
        return "early"
    return "collector" if step.channel == "collector" else step


def told(step: Step) -> str:
    """Tell a step in plain words, as the office reads it beside its numbers."""
    euros = f"{step.threshold // 100},{step.threshold % 100:02} €"
    said = f"Da {euros} in su, {step.after_days} giorni dopo la scadenza: {CHANNEL_WORDS[step.channel]}."
    if step.channel == "collector":
        return said
    said += f" Lascia {step.pay_days} giorni per pagare; il passo dopo non arriva prima di {step.wait_days} giorni."
    if step.cost:
        said += f" Si aggiungono {step.cost // 100},{step.cost % 100:02} € di spese."
    if step.interest is not None:
        said += f" Si aggiungono {interest_told(step.interest)} sulle fatture scadute."
    return said
