"""What a history comes to, reckoned by hand: nothing of the product's own rules is used."""

from datetime import date, datetime

from tests.usecases.days.history import CUT_OFF, GRACE, LARGEST_ERROR, Ask, History, Tap, on

# Present, to be paid, in white.
State = tuple[bool, bool, bool]
# When it was said, there or not, in white, in no white, or nothing of it.
Word = tuple[datetime, bool, bool | None]
WHITE = {"white": True, "usual": False}


def hour(text: object) -> float:
    """Return an hour of the clock as a number."""
    return int(str(text)[:2]) + int(str(text)[3:5]) / 60


def state(told: History, day: date, child: int) -> State | None:
    """Return what a child's day came to; None where its class was never called."""
    if not told.is_called(day):
        return None
    return _state(told, day, child, until=None)


def adults(told: History, day: date) -> int:
    """Return how many adults eat."""
    said = [(tap.made, tap.adults) for tap in told.taps if tap.day == day and tap.child is None and _counts(told, tap)]
    confirming = told.confirmed[day]
    if told.is_called(day) and confirming.adults is not None:
        said.append((confirming.at, confirming.adults))
    return max(said)[1] if said else 0


def _state(told: History, day: date, child: int, *, until: datetime | None) -> State:
    """Walk through the day; ``until`` leaves out what is done, or comes in, at the server after a moment."""
    booked, white_wish, wished = told.modes[day] != "opt_in", False, on(day, 0)
    for ask in sorted(_asked(told, day, child), key=_moment):
        booked, white_wish, wished = ask.action != "cancel", ask.action == "white", _moment(ask)
    marks = [tap for tap in told.taps if (tap.day, tap.child) == (day, child) and _counts(told, tap)]
    if until:
        marks = [tap for tap in marks if tap.window[1] <= until]
    # Who only says that a child is there says nothing of its menu.
    said: list[Word] = [(tap.made, tap.kind != "absent", WHITE.get(tap.kind)) for tap in marks]
    if child in told.confirmed[day].absent:
        said.append((told.confirmed[day].at, False, False))
    corrections = [one for one in told.corrections if (one.day, one.child) == (day, child)]
    stronger: list[Word] = [(one.at, one.is_present, one.is_white) for one in corrections]
    if until:
        stronger = [one for one in stronger if one[0] < until]
    if given := _given_back(told, day, child, until=until):
        stronger.append((given, False, False))
    # The office is stronger than the school, whichever came first; of each, the last word holds.
    register = _register(told, day, child, until=until)
    weaker: Word = (on(day, 0), booked if register is None else register, None)
    made, present, white = max(stronger or said or [weaker], key=lambda word: word[0])
    # A teacher could say nothing of a white meal that was asked for afterwards.
    in_white = present and (white or (white_wish and (white is None or (not stronger and wished > made))))
    if stronger or told.modes[day] in ("roll_call", "register"):
        return present, present, in_white
    return present, present or booked, in_white


def _register(told: History, day: date, child: int, *, until: datetime | None) -> bool | None:
    """
    Return whether the class register lets a child be there, None where it says nothing that holds.

    It says nothing twice, nothing on a closed day, and nothing of a class that its teacher has confirmed. Where the school
    goes by it, its family may answer that a child comes all the same, or not, until the register is heard again.
    """
    known, word = None, None
    for one in sorted((one for one in told.registers if one.day == day and child in one.states), key=lambda one: one.at):
        if told.is_closed(day, one.at) or one.states[child] == known or (until and one.at >= until):
            continue
        known = one.states[child]
        if not _is_confirmed_in_class(told, day, one.at):
            word = one
    if word is None:
        return None
    heard = [one for one in told.registers if one.day == day and child in one.states and not told.is_closed(day, one.at)]
    was_absent = any(not one.states[child] and not _is_confirmed_in_class(told, day, one.at) for one in heard)
    asked = sorted(_asked(told, day, child), key=_moment)
    if told.modes[day] == "register" and was_absent and asked and _moment(asked[-1]) >= word.at:
        return asked[-1].action != "cancel"
    return word.states[child]


def _is_confirmed_in_class(told: History, day: date, moment: datetime) -> bool:
    confirming = told.confirmed[day]
    return told.is_called(day) and confirming.at < moment and confirming.by != "town"


def _given_back(told: History, day: date, child: int, *, until: datetime | None) -> datetime | None:
    """
    Return when closures have given the day back, None where they have not, or nothing closes it any more.

    Each press gives back whom it finds charged: who was corrected since the last one is given back once more.
    """
    given = None
    turns = [(moment, closing) for closing in told.closed[day] for moment in closing.turns]
    for moment, closing in sorted(turns, key=lambda one: one[0]):
        if moment < told.confirmed[day].at or (until and moment >= until):
            continue
        if moment in closing.given and _state(told, day, child, until=moment)[1]:
            given = moment
        if moment == closing.withdrawn and not told.is_closed(day, moment):
            given = None
    return given


def _counts(told: History, tap: Tap) -> bool:
    """Who is there eats at any hour; a tap that takes away counts until marks end; nothing does while the day is closed."""
    if tap.is_shut_out:
        return False
    if tap.kind != "absent":
        return True
    end = on(tap.day, hour(told.marks_until or CUT_OFF))
    return not told.is_called(tap.day) or tap.made <= max(end, told.confirmed[tap.day].at)


def _moment(ask: Ask) -> datetime:
    """When it was made: the tap, where the clock is right enough to be believed."""
    return ask.tapped if ask.tapped and abs(ask.error) <= LARGEST_ERROR else ask.received


def _is_in_time(told: History, ask: Ask, day: date) -> bool:
    if told.modes[day] == "roll_call" and told.is_called(day) and ask.received > told.confirmed[day].at:
        return False
    cut_off = on(day, hour(CUT_OFF))
    if ask.received <= cut_off:
        return True
    believed = ask.tapped is not None and abs(ask.error) <= LARGEST_ERROR
    return bool(believed and ask.received <= cut_off + GRACE and ask.tapped and ask.tapped <= cut_off)


def _asked(told: History, day: date, child: int) -> list[Ask]:
    """Return the requests for a day that hold."""
    mine = [ask for ask in told.asks if day in ask.days and child in ask.children and _is_in_time(told, ask, day)]
    undone = {ask.undoes.number for ask in mine if ask.undoes}
    return [
        ask
        for ask in mine
        if not ask.undoes
        and ask.number not in undone
        # A white meal is not asked for on a closed day.
        and not (ask.action == "white" and told.is_closed(day, ask.received))
    ]
