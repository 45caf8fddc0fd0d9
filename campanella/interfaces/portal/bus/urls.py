"""Addresses of a child's bus."""

from django.urls import path

from campanella.interfaces.portal.bus import views

urlpatterns = [
    path("scuolabus/<int:child_id>/", views.bus, name="bus"),
]
