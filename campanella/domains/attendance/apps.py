"""Registers attendance."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "campanella.domains.attendance"
    label = "attendance"
