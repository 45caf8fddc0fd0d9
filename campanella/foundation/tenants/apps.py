"""Registers the tenants and puts the database's walls up after every migration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TenantsConfig(AppConfig):
    name = "campanella.foundation.tenants"
    label = "tenants"

    def ready(self) -> None:
        post_migrate.connect(_put_up_walls, dispatch_uid="campanella.walls")


def _put_up_walls(*, app_config: AppConfig, using: str, **_: Any) -> None:
    from django.apps import apps

    from campanella.foundation.tenants import guards

    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    if app_config.label == last.label:
        guards.put_up(using=using)
