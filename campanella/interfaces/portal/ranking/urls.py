"""Addresses of the family's place in a list."""

from django.urls import path

from campanella.interfaces.portal.ranking import views

urlpatterns = [
    path("iscrizioni/<int:application_id>/graduatoria/", views.place, name="application-place"),
]
