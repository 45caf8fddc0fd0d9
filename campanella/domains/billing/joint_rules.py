"""Which invoices one paper notice may ask for: plain decisions."""

from collections.abc import Collection, Mapping

# Of one invoice there is a notice already.
LEAST = 2
# As many as are told on one sheet of paper.
MOST = 20


def paid_before(*, chosen: Collection[int], open_ones: Mapping[int, Collection[int]]) -> set[int]:
    """
    Return the invoices that are not chosen, and that the money of the chosen ones would pay first.

    Money that names no invoice pays the oldest that is open in its wallet (``settlement``): a notice for a later one alone
    would leave that one open, and its family would not understand why.

    :param open_ones: by invoice its wallets; a later one has the higher id
    """
    return {
        before
        for before, wallets in open_ones.items()
        if before not in chosen
        and any(before < one and not set(wallets).isdisjoint(open_ones.get(one, ())) for one in chosen)
    }
