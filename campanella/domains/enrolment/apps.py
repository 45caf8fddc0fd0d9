"""Registers enrolment."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "campanella.domains.enrolment"
    label = "enrolment"
