"""Addresses of portal/payments."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
