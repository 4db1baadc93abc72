from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reviews import feeds

        from .event_calendar import of_feed

        feeds.OTHERS.append(of_feed)
