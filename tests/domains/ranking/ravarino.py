"""The points of Ravarino (field.md, R11) as criteria: what its officer could check line by line."""

from campanella.domains.ranking.rules.scheme import Criterion

HOUSEHOLD, CHILDREN, TWINS, PREGNANCY, INVALID, WORK, HOURS, NIGHTS, SHIFTS, COMMUTING, DISABLED = range(1, 12)
TABLE: tuple[tuple[int, str, int], ...] = (
    (HOUSEHOLD, "Genitore solo", 35),
    (HOUSEHOLD, "Genitori separati", 25),
    (CHILDREN, "Uno", 5),
    (CHILDREN, "Due", 10),
    (CHILDREN, "Tre", 15),
    (CHILDREN, "Quattro o più", 20),
    (TWINS, "yes", 5),
    (PREGNANCY, "yes", 5),
    (INVALID, "yes", 15),
    (WORK, "Contratto di almeno un anno", 13),
    (WORK, "Contratto più breve", 10),
    (WORK, "Disoccupato", 8),
    (HOURS, "30 ore o più", 12),
    (HOURS, "Da 21 a 29 ore", 8),
    (HOURS, "Fino a 20 ore", 6),
    (NIGHTS, "yes", 6),
    (SHIFTS, "yes", 4),
    (COMMUTING, "yes", 3),
)
CRITERIA = (*(Criterion(*row) for row in TABLE), Criterion(DISABLED, "yes", 0, comes_first=True))
