"""Addresses of a child's camp weeks."""

from django.urls import path

from campanella.interfaces.portal.camps import views

urlpatterns = [
    path("centri-estivi/<int:child_id>/", views.camps, name="camps"),
]
