"""Addresses of office/home."""

from django.urls import URLPattern, path

from campanella.interfaces.office.home import views

urlpatterns: list[URLPattern] = [path("", views.home, name="home")]
