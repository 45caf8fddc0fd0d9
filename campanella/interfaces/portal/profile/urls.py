"""Addresses of portal/profile."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
