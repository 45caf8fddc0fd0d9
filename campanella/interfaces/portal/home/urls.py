"""Addresses of portal/home."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
