"""Addresses of the interface."""

from django.urls import URLPattern, path

from campanella.interfaces.rollcall import correcting, views

app_name = "rollcall"

urlpatterns: list[URLPattern] = [
    path("", views.classes, name="classes"),
    path("<int:class_id>/<str:service>/", views.sheet, name="sheet"),
    path("<int:class_id>/<str:service>/segno/", views.mark, name="mark"),
    path("<int:class_id>/<str:service>/adulti/", correcting.adults, name="adults"),
    path("<int:class_id>/<str:service>/<int:child_id>/correggi/", correcting.correct, name="correct"),
]
