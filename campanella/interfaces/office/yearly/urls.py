"""Addresses of office/yearly."""

from django.urls import URLPattern, path

from campanella.interfaces.office.yearly import views

urlpatterns: list[URLPattern] = [
    path("anno/", views.year, name="year"),
    path("anno/passaggio/", views.roll, name="year-roll"),
    path("anno/calendari/", views.confirm_calendars, name="year-calendars"),
    path("anno/annulla/", views.undo, name="year-undo"),
    path("anno/lettere/", views.tell, name="year-tell"),
    path("anno/crediti/", views.credits_of_leavers, name="year-credits"),
]
