"""What stands on the kitchen's papers: the production sheet, the delivery note, the labels of special meals."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campanella.domains.accounts.models import User
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.cooking.rules import UNDEFINED, Changed, ClassOrder, Dish, Special, plate, undefined
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.foundation.core.errors import NotFound


@dataclass(frozen=True)
class Papers:
    """
    One sheet, as far as somebody may see it: what was frozen and nothing else, so that it prints the same in a year.

    :ivar before: what the number before held; empty for number 1
    :ivar changes: what this number changes of it
    """

    sheet: KitchenSheet
    ordered: list[ClassOrder]
    before: list[ClassOrder]
    changes: list[Changed]
    dishes: list[Dish]

    @property
    def meals(self) -> int:
        """Meals on the sheet, adults included."""
        return sum(order.total for order in self.ordered)

    def undefined(self, orders: Sequence[ClassOrder]) -> dict[str, list[str]]:
        """Return the dishes for which the menu does not say what a diet that is served eats, by the diet's code."""
        served = (one for order in orders for one in order.special.values())
        return undefined(self.dishes, (one.code for one in served if one.is_of_the_menu))


@dataclass(frozen=True)
class Labelled:
    """One special meal: for whom, where it goes, what to serve; never why."""

    school_name: str
    class_name: str
    shift: int
    child_name: str
    special: Special
    dishes: str

    @property
    def place(self) -> str:
        """Where it goes: "Primaria Rodari, 1° turno, 2ª B"."""
        return ", ".join(filter(None, [self.school_name, f"{self.shift}° turno" if self.shift else "", self.class_name]))


def papers_of(*, sheet_id: int, user: User) -> Papers:
    """
    Return a sheet, of the schools that somebody may see: three queries, one more from number 2 on.

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
    changes = [Changed(*one) for one in sheet.changes]
    return Papers(
        sheet=sheet,
        ordered=ordered,
        before=found[earlier.pk] if earlier else [],
        changes=[one for one in changes if seen is None or not one.school_id or one.school_id in seen],
        dishes=cooking.dishes_of(sheet=sheet),
    )


def specials(orders: Sequence[ClassOrder]) -> list[Special]:
    """Return the special meals of some orders, each once: those of a diet by its code, then the others."""
    found = {special for order in orders for special in order.special.values()}
    return sorted(found, key=lambda one: one.order)


def portions(papers: Papers) -> list[tuple[str, str, int]]:
    """Return what to cook: dish, for whom, how many. Where the menu does not say what a diet eats, that is to be asked."""
    counted = Counter(special for order in papers.ordered for special in order.special.values())
    usual = papers.meals - sum(counted.values())
    rows: list[tuple[str, str, int]] = []
    for dish in papers.dishes:
        instead: Counter[tuple[str, str]] = Counter()
        same = usual
        for special, count in counted.items():
            if not special.is_of_the_menu:
                continue
            served = dish.for_diet(special.code)
            if served and served.is_same_as(dish):
                same += count
            else:
                instead[served.name if served else UNDEFINED.capitalize(), special.label] += count
        rows.append((dish.name, "", same))
        rows += [(name, label, count) for (name, label), count in sorted(instead.items(), key=lambda one: one[0][1])]
    if not papers.dishes:
        return []
    apart = sorted((one for one in counted if not one.is_of_the_menu), key=lambda one: (one.ways, one.code))
    return rows + [
        (f"{'Pranzo' if one.is_packed else 'Pasto'} {one.ways}", one.label if one.code else "", counted[one])
        for one in apart
    ]


def labelled(papers: Papers, *, only_new: bool = False) -> list[Labelled]:
    """
    Return a label for each special meal to bring, school by school and class by class: one query more.

    :param only_new: those that the number before had not, or had otherwise; all of them where the menu was written anew
    """
    same = only_new and all(one.school_id for one in papers.changes)
    had = {child: special for order in papers.before for child, special in order.special.items()} if same else {}
    lines = sorted(papers.ordered, key=lambda order: (order.school_name, order.school_id, order.shift, order.class_name))
    names = people.full_names(child_ids=[child for order in lines for child in order.special])
    return [
        Labelled(
            order.school_name,
            order.class_name,
            order.shift,
            names[child],
            special,
            plate(papers.dishes, special.code) if special.is_of_the_menu else "",
        )
        for order in lines
        for child, special in sorted(order.special.items(), key=lambda one: names[one[0]])
        if had.get(child) != special
    ]
