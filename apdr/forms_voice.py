"""Saying something in the way that suits: a face, pictures, a drawing or photo, a voice; and what goes with it."""

from copy import deepcopy
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, BigTicks, Lines, Words
from accounts.words import LIMIT

from . import said_files
from .enums import Audience, Feeling, HowObtained, Praise, StepsAs, Telling
from .forms import OUT_OF_DATE, Asking
from .forms_family import SentForm
from .symbols import FACES, HARD, LIKE, SYMBOLS

PICTURES = "image/jpeg,image/png,image/webp"
SOUNDS = "audio/*,video/webm,.webm,.ogg,.oga,.opus,.m4a,.mp4,.wav,.mp3"
_MOST = said_files.LARGEST // 1024 // 1024


def read_file(form: forms.Form, name: str = "file") -> bytes | None:
    """What was sent, as bytes: what kind of file it is, is found out from these alone."""
    file = form.cleaned_data[name]
    if file is None:
        return None
    if file.size > said_files.LARGEST:
        raise forms.ValidationError(
            _("This file is larger than %(most)s MB. Choose a smaller one") % {"most": _MOST}
        )
    content: bytes = file.read()
    return content


class SayItForm(SentForm):
    """One way to say something. `today` is whether it is said today: a button says that it is not."""

    how = HowObtained.ONLINE

    words = Words(max_length=LIMIT, rows=3, required=False, label=_lazy("Do you want to say more?"))
    audience = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, of: type[SentForm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"] = deepcopy(of.base_fields["audience"])
        self.not_today = bool(self.data.get("not_today"))
        if self.not_today:
            for name, field in self.fields.items():
                if name not in ("audience", "sent_key"):
                    field.required = False

    @property
    def said(self) -> dict[str, Any]:
        """What the service takes."""
        typed = {**self.cleaned_data, "audience": Audience(self.cleaned_data["audience"])}
        if self.not_today:
            keep = {name: typed[name] for name in ("words", "audience", "sent_key")}
            return {**keep, "how": HowObtained.DECLINED}
        return {**typed, "how": self.how}


class FaceForm(SayItForm):
    how = HowObtained.SCALE
    field_order = ["feeling", "words", "audience"]

    feeling = forms.ChoiceField(
        label=_lazy("How is it going?"),
        choices=Feeling.choices,
        widget=BigChoices(pictures={str(value): picture for value, picture in FACES.items()}),
        error_messages={"required": _lazy("Choose one")},
    )


class SymbolsForm(SayItForm):
    how = HowObtained.SYMBOLS
    field_order = ["like", "hard", "words", "audience"]

    like = forms.MultipleChoiceField(
        label=_lazy("What is good for you?"),
        required=False,
        choices=list(SYMBOLS.items()),
        widget=BigTicks(pictures={name: name for name in SYMBOLS}),
    )
    hard = forms.MultipleChoiceField(
        label=_lazy("What is hard for you?"),
        required=False,
        choices=list(SYMBOLS.items()),
        widget=BigTicks(pictures={name: name for name in SYMBOLS}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors and not self.not_today and not typed.get("like") and not typed.get("hard"):
            self.add_error("like", _("Choose one picture or more"))
        return typed

    @property
    def said(self) -> dict[str, Any]:
        said = super().said
        chosen = [f"{kind}:{name}" for kind in (LIKE, HARD) for name in said.pop(kind, [])]
        return said if self.not_today else {**said, "symbols": chosen}


class DrawForm(SayItForm):
    how = HowObtained.DREW
    field_order = ["file", "words", "audience"]

    file = forms.FileField(
        label=_lazy("A drawing or photo"),
        max_length=255,
        help_text=format_lazy(
            _lazy("JPEG, PNG or WebP, up to {most} MB. Where it was taken is taken out of it"), most=_MOST
        ),
        widget=forms.FileInput({"accept": PICTURES}),
        error_messages={
            "required": _lazy("Draw something, or choose a picture"),
            "empty": _lazy("This file is empty. Choose another"),
        },
    )

    def clean_file(self) -> bytes | None:
        return read_file(self)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.errors and typed.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose it again, please"))
        return typed


class RecordForm(DrawForm):
    how = HowObtained.RECORDED
    field_order = ["file", "words", "audience"]

    file = forms.FileField(
        label=_lazy("A recording"),
        max_length=255,
        help_text=format_lazy(
            _lazy("WebM, Ogg, M4A, WAV or MP3, up to {most} MB. Only what you say is kept"), most=_MOST
        ),
        widget=forms.FileInput({"accept": SOUNDS}),
        error_messages={
            "required": _lazy("Record something, or choose a recording"),
            "empty": _lazy("This file is empty. Choose another"),
        },
    )


#: The ways to say something besides writing, each with its words on a card and its picture.
WAYS: dict[str, tuple[type[SayItForm], Any, str]] = {
    "faces": (FaceForm, _lazy("With a face"), "smile"),
    "pictures": (SymbolsForm, _lazy("With pictures"), "puzzle"),
    "draw": (DrawForm, _lazy("Draw it, or send a photo"), "paint"),
    "voice": (RecordForm, _lazy("With your voice"), "microphone"),
}


def say_form(way: str, of: type[SentForm], data: Any, files: Any) -> SentForm:
    """The form of one way, for whoever `of` is the written form of."""
    if way in WAYS:
        return WAYS[way][0](data, files, of=of)
    return of(data)


class FileWordsForm(Asking):
    """What can be seen or heard in a drawing, photo or recording."""

    words = Words(
        max_length=LIMIT,
        rows=4,
        label=_lazy("What can be seen or heard"),
        help_text=_lazy("For those who cannot see or hear it"),
        error_messages={"required": _lazy("Write what can be seen or heard")},
    )
    verbatim = forms.BooleanField(required=False, label=_lazy("This is word for word what was said"))
    sent_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"sent_key": uuid4(), **kwargs.pop("initial", {})}, **kwargs)


class ChildPageForm(Asking):
    """How a child likes their page. `version` is the one that was read; 0 where nobody asked yet."""

    steps_as = forms.ChoiceField(
        label=_lazy("How do you like to see your steps?"),
        choices=StepsAs.choices,
        widget=BigChoices(
            pictures={StepsAs.CARDS: "book", StepsAs.PICTURES: "rainbow", StepsAs.ONE: "footsteps"}
        ),
        error_messages={"required": _lazy("Choose one")},
    )
    aloud = forms.BooleanField(
        required=False,
        label=_lazy("Read my page to me"),
        help_text=_lazy("A button reads it aloud, where this device can"),
    )
    telling = forms.ChoiceField(
        label=_lazy("When somebody is proud of you"),
        choices=Telling.choices,
        widget=BigChoices(pictures={Telling.ME_FIRST: "eye", Telling.AT_ONCE: "party"}),
        error_messages={"required": _lazy("Choose one")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=OUT_OF_DATE)

    def now(self, row: Any) -> dict[str, Any]:
        """What is stored, by field name."""
        return {name: getattr(row, name) for name in ("steps_as", "aloud", "telling")}


class CelebrateForm(Asking):
    """Something to be proud of. How hard somebody tried comes first."""

    praise = forms.ChoiceField(
        label=_lazy("What is it about?"),
        choices=Praise.choices,
        initial=Praise.EFFORT,
        widget=BigChoices(
            pictures={
                Praise.EFFORT: "mountain",
                Praise.BRAVE: "rocket",
                Praise.KIND: "heart",
                Praise.DONE: "star",
            }
        ),
        error_messages={"required": _lazy("Choose one")},
    )
    words = Words(
        max_length=500,
        rows=3,
        label=_lazy("What happened?"),
        help_text=_lazy("Say what you saw them do, so that they know what to be proud of"),
        error_messages={"required": _lazy("Write what happened")},
    )
    step = forms.ChoiceField(label=_lazy("Is it about one of the steps?"), required=False)
    sent_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)

    def __init__(self, *args: Any, steps: list[tuple[str, str]], own: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial={"sent_key": uuid4(), **kwargs.pop("initial", {})}, **kwargs)
        self.fields["step"].choices = [("", _("No, something else")), *steps]  # type: ignore[attr-defined]
        if own:
            self.fields["praise"].choices = [  # type: ignore[attr-defined]
                (Praise.EFFORT, _("How hard I tried")),
                (Praise.BRAVE, _("I did something new or scary")),
                (Praise.KIND, _("I helped somebody")),
                (Praise.DONE, _("Something I can do now")),
            ]
            self.fields["words"].help_text = ""


class WayForwardForm(FileWordsForm):
    """What happens next about something on which people do not agree."""

    verbatim = None  # type: ignore[assignment]
    words = Words(
        max_length=LIMIT,
        rows=4,
        label=_lazy("A way forward"),
        help_text=_lazy("What you will try, who will do it, and when you talk about it again"),
        error_messages={"required": _lazy("Write what happens next")},
    )


class ScribeFields(forms.Form):
    """In the form of staff: what was pressed, chosen, drawn or recorded, and who wrote for them."""

    feeling = forms.ChoiceField(
        label=_lazy("A face they chose"), required=False, choices=[("", _lazy("No face")), *Feeling.choices]
    )
    like = forms.MultipleChoiceField(
        label=_lazy("Pictures they chose: good for me"),
        required=False,
        choices=list(SYMBOLS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    hard = forms.MultipleChoiceField(
        label=_lazy("Pictures they chose: hard for me"),
        required=False,
        choices=list(SYMBOLS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(
        label=_lazy("Their drawing, a photo of it, or a recording"),
        required=False,
        max_length=255,
        help_text=format_lazy(
            _lazy("A picture (JPEG, PNG, WebP) or a recording (WebM, Ogg, M4A, WAV, MP3), up to {most} MB"),
            most=_MOST,
        ),
        widget=forms.FileInput({"accept": f"{PICTURES},{SOUNDS}"}),
        error_messages={"empty": _lazy("This file is empty. Choose another")},
    )
    scribe = Lines(
        label=_lazy("Who wrote it down for them"),
        max_length=150,
        required=False,
        help_text=_lazy("Where they spoke, signed or pointed and somebody wrote"),
    )
    verbatim = forms.TypedChoiceField(
        label=_lazy("Is it word for word?"),
        required=False,
        choices=[("yes", _lazy("Yes, word for word")), ("no", _lazy("No, in the scribe’s words"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> bytes | None:
        return read_file(self)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.errors and typed.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose it again, please"))
        return typed


def symbols_of(typed: dict[str, Any]) -> list[str]:
    """The pictures that were ticked, as the record keeps them; takes them out of `typed`."""
    return [f"{kind}:{name}" for kind in (LIKE, HARD) for name in typed.pop(kind, [])]
