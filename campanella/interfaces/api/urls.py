"""Addresses of the JSON API, first version."""

from django.urls import URLPattern, path

from campanella.interfaces.api import description, marks, rollcall, tablets

app_name = "api"

urlpatterns: list[URLPattern] = [
    path("openapi.json", description.openapi, name="openapi"),
    path("devices/pair", tablets.pair, name="pair"),
    path("devices/take", tablets.take, name="take"),
    path("rollcall/days", rollcall.days, name="days"),
    path("rollcall/events", marks.events, name="events"),
]
