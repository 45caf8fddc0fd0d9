"""Addresses of office/waiting."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
