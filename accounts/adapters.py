"""How allauth behaves here: nobody signs themselves up; an invitation is the only way in."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    #: allauth's own words where families read them, in words for everybody.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That e-mail address and password do not go together. Check both and try again",
        "enter_current_password": "Type the password that you have now",
        "incorrect_code": "That is not the code that we sent. Look at the newest e-mail and type it again",
        "incorrect_password": "That is not your password",
        "rate_limited": "You tried many times. Wait a little, then try again",
        "too_many_login_attempts": "You tried many times. Wait a little, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
