"""Addresses of the interface."""

from django.urls import URLPattern

app_name = "portal"

urlpatterns: list[URLPattern] = []
