"""
The shape of every table that belongs to a town.

The database's side of it (primary keys and foreign keys that begin with the town, row-level security, grants) is put in
place by ``tenants/guards.py`` after each migration, for every subclass, so that no table can forget it.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from django.db import models

from campanella.foundation.core.scope import active_town_id

M = TypeVar("M", bound=models.Model)
SetTo = TypeVar("SetTo")
Got = TypeVar("Got")


@dataclass(frozen=True, slots=True)
class Tells:
    """
    What a row says has changed when it is written, changed or taken away (``core/changes.py``).

    :ivar whose: of a class, of a child (then of the class it is in), or of everybody in the town
    :ivar column: of the class or the child; empty for everybody
    :ivar days: the column of the day or of the range of days; empty is whatever day
    """

    whose: Literal["class", "child", "town"]
    column: str = ""
    days: str = ""


class TownManager(models.Manager[M]):
    """Begins every query with the active town; raises without one."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(municipality_id=active_town_id())


class TownRow(models.Model):
    """A row that belongs to one municipality."""

    id = models.BigAutoField(primary_key=True)
    municipality_id = models.IntegerField(default=active_town_id, editable=False)

    objects: ClassVar[models.Manager[Self]] = TownManager()

    # True for facts: the application may insert and read them, never change or delete them.
    append_only: ClassVar[bool] = False
    # True for rows that are written over day after day: their pages keep room, so that a change of a column that no index
    # reads leaves every index alone (PostgreSQL's heap-only tuples). Wallets that did not grew fifteenfold in a month.
    written_over: ClassVar[bool] = False
    # Whose numbers change with a row, for whoever keeps them in memory; the database puts it on record by itself.
    tells: ClassVar[Tells | None] = None

    class Meta:
        abstract = True
        base_manager_name = "objects"


class TownForeignKey(models.ForeignKey[SetTo, Got], Generic[SetTo, Got]):
    """
    A reference inside the town: the database's key is (town, id), added by the guards.

    It has no index of its own: an index begins with the town, and a table says in its ``Meta`` which ones it reads by.

    :param agreeing: columns of both tables that must say the same; they are part of the key, and a reference among them
        needs no key of its own. The other table has a unique key of (town, id, these columns)
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, *, agreeing: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.agreeing = agreeing
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)
