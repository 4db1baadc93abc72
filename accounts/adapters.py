"""How allauth behaves here: nobody signs themselves up; an invitation is the only way in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _lazy

from . import languages, mail
from .models import User


class AccountAdapter(DefaultAccountAdapter):
    #: allauth's own words where families read them, in words for everybody.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _lazy(
            "That e-mail address and password do not go together. Check both and try again"
        ),
        "email_taken": _lazy("Somebody with this e-mail address is here already."),
        "enter_current_password": _lazy("Type the password that you have now"),
        "incorrect_code": _lazy(
            "That is not the code that we sent. Look at the newest e-mail and type it again"
        ),
        "incorrect_password": _lazy("That is not your password"),
        "rate_limited": _lazy("You tried many times. Wait a little, then try again"),
        "too_many_login_attempts": _lazy("You tried many times. Wait a little, then try again"),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """About signing in, in the language in which this person is written to."""
        person = context.get("user") or User.objects.filter(email=email).select_related("preferences").first()
        with languages.writing_to(person):
            told = {**context, "user": person, "not_checked": languages.not_checked()}
            super().send_mail(template_prefix, email, told)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """As text, as allauth makes it, and with the same words as HTML."""
        message = super().render_mail(template_prefix, email, context, headers)
        assert isinstance(message, EmailMultiAlternatives)
        mail.add_html(message, context["user"])
        return message

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
