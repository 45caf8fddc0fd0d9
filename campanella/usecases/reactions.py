"""What follows from what: the one table to read aloud."""

from campanella.domains.accounts.events import NewPasswordAsked, PasswordChanged
from campanella.domains.attendance.events import PresenceCorrected, RollCallConfirmed
from campanella.domains.ledger.events import CreditMoved
from campanella.domains.payments.events import ReceiptKept, ReceiptParked, TopUpBooked
from campanella.domains.support.events import NewsPublished, TicketAnswered, TicketContinued, TicketOpened
from campanella.foundation.core.events import Reactions
from campanella.usecases import access, family_news, low_credit, tickets, top_up

REACTIONS: Reactions = {
    NewPasswordAsked: (access.send_reset_links,),
    PasswordChanged: (access.tell_password_changed,),
    RollCallConfirmed: (low_credit.after_roll_call,),
    PresenceCorrected: (low_credit.after_correction,),
    CreditMoved: (low_credit.after_move,),
    ReceiptKept: (top_up.book,),
    TopUpBooked: (top_up.thank, low_credit.after_top_up),
    ReceiptParked: (),
    NewsPublished: (family_news.tell_families,),
    TicketOpened: (tickets.tell_office, tickets.confirm),
    TicketContinued: (tickets.tell_office,),
    TicketAnswered: (tickets.tell_answer,),
}
