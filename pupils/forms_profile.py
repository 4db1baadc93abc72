"""A one-page profile, in the words of the child or young person it is about; and narrowing who looked."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import pictures
from accounts.fields import Lines, Words
from accounts.models import User
from accounts.words import LIMIT

from .enums import Section
from .selectors_looks import PARTS


class ProfileForm(forms.Form):
    """`version` is the number of the profile that was on the page when somebody began to write; 0 for none."""

    people_like = Words(
        max_length=LIMIT,
        required=False,
        label=_lazy("What people like about me"),
        help_text=_lazy("Ask people who know me well."),
    )
    important = Words(max_length=LIMIT, required=False, label=_lazy("What is important to me"))
    helps = Words(max_length=LIMIT, required=False, label=_lazy("How best to help me"))
    talk = Words(
        max_length=LIMIT,
        required=False,
        label=_lazy("How to talk with me"),
        help_text=_lazy("Words, signs or pictures. How long to wait. What not to do."),
    )
    how_made = Lines(
        max_length=200,
        label=_lazy("How was this made?"),
        help_text=_lazy("Such as: we talked and drew on 3 May, and Ada chose the words"),
        error_messages={"required": _lazy("Say how this was made, and who was there")},
    )
    helped = Lines(
        max_length=200,
        required=False,
        label=_lazy("Who helped?"),
        help_text=_lazy("Such as: Mum, and Mr Shaw"),
    )
    picture = forms.FileField(
        label=_lazy("A photo or drawing, if they like"),
        required=False,
        max_length=255,
        help_text=format_lazy(
            _lazy("JPEG, PNG or WebP, up to {most} MB. Where it was taken is taken out of it"),
            most=pictures.LARGEST // 1024 // 1024,
        ),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": _lazy("This file is empty. Choose another")},
    )
    picture_alt = Lines(
        max_length=300,
        required=False,
        label=_lazy("What can be seen in it?"),
        help_text=_lazy("For those who cannot see it"),
    )
    chosen = forms.BooleanField(required=False, label=_lazy("They chose this picture themselves"))
    no_picture = forms.BooleanField(required=False, label=_lazy("Take the picture away"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, own: bool = False, has_picture: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        if own:
            del self.fields["chosen"]
            self.fields["picture"].label = _("A photo or drawing, if you like")
        if not has_picture:
            del self.fields["no_picture"]

    def clean_picture(self) -> bytes | None:
        """What was sent, as bytes: what kind of file it is, is found out from these alone."""
        file = self.cleaned_data["picture"]
        if file is None:
            return None
        if file.size > pictures.LARGEST:
            raise forms.ValidationError(pictures.TOO_LARGE)
        content: bytes = file.read()
        return content

    def clean(self) -> dict[str, object]:
        """A profile says something, and a picture of it what can be seen; a refused form asks for the file again."""
        typed = super().clean() or {}
        sent = typed.get("picture")
        if sent and not typed.get("picture_alt") and "picture_alt" not in self.errors:
            self.add_error("picture_alt", _("Say what can be seen in it, for those who cannot see it"))
        if sent and not self.own and not typed.get("chosen"):
            self.add_error("chosen", _("Ask them first: a picture is there only if they chose it"))
        if not any(typed.get(name) for name in WORDS) and not self.errors:
            self.add_error("important", _("Write at least one thing"))
        if self.errors and sent and "picture" not in self.errors:
            self.add_error("picture", _("Choose the picture again"))
        return typed


WORDS = ["people_like", "important", "helps", "talk"]


class LookFilters(forms.Form):
    """Narrowing who looked; whatever does not fit is left out rather than refused."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("Who"), required=False, empty_label=_lazy("Everybody")
    )
    part = forms.ChoiceField(label=_lazy("Which part"), required=False)
    own = forms.BooleanField(label=_lazy("My own looks too"), required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        parts = [(section.value, PARTS[section].capitalize()) for section in Section]
        self.fields["part"].choices = [("", _("Every part")), *parts]  # type: ignore[attr-defined]
