"""Addresses of portal/presences."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
