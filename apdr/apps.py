from django.apps import AppConfig


class ApdrConfig(AppConfig):
    name = "apdr"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pupils.enums import ImportKind
        from pupils.imports.applying import STEPS
        from pupils.imports.checking import CHECKS

        from .library_files import apply_strategies, check_strategies

        CHECKS[ImportKind.STRATEGIES] = check_strategies
        STEPS[ImportKind.STRATEGIES] = apply_strategies
