"""Addresses of the municipal office."""

from campanella.interfaces.office.families import urls as families
from campanella.interfaces.office.home import urls as home
from campanella.interfaces.office.incomes import urls as incomes
from campanella.interfaces.office.news import urls as news
from campanella.interfaces.office.register import urls as register
from campanella.interfaces.office.rollcalls import urls as rollcalls
from campanella.interfaces.office.settings import urls as settings
from campanella.interfaces.office.tickets import urls as tickets
from campanella.interfaces.office.waiting import urls as waiting

app_name = "office"

urlpatterns = [
    *home.urlpatterns,
    *register.urlpatterns,
    *families.urlpatterns,
    *waiting.urlpatterns,
    *settings.urlpatterns,
    *rollcalls.urlpatterns,
    *incomes.urlpatterns,
    *news.urlpatterns,
    *tickets.urlpatterns,
]
