"""allauth's forms, with an e-mail address called what it is called on every other page."""

from typing import Any

from allauth.account import forms as account
from allauth.account.fields import EmailField
from django.utils.translation import gettext_lazy as _lazy


class _ByEmail:
    """Calls each field of an e-mail address so; no example stands in it, which would vanish when somebody types."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, EmailField) or field.widget.attrs.get("type") == "email":
                field.label = _lazy("E-mail address")
                field.widget.attrs.pop("placeholder", None)
                field.error_messages["invalid"] = _lazy("Write an e-mail address, such as sam@example.com.")


class LoginForm(_ByEmail, account.LoginForm):  # type: ignore[misc]
    pass


class RequestLoginCodeForm(_ByEmail, account.RequestLoginCodeForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(_ByEmail, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class AddEmailForm(_ByEmail, account.AddEmailForm):  # type: ignore[misc]
    pass
