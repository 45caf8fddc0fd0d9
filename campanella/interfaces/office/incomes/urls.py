"""Addresses of office/incomes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
