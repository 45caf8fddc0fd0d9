"""Addresses of the interface."""

from django.urls import URLPattern

app_name = "rollcall"

urlpatterns: list[URLPattern] = []
