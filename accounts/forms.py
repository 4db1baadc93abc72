"""What a person says about themselves."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from .enums import Channel
from .fields import Lines
from .models import ApiToken, Preferences, User
from .services import PREFERENCES

LANGUAGES = [
    ("en-GB", _lazy("English")),
    ("cy", _lazy("Cymraeg (Welsh)")),
    ("ar", _lazy("العربية (Arabic)")),
    ("bn", _lazy("বাংলা (Bengali)")),
    ("fa", _lazy("فارسی (Farsi)")),
    ("fr", _lazy("Français (French)")),
    ("gu", _lazy("ગુજરાતી (Gujarati)")),
    ("hi", _lazy("हिन्दी (Hindi)")),
    ("it", _lazy("Italiano (Italian)")),
    ("ku", _lazy("Kurdî (Kurdish)")),
    ("lt", _lazy("Lietuvių (Lithuanian)")),
    ("pa", _lazy("ਪੰਜਾਬੀ (Punjabi)")),
    ("pl", _lazy("Polski (Polish)")),
    ("ps", _lazy("پښتو (Pashto)")),
    ("pt", _lazy("Português (Portuguese)")),
    ("ro", _lazy("Română (Romanian)")),
    ("so", _lazy("Soomaali (Somali)")),
    ("es", _lazy("Español (Spanish)")),
    ("ta", _lazy("தமிழ் (Tamil)")),
    ("tr", _lazy("Türkçe (Turkish)")),
    ("uk", _lazy("Українська (Ukrainian)")),
    ("ur", _lazy("اردو (Urdu)")),
    ("zh", _lazy("中文 (Chinese)")),
    ("bfi", _lazy("British Sign Language")),
]


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "known_as"]
        labels = {"name": _lazy("Your name"), "known_as": _lazy("What we should call you")}
        help_texts = {"known_as": _lazy("Such as Mrs Khan, Sam or Nan")}


class PreferencesForm(forms.ModelForm):
    """`version` is the version that the person had before them when they began to type."""

    spoken_language = forms.ChoiceField(label=_lazy("The language you like to speak"))
    written_language = forms.ChoiceField(label=_lazy("The language you like to read"))
    phone = Lines(
        label=_lazy("Your mobile number"),
        help_text=_lazy("Such as 07700 900123. For text messages, where they can be sent"),
        max_length=20,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "class": "govuk-input--width-20"}
        ),
    )
    postal_address = Lines(
        label=_lazy("Your address"),
        help_text=_lazy("For letters. One line for each part, and the postcode last"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "street-address"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    class Meta:
        model = Preferences
        fields = PREFERENCES
        labels = {
            "needs_interpreter": _lazy("Please book an interpreter for meetings"),
            "format": _lazy("How you like to read things"),
            "channel": _lazy("How we should reach you"),
            "good_times": _lazy("Times that are good for you"),
            "quiet_from": _lazy("No messages after"),
            "quiet_until": _lazy("No messages before"),
            "quiet_weekends": _lazy("No messages at weekends"),
            "daily_digest": _lazy("Put the day’s messages together in one"),
            "trusted_person": _lazy("Somebody we may talk to with you"),
            "notes": _lazy("Anything else that helps when we talk"),
        }
        help_texts = {
            "needs_interpreter": _lazy("A child is never asked to do this."),
            "good_times": _lazy("Such as Tuesday mornings, or after 4"),
            "trusted_person": _lazy("A friend, relative or helper you would like there"),
        }
        widgets = {
            "format": forms.RadioSelect,
            "channel": forms.RadioSelect,
            "quiet_from": forms.TimeInput(
                attrs={"type": "time", "class": "govuk-input--width-10"}, format="%H:%M"
            ),
            "quiet_until": forms.TimeInput(
                attrs={"type": "time", "class": "govuk-input--width-10"}, format="%H:%M"
            ),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in ("spoken_language", "written_language"):
            field = self.fields[name]
            stored = getattr(self.instance, name)
            other = [] if stored in dict(LANGUAGES) else [(stored, stored)]
            field.choices = [*LANGUAGES, *other]  # type: ignore[attr-defined]
        if not settings.NOTIFY_TEXT_TEMPLATE and self.instance.channel != Channel.TEXT:
            ways = [(value, label) for value, label in Channel.choices if value != Channel.TEXT]
            self.fields["channel"].choices = ways  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial["version"] = self.instance.version


class TokenForm(forms.ModelForm):
    class Meta:
        model = ApiToken
        fields = ["name"]
        labels = {"name": _lazy("What is this key for?")}


class JoinForm(forms.Form):
    """The first thing that somebody new says. An empty password means a code by e-mail each time."""

    name = forms.CharField(
        label=_lazy("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    known_as = forms.CharField(
        label=_lazy("What we should call you"),
        max_length=60,
        required=False,
        help_text=_lazy("Such as Mrs Khan, Sam or Nan"),
    )
    way = forms.ChoiceField(
        label=_lazy("How would you like to sign in?"),
        choices=[
            ("code", _lazy("Send a code to my e-mail each time")),
            ("password", _lazy("With a password that I choose")),
        ],
        widget=forms.RadioSelect,
        initial="code",
    )
    password = forms.CharField(
        label=_lazy("Password"),
        required=False,
        strip=False,
        max_length=128,
        help_text=_lazy("Only if you chose a password. At least 12 characters: three words work well."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, email: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.email = email

    def clean(self) -> dict[str, object]:
        typed = super().clean() or {}
        if typed.get("way") == "password":
            password = typed.get("password") or ""
            if not password:
                self.add_error("password", _("Choose a password, or choose to have a code sent."))
            else:
                person = User(email=self.email, name=str(typed.get("name", "")))
                try:
                    validate_password(password, person)
                except ValidationError as error:
                    self.add_error("password", error)
        return typed

    @property
    def password_chosen(self) -> str | None:
        """The password, or None for a code by e-mail each time."""
        return self.cleaned_data["password"] if self.cleaned_data["way"] == "password" else None
