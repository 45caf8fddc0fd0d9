"""Addresses of office/camps."""

from django.urls import URLPattern, path

from campanella.interfaces.office.camps import views

urlpatterns: list[URLPattern] = [
    path("centri-estivi/", views.camps, name="camps"),
    path("centri-estivi/<int:pool_id>/", views.week, name="camp-week"),
    path("bambini/<int:child_id>/centri-estivi/", views.child_camps, name="child-camps"),
]
