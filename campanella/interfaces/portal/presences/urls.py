"""Presences by month and by day."""

from django.urls import path, re_path

from campanella.interfaces.portal.presences import contesting, views

DAY = r"(?P<day>20[0-9]{2}-[01][0-9]-[0-3][0-9])/"
CHILD = r"^presenze/(?P<child_id>[0-9]{1,18})/"

urlpatterns = [
    path("presenze/", views.month, name="presences"),
    re_path(CHILD + r"(?P<month>20[0-9]{2}-[01][0-9])/$", views.month, name="presences-month"),
    re_path(CHILD + DAY + r"$", views.day, name="presence-day"),
    re_path(CHILD + DAY + r"contesta/(?P<service_id>[0-9]{1,18})/$", contesting.contest, name="contest"),
]
