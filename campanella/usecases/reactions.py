"""What follows from what: the one table to read aloud."""

from collections.abc import Mapping

from campanella.domains.accounts.events import AccessClosed, NewPasswordAsked, PasswordChanged
from campanella.domains.adjusting.events import ProposalRefused, ProposalWaits, RefundAnswered, RefundLeft
from campanella.domains.applying.events import ApplicationMoved, CallTold
from campanella.domains.arrears.events import PlanAgreed, RemindersIssued
from campanella.domains.attendance.events import (
    CutOffMoved,
    DayRuleChanged,
    DaysCorrected,
    DaysGivenBack,
    FamilyAsked,
    RegisterSaidAbsent,
)
from campanella.domains.billing.events import InvoicesIssued, InvoicesRecalled, RunConfirmed
from campanella.domains.cash.events import CashTaken, CashVoided
from campanella.domains.debiting.events import (
    CollectionAgain,
    CollectionCameBack,
    CollectionsBrought,
    MandateChanged,
    ServicesJoined,
)
from campanella.domains.ledger.events import CreditCorrected, CreditMoved
from campanella.domains.payments.events import NoticesMade, ReceiptKept, ReceiptParked, TopUpBooked
from campanella.domains.people.events import RegistrationConfirmed
from campanella.domains.places.events import PlaceMoved
from campanella.domains.ranking.events import ListPublished, OfferProlonged, PlaceAnswered, PlaceOffered
from campanella.domains.schools.events import ClosureEntered, ClosureWithdrawn, DaysOpened, YearTold
from campanella.domains.services.events import CalendarChanged
from campanella.domains.support.events import NewsPublished, TicketAnswered, TicketContinued, TicketOpened
from campanella.foundation.core.events import Reaction, Reactions
from campanella.usecases import (
    asked_letters,
    calendars_told,
    closures_told,
    corrections,
    cut_off,
    family_news,
    low_credit,
    notices,
    outages,
    register_asked,
    rules_told,
    thanks,
    tickets,
    top_up,
)
from campanella.usecases.access import own as access
from campanella.usecases.access import registering
from campanella.usecases.adjusting import telling as righting
from campanella.usecases.applying import calls
from campanella.usecases.applying import telling as applications
from campanella.usecases.arrears import settled
from campanella.usecases.arrears import telling as arrears
from campanella.usecases.billing import issuing, telling
from campanella.usecases.cash import telling as counter
from campanella.usecases.debiting import telling as debits
from campanella.usecases.places import telling as places
from campanella.usecases.ranking import offers as ranked
from campanella.usecases.ranking import telling as rankings
from campanella.usecases.yearly import telling as years

REACTIONS: Reactions = {
    NewPasswordAsked: (access.send_reset_links,),
    PasswordChanged: (access.tell_password_changed,),
    AccessClosed: (access.call_off_letters,),
    RegistrationConfirmed: (registering.welcome,),
    FamilyAsked: (asked_letters.tell,),
    RegisterSaidAbsent: (register_asked.tell,),
    CutOffMoved: (outages.tell,),
    CreditMoved: (low_credit.look,),
    CreditCorrected: (corrections.tell, settled.after_correction),
    ReceiptKept: (top_up.book,),
    TopUpBooked: (thanks.thank, settled.after_payment),
    CashTaken: (counter.thank, counter.after_cash),
    CashVoided: (counter.tell_voided,),
    ReceiptParked: (notices.tell_waiting,),
    NoticesMade: (notices.tell,),
    ClosureEntered: (closures_told.tell,),
    ClosureWithdrawn: (closures_told.tell_withdrawn,),
    DaysOpened: (cut_off.confirm_opened,),
    DayRuleChanged: (rules_told.tell,),
    CalendarChanged: (calendars_told.tell,),
    DaysCorrected: (corrections.tell_many,),
    DaysGivenBack: (closures_told.tell_given_back,),
    RunConfirmed: (issuing.issue,),
    InvoicesIssued: (telling.tell_issued,),
    InvoicesRecalled: (telling.tell_recalled, settled.after_recall),
    RemindersIssued: (settled.after_issue,),
    PlanAgreed: (arrears.tell_plan,),
    MandateChanged: (debits.tell_changed,),
    ServicesJoined: (debits.tell_joined,),
    CollectionCameBack: (debits.came_back,),
    CollectionsBrought: (settled.after_collections,),
    CollectionAgain: (debits.tell_again,),
    ProposalWaits: (righting.tell_waiting,),
    ProposalRefused: (righting.tell_refused,),
    RefundLeft: (righting.tell_left,),
    RefundAnswered: (righting.tell_answered,),
    ApplicationMoved: (applications.tell, ranked.follow),
    CallTold: (calls.put_prices_right,),
    ListPublished: (rankings.tell_published,),
    PlaceOffered: (rankings.tell_offered,),
    OfferProlonged: (rankings.tell_prolonged,),
    PlaceAnswered: (rankings.tell_answered,),
    PlaceMoved: (places.tell,),
    YearTold: (years.tell,),
    NewsPublished: (family_news.tell_families,),
    TicketOpened: (tickets.tell_office, tickets.confirm),
    TicketContinued: (tickets.tell_office,),
    TicketAnswered: (tickets.tell_answer,),
}

# What reactions were called in the release before: jobs that it left in the queue are still run. Emptied with each release.
FORMER: Mapping[str, Reaction] = {
    "top_up.thank": thanks.thank,
    "access.send_reset_links": access.send_reset_links_of_before,
    "access.tell_password_changed": access.tell_password_changed,
    "low_credit.after_roll_call": low_credit.with_the_next,
    "low_credit.after_correction": low_credit.with_the_next,
    "low_credit.after_top_up": low_credit.with_the_next,
    "low_credit.after_move": low_credit.with_the_next,
}
