"""Addresses of portal/utility."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
