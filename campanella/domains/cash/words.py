"""How money comes in at a counter, and what a cash point is, in words."""

from campanella.domains.cash.rules import Means, PointKind

MEANS_WORDS: dict[Means, str] = {"cash": "Contanti", "card": "Carta"}
KIND_WORDS: dict[PointKind, str] = {"pharmacy": "Farmacia", "shop": "Negozio", "desk": "Economato o sportello"}
