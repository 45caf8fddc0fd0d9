"""The Django application of the documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "campanella.foundation.documents"
    label = "documents"
