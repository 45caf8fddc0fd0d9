"""Addresses of office/rollcalls."""

from django.urls import URLPattern, path

from campanella.interfaces.office.rollcalls import views

urlpatterns: list[URLPattern] = [
    path("presenze/", views.rollcalls, name="rollcalls"),
    path("presenze/chiusure/", views.closures, name="closures"),
]
