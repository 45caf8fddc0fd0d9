"""What stands on the kitchen's papers: the production sheet, the delivery note, the labels of special meals."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campanella.domains.accounts.models import User
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.cooking.queries import Table
from campanella.domains.cooking.rules import Order, Special
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.foundation.core.errors import NotFound
from campanella.readings.kitchen.orders import Added, additions, told, with_additions


@dataclass(frozen=True)
class Papers:
    """
    One sheet, as far as somebody may see it.

    :ivar ordered: what is on it
    :ivar added: what has come since
    :ivar to_bring: both together
    :ivar before: what the number before held; None for number 1
    """

    sheet: KitchenSheet
    ordered: list[Order]
    added: list[Added]
    to_bring: list[Order]
    before: list[Order] | None
    table: Table | None

    @property
    def meals(self) -> int:
        """Meals on the sheet, adults included."""
        return sum(order.total for order in self.ordered)

    @property
    def changes(self) -> list[str]:
        """What this number changes of the one before, class by class."""
        if self.before is None:
            return []
        was = {order.class_group_id: order for order in self.before}
        return [change for order in self.ordered if (change := _change(order, was.get(order.class_group_id)))]


@dataclass(frozen=True)
class Labelled:
    """One special meal: for whom, where it goes, what to serve; never why."""

    school_name: str
    class_name: str
    shift: int
    child_name: str
    special: Special
    dishes: list[str]

    @property
    def place(self) -> str:
        """Where it goes: "Primaria Rodari, 1° turno, 2ª B"."""
        return ", ".join(filter(None, [self.school_name, f"{self.shift}° turno" if self.shift else "", self.class_name]))


def papers_of(*, sheet_id: int, user: User) -> Papers:
    """
    Return a sheet with what has come since, of the schools that somebody may see: six queries, two more from number 2 on.

    :raises NotFound: the town has no such sheet, or it is of other schools only
    """
    sheet = cooking.sheet(sheet_id=sheet_id)
    seen = schools.held_to(user=user)
    earlier = cooking.sheet_before(sheet=sheet) if sheet.number > 1 else None
    ids = [sheet.pk, *([earlier.pk] if earlier else [])]
    found = cooking.orders(sheet_ids=ids)
    ordered = [order for order in found[sheet.pk] if seen is None or order.school_id in seen]
    if not ordered:
        raise NotFound
    since = [one for one in additions(sheet=sheet) if seen is None or one.school_id in seen]
    return Papers(
        sheet=sheet,
        ordered=ordered,
        added=told(since),
        to_bring=with_additions(ordered, since, as_of=sheet.as_of),
        before=found[earlier.pk] if earlier else None,
        table=cooking.tables(service_ids=[sheet.service_id], day=sheet.day).get(sheet.service_id),
    )


def specials(orders: Sequence[Order]) -> list[Special]:
    """Return the special meals of some orders, each once: those of a diet by its code, then the white meal of all."""
    found = {special for order in orders for special in order.special.values()}
    return sorted(found, key=lambda one: (not one.code, one.code, one.is_white))


def portions(papers: Papers) -> list[tuple[str, str, int]]:
    """Return what to cook: dish, for whom, how many. A diet without a substitute eats the dish itself."""
    if papers.table is None:
        return []
    counted = Counter(special for order in papers.ordered for special in order.special.values())
    usual = papers.meals - sum(counted.values())
    rows: list[tuple[str, str, int]] = []
    for dish in papers.table.dishes:
        instead: Counter[tuple[str, str]] = Counter()
        same = usual
        for special, count in counted.items():
            served = dish.for_diet(special.code)
            if special.is_white:
                continue
            if served.name == dish.name:
                same += count
            else:
                instead[served.name, special.label] += count
        rows.append((dish.name, "", same))
        rows += [(name, label, count) for (name, label), count in sorted(instead.items(), key=lambda one: one[0][1])]
    white = sorted((one.code, one.label, count) for one, count in counted.items() if one.is_white)
    return rows + [("Pasto in bianco", label if code else "", count) for code, label, count in white]


def labelled(papers: Papers) -> list[Labelled]:
    """Return a label for each special meal to bring, school by school and class by class: one query more."""
    lines = sorted(papers.to_bring, key=lambda order: (order.school_name, order.school_id, order.shift, order.class_name))
    names = people.full_names(child_ids=[child for order in lines for child in order.special])
    dishes = papers.table.dishes if papers.table else ()
    return [
        Labelled(
            order.school_name,
            order.class_name,
            order.shift,
            names[child],
            special,
            [] if special.is_white else [dish.for_diet(special.code).name for dish in dishes],
        )
        for order in lines
        for child, special in sorted(order.special.items(), key=lambda one: names[one[0]])
    ]


def _change(order: Order, was: Order | None) -> str:
    before = was.total if was else 0
    ate = {child: was.special.get(child) for child in was.child_ids} if was else {}
    menus = sum(1 for child in order.child_ids if child in ate and ate[child] != order.special.get(child))
    difference = order.total - before
    sign = f"{'+' if difference > 0 else '−'}{abs(difference)}" if difference else ""
    words = ", ".join(filter(None, [sign, f"{menus} con un altro menù" if menus else ""]))
    return f"{order.school_name}, {order.class_name}: {words}" if words else ""
