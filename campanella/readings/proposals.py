"""How a proposal stands, as a pill: office and family read the same."""

from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.adjusting.rules import STATES

_REFUNDS = {
    "": ("wait", "Approvato"),
    "asked": ("wait", "In banca"),
    "executed": ("ok", "Pagato"),
    "back": ("stop", "Tornato indietro"),
}
_SIGNS = {"waiting": "wait", "done": "ok"}


def pill(proposal: ProposalView) -> tuple[str, str]:
    """Return sign and word of how it stands."""
    if proposal.kind == "refund" and proposal.state == "done":
        return _REFUNDS[proposal.paid]
    return _SIGNS.get(proposal.state, "off"), STATES[proposal.state]
