"""How large a town of the demo is: ``tiny`` for tests, ``small`` as planned, ``full`` as the real ones."""

from dataclasses import replace

from campanella.demo.towns import MIDDLE, NURSERY, PRIMARY, SECTIONS, SchoolPlan, TownPlan

SIZES = ("tiny", "small", "full")
# Too few families would be in arrears there.
NEVER_TINY = ("truccazzano",)
CLASS_SIZE = {"nido": 14, "infanzia": 23, "primaria": 20, "secondaria": 23}
LETTERS = {
    "nido": tuple(f"{name} {group}" for group in ("Sole", "Luna") for name in NURSERY),
    "infanzia": (*SECTIONS, "Sezione Farfalle"),
    "primaria": (*PRIMARY, *(name.replace("A", "B") for name in PRIMARY)),
    "secondaria": tuple(name.replace("A", letter) for letter in "ABC" for name in MIDDLE),
}
# Shares of the children by level, in a hundred.
SHARES = {"nido": 7, "infanzia": 23, "primaria": 50, "secondaria": 20}
NAMES = (
    "Rodari", "Montessori", "Collodi", "Calvino", "Deledda", "Pascoli", "Leopardi", "Manzi", "Levi", "Morante", "Munari",
    "Gramsci", "Mameli", "Garibaldi", "Mazzini", "Galilei", "Volta", "Fermi", "Hack", "Curie", "Anna Frank", "Malala",
)  # fmt: skip


def schools_of(plan: TownPlan, *, size: str) -> tuple[SchoolPlan, ...]:
    """Return the schools of a town at a size."""
    if size == "tiny" and plan.slug not in NEVER_TINY:
        return tuple(replace(school, size=3) for school in plan.schools[:3])
    if size == "full" and plan.full:
        return _full(plan)
    return plan.schools


def children_of(plan: TownPlan, *, size: str) -> int | None:
    """Return how many children a town has exactly, None when its classes decide."""
    return plan.full if size == "full" and plan.full else None


def _full(plan: TownPlan) -> tuple[SchoolPlan, ...]:
    """The planned schools with classes of real size, and as many more as the children need."""
    levels = [level for level in SHARES if any(school.level == level for school in plan.schools)]
    whole = sum(SHARES[level] for level in levels)
    found: list[SchoolPlan] = []
    for level in levels:
        planned = [school for school in plan.schools if school.level == level]
        wanted, letters = plan.full * SHARES[level] // whole, LETTERS[level]
        schools = -(-wanted // (CLASS_SIZE[level] * len(letters)))
        size = -(-wanted // (schools * len(letters)))
        for i in range(schools):
            base = planned[i] if i < len(planned) else _another(level, i)
            found.append(replace(base, classes=letters, size=size))
    return tuple(found)


def _another(level: str, index: int) -> SchoolPlan:
    title = {"nido": "Nido", "infanzia": "Scuola dell’infanzia", "primaria": "Primaria", "secondaria": "Secondaria"}[level]
    name = NAMES[index % len(NAMES)]
    return SchoolPlan(f"{level[:3]}-{name.lower().replace(' ', '-')}-{index}", f"{title} {name}", level, (), 0)
