"""Addresses of office/rollcalls."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
