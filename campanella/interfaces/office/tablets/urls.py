"""Addresses of office/tablets."""

from django.urls import URLPattern, path

from campanella.interfaces.office.tablets import views

urlpatterns: list[URLPattern] = [
    path("tablet/", views.tablets, name="tablets"),
    path("tablet/segni/", views.marks, name="tablet-marks"),
    path("tablet/segni/visti/", views.seen, name="tablet-marks-seen"),
    path("tablet/nuovo/", views.new, name="tablet-new"),
    path("tablet/<int:device_id>/", views.tablet, name="tablet"),
    path("tablet/<int:device_id>/codice/", views.code, name="tablet-code"),
    path("tablet/<int:device_id>/revoca/", views.revoke, name="tablet-revoke"),
]
