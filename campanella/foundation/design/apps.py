"""Tell Django about the design app."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Layouts, template tags, form fields and static files shared by all interfaces; it owns no table."""

    name = "campanella.foundation.design"
    label = "design"
    verbose_name = "Aspetto"
