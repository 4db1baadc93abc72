from django.apps import AppConfig


class ApdrConfig(AppConfig):
    name = "apdr"
    default_auto_field = "django.db.models.BigAutoField"
