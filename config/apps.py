from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("config.checks")
        import_module("config.celery")  # so that tasks of every app belong to our Celery application
