"""Jobs that come by themselves: the cut-off of each day, and those of the night."""

from procrastinate.contrib.django import app

from campanella.domains.services import queries as services
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import active_town_id, scope
from campanella.foundation.tenants.queries import all_towns
from campanella.usecases import (
    certificates,
    certificates_ending,
    cut_off,
    freezing,
    isee,
    isee_at_inps,
    night,
    notices,
    outages,
    reckoning,
    reminders,
    thanks,
)
from campanella.usecases.adjusting import deciding
from campanella.usecases.arrears import sending
from campanella.usecases.billing import fees, recalling
from campanella.usecases.debiting import booking
from campanella.usecases.places import following
from campanella.usecases.ranking import offers

TOO_LATE = Software("Tempo scaduto")
UNUSED = Software("36 mesi senza addebiti")
FEES = Software("Quote fisse")
TARIFFS = Software("Tariffe")
# The jobs of a town's night, with their urgency: an outside party may take its time and comes after all else.
NIGHT = {
    "prove": 0,
    "forget": 0,
    "collect": 0,
    "tell_of_certificates": 0,
    "tell_of_isee": 0,
    "let_go_of_proposals": 0,
    "end_places": 0,
    "let_places_lapse": 0,
    "ask_inps": -1,
}


@app.periodic(cron="41 2 * * *")
@app.task(name="night", queueing_lock="night")
def begin_night(timestamp: int) -> None:
    """Ask for the proof of every town, and for what is over to be forgotten; one that fails holds up no other."""
    for town in all_towns():
        with scope(town.id):
            for name, urgency in NIGHT.items():
                jobs.enqueue(name, town=town.id, urgency=urgency)


@jobs.regularly("cut_offs", cron="* * * * *")
def look_for_cut_offs() -> None:
    """Ask for the sheets of every town whose cut-off is over; a town where none is costs a few look-ups."""
    for town in all_towns():
        with scope(town.id):
            outages.move_cut_offs(now=clock.now())
            if freezing.due(now=clock.now()) or cut_off.due(now=clock.now()):
                jobs.enqueue("freeze_sheets", town=town.id)
            if reminders.is_time(clock.now()):
                jobs.enqueue("remind", town=town.id)


@jobs.job("remind")
def remind() -> None:
    """Remind the schools that have not confirmed, then the office; whoever was reminded is not written to again."""
    reminders.look(now=clock.now())


@jobs.job("freeze_sheets")
def freeze_sheets() -> None:
    """
    Charge what is booked and freeze every sheet of a town that is due, each in a transaction of its own.

    A second run finds none; one that was killed in between goes on where it was.
    """
    with scope(active_town_id()):
        waiting, rides = freezing.due(now=clock.now()), cut_off.due(now=clock.now())
    for service, day in rides:
        cut_off.confirm_booked(by=cut_off.BY_ITSELF, service=service, day=day, now=clock.now())
    for one in waiting:
        cut_off.confirm_booked(by=cut_off.BY_ITSELF, service=one.service, day=one.day, now=clock.now())
        freezing.freeze(by=cut_off.BY_ITSELF, due=one, now=clock.now())


@jobs.job("send_reminders")
def send_reminders(*, run_id: int) -> None:
    """Issue the reminders of a run, some households in a transaction; a second run finds what the first has done."""
    sending.send(run_id=run_id)


@jobs.job("recall_invoices")
def recall_invoices(*, run_id: int) -> None:
    """Call a month's invoices back once its time has come; a second run finds them called back."""
    recalling.carry_out(run_id=run_id)


@jobs.job("make_certificates")
def make_certificates(*, run_id: int) -> None:
    """Make a year's certificates, some children in a transaction; a second run finds what the first has done."""
    while certificates.go_on(run_id=run_id, now=clock.now()):
        pass


@jobs.job("thank_later")
def thank_later(*, receipt_pk: int, wallet_id: int) -> None:
    """Thank for a receipt that has waited for those paid with it; a second run finds it thanked for."""
    thanks.thank(receipt_pk=receipt_pk, wallet_id=wallet_id, is_last_call=True)


@jobs.job("tell_notices_later")
def tell_notices_later(*, request_ids: list[int]) -> None:
    """Tell the families of notices made for many; what was deleted while the letter waited is left out."""
    notices.tell(request_ids=request_ids)


@jobs.regularly("fees", cron="11 1 * * *")
def look_for_fees() -> None:
    """Ask for the charges of every town's fees, before its book is proved; a town without any costs a look-up."""
    for town in all_towns():
        with scope(town.id):
            if fees.are_charged():
                jobs.enqueue("charge_fees", town=town.id)


@jobs.job("charge_fees")
def charge_fees() -> None:
    """Charge what is due of a town's fees, a service a transaction; a second run finds nothing to charge."""
    fees.charge(by=FEES, now=clock.now())


@jobs.regularly("tariffs", cron="31 1 * * *")
def look_at_tariffs() -> None:
    """Ask for every town's subscriptions to be as its tariffs say, before its book is proved; most find nothing to do."""
    for town in all_towns():
        with scope(town.id):
            if services.reckons():
                jobs.enqueue("reckon", town=town.id)


@jobs.job("reckon")
def reckon() -> None:
    """Put right what no act has, such as a birthday that was corrected; a second run finds none."""
    reckoning.put_all_right(by=TARIFFS, now=clock.now())


@jobs.job("tell_of_isee")
def tell_of_isee() -> None:
    """Remind families of the ISEE that end soon, and of the days to present one; who was reminded is not reminded again."""
    isee.tell_of_ends(now=clock.now())
    isee.tell_of_deadlines(now=clock.now())


@jobs.job("ask_inps")
def ask_inps() -> None:
    """Ask INPS about what families have declared, where the town wants it; a second run asks what the first has not."""
    isee_at_inps.ask_all(now=clock.now())


@jobs.job("tell_of_certificates")
def tell_of_certificates() -> None:
    """Ask families for the certificates that end; whoever was asked is not asked again."""
    certificates_ending.tell(now=clock.now())


@jobs.job("prove")
def prove() -> None:
    """Prove the book of a town and seal its day; a second run finds it proved, and seals the rest."""
    night.prove(now=clock.now())


@jobs.job("let_places_lapse")
def let_places_lapse() -> None:
    """Let the places go that nobody has answered for in time, and offer them to the next; a second run finds none."""
    offers.lapse(now=clock.now())


@jobs.job("collect")
def collect() -> None:
    """Book the collections whose day has come, some in a transaction, and end mandates unused for 36 months."""
    while booking.book_due(now=clock.now()):
        pass
    booking.lapse(by=UNUSED, now=clock.now())


@jobs.job("let_go_of_proposals")
def let_go_of_proposals() -> None:
    """Let go of what has waited too long for a second person; a second run finds none."""
    deciding.expire_all(by=TOO_LATE, now=clock.now())


@jobs.job("end_places")
def end_places() -> None:
    """End offers whose term is over, and places of who does not use the service any more; a second run finds none."""
    following.lapse(now=clock.now())
    following.follow_all(now=clock.now())


@jobs.job("forget")
def forget() -> None:
    """Forget the ended sessions and the old tries to enter of a town; a second run finds none."""
    night.forget(now=clock.now())
