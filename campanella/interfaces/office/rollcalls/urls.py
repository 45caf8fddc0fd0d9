"""Addresses of office/rollcalls."""

from django.urls import URLPattern, path

from campanella.interfaces.office.rollcalls import closures, views

urlpatterns: list[URLPattern] = [
    path("presenze/", views.rollcalls, name="rollcalls"),
    path("presenze/chiusure/", closures.closures, name="closures"),
    path("presenze/chiusure/<int:closure_id>/", closures.closure, name="closure"),
    path("presenze/chiusure/<int:closure_id>/togli/", closures.reopen, name="reopen-closure"),
]
