"""Addresses of the municipal office."""

from campanella.interfaces.office.applying import urls as applying
from campanella.interfaces.office.arrears import urls as arrears
from campanella.interfaces.office.billing import urls as billing
from campanella.interfaces.office.bus import urls as bus
from campanella.interfaces.office.calendar import urls as calendar
from campanella.interfaces.office.camps import urls as camps
from campanella.interfaces.office.cash import urls as cash
from campanella.interfaces.office.certificates import urls as certificates
from campanella.interfaces.office.debits import urls as debits
from campanella.interfaces.office.diets import urls as diets
from campanella.interfaces.office.families import urls as families
from campanella.interfaces.office.home import urls as home
from campanella.interfaces.office.incomes import urls as incomes
from campanella.interfaces.office.isee import urls as isee
from campanella.interfaces.office.kitchens import urls as kitchens
from campanella.interfaces.office.lists import urls as lists
from campanella.interfaces.office.news import urls as news
from campanella.interfaces.office.offers import urls as offers
from campanella.interfaces.office.ranking import urls as ranking
from campanella.interfaces.office.register import urls as register
from campanella.interfaces.office.righting import urls as righting
from campanella.interfaces.office.rollcalls import urls as rollcalls
from campanella.interfaces.office.schools import urls as schools
from campanella.interfaces.office.settings import urls as settings
from campanella.interfaces.office.statistics import urls as statistics
from campanella.interfaces.office.tablets import urls as tablets
from campanella.interfaces.office.tariffs import urls as tariffs
from campanella.interfaces.office.tickets import urls as tickets
from campanella.interfaces.office.waiting import urls as waiting
from campanella.interfaces.office.yearly import urls as yearly

app_name = "office"

urlpatterns = [
    *home.urlpatterns,
    *register.urlpatterns,
    *families.urlpatterns,
    *isee.urlpatterns,
    *tariffs.urlpatterns,
    *applying.urlpatterns,
    *bus.urlpatterns,
    *ranking.urlpatterns,
    *camps.urlpatterns,
    *offers.urlpatterns,
    *lists.urlpatterns,
    *waiting.urlpatterns,
    *settings.urlpatterns,
    *schools.urlpatterns,
    *yearly.urlpatterns,
    *calendar.urlpatterns,
    *rollcalls.urlpatterns,
    *tablets.urlpatterns,
    *incomes.urlpatterns,
    *statistics.urlpatterns,
    *cash.urlpatterns,
    *certificates.urlpatterns,
    *billing.urlpatterns,
    *arrears.urlpatterns,
    *news.urlpatterns,
    *tickets.urlpatterns,
    *kitchens.urlpatterns,
    *diets.urlpatterns,
    *debits.urlpatterns,
    *righting.urlpatterns,
]
