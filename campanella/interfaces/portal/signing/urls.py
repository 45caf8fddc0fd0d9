"""Addresses of portal/signing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
