"""Addresses of office/calendar."""

from django.urls import URLPattern, path

from campanella.interfaces.office.calendar import views

urlpatterns: list[URLPattern] = [
    path("impostazioni/giornata/", views.day_rules, name="day-rules"),
    path("impostazioni/giornata/<int:school_id>/<int:service_id>/", views.day_rule, name="day-rule"),
]
