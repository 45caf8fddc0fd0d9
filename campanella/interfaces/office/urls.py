"""Addresses of the interface."""

from django.urls import URLPattern

app_name = "office"

urlpatterns: list[URLPattern] = []
