"""Addresses of the families' portal, its doors and its public pages."""

from django.urls import include, path

from campanella.interfaces.portal.applying import urls as applying
from campanella.interfaces.portal.asks import urls as asks
from campanella.interfaces.portal.bus import urls as bus
from campanella.interfaces.portal.camps import urls as camps
from campanella.interfaces.portal.debits import urls as debits
from campanella.interfaces.portal.home import urls as home
from campanella.interfaces.portal.isee import urls as isee
from campanella.interfaces.portal.news import urls as news
from campanella.interfaces.portal.pages import urls as pages
from campanella.interfaces.portal.payments import urls as payments
from campanella.interfaces.portal.presences import urls as presences
from campanella.interfaces.portal.profile import urls as profile
from campanella.interfaces.portal.ranking import urls as ranking
from campanella.interfaces.portal.refunds import urls as refunds
from campanella.interfaces.portal.utility import urls as utility

portal = [
    *home.urlpatterns,
    *asks.urlpatterns,
    *applying.urlpatterns,
    *ranking.urlpatterns,
    *profile.urlpatterns,
    *bus.urlpatterns,
    *camps.urlpatterns,
    *isee.urlpatterns,
    *presences.urlpatterns,
    *payments.urlpatterns,
    *debits.urlpatterns,
    *refunds.urlpatterns,
    *news.urlpatterns,
    *utility.urlpatterns,
]

urlpatterns = [
    path("", include((portal, "portal"))),
    path("", include((pages.urlpatterns, "pages"))),
]
