"""Addresses of office/home."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
