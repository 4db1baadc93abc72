"""Making an event, signing up for one, and signing somebody up."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.enums import Asked
from accounts.fields import Lines, SplitDate, Words
from accounts.models import User
from accounts.words import StrOrPromise
from apdr.enums import SchoolPhase
from apdr.forms import OUT_OF_DATE, Asking
from pupils.forms import as_read
from pupils.models import ClassGroup
from reviews.forms import NO_SUCH_TIME
from reviews.slots import LONDON, exists

from .enums_events import EventKind, ForWhom
from .models import Event, EventPlace
from .models_events import MOST_COME, MOST_PLACES

SMALL = {"class": "govuk-input--width-3", "inputmode": "numeric"}
A_TIME = _lazy("Enter a time, like 9:00")


def _time(label: StrOrPromise) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput({"type": "time", "class": "al-time"}, format="%H:%M"),
        error_messages={"required": A_TIME, "invalid": A_TIME},
    )


def _number(label: StrOrPromise, least: int, most: int, **more: Any) -> forms.IntegerField:
    asked = format_lazy(_lazy("Enter a number from {least} to {most}"), least=least, most=most)
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(SMALL),
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], asked),
        **more,
    )


class EventForm(Asking):
    """An event: a new one brings the id it will have, an old one the version it was read at.

    The day and its two times are in London. One that ends at midnight or later is two events.
    """

    title = Lines(
        label=_lazy("What is it called?"),
        max_length=100,
        help_text=_lazy("Such as Coffee morning. Name no child. It can stand in e-mails and calendars"),
    )
    kind = forms.ChoiceField(
        label=_lazy("What kind of event?"), choices=EventKind.choices, widget=forms.RadioSelect
    )
    day = SplitDate(label=_lazy("Day"))
    start = _time(_lazy("From"))
    end = _time(_lazy("Until"))
    where = Lines(
        label=_lazy("Where"),
        max_length=150,
        help_text=_lazy("Such as the library. Name no child. It can stand in e-mails and calendars"),
    )
    what = Words(
        label=_lazy("What happens there?"),
        max_length=1000,
        rows=4,
        help_text=_lazy("In short, plain words. Say if small children can come, and if there is parking"),
    )
    whom = forms.MultipleChoiceField(
        label=_lazy("Who is it for?"), choices=ForWhom.choices, widget=forms.CheckboxSelectMultiple
    )
    phases = forms.MultipleChoiceField(
        label=_lazy("Only for some phases?"),
        required=False,
        choices=SchoolPhase.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("Leave this and the classes empty if every family is asked"),
    )
    classes = forms.MultipleChoiceField(
        label=_lazy("Only for some classes?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    places = _number(
        _lazy("How many people have room?"),
        1,
        MOST_PLACES,
        required=False,
        help_text=_lazy("Adults and children together. Leave it empty if there is room for everybody"),
    )
    sign_up_until = SplitDate(
        label=_lazy("Last day to sign up"),
        required=False,
        help_text=_lazy("Leave it empty if people can sign up until it begins"),
    )
    contact = Lines(
        label=_lazy("Whom can people ask?"),
        max_length=150,
        help_text=_lazy("A name, with a phone number or e-mail address"),
    )
    host = forms.ChoiceField(
        label=_lazy("Who else sees the list of who comes?"),
        required=False,
        help_text=_lazy("Somebody who works here and welcomes people. They do not read what people told you"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        classes: Iterable[ClassGroup],
        staff: Iterable[User],
        row: Event | None = None,
    ) -> None:
        super().__init__(data, initial=self.now(row) if row else {"whom": [ForWhom.PARENTS]})
        self.fields["classes"].choices = [(str(one.pk), one.name) for one in classes]  # type: ignore[attr-defined]
        if not self.fields["classes"].choices:  # type: ignore[attr-defined]
            del self.fields["classes"]
        people = [(str(one.pk), one.name) for one in staff]
        self.fields["host"].choices = [("", _("Nobody else")), *people]  # type: ignore[attr-defined]
        as_read(self, row.version if row else None)

    def now(self, row: Event) -> dict[str, Any]:
        start, end = (timezone.localtime(at, LONDON) for at in (row.starts_at, row.ends_at))
        kept = {name: getattr(row, name) for name in self.base_fields if hasattr(row, name)}
        return kept | {
            "day": start.date(),
            "start": start.time(),
            "end": end.time(),
            "classes": [str(pk) for pk in row.classes],
            "host": str(row.host_id or ""),
        }

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for name in ("start", "end"):
            if (
                typed.get("day")
                and typed.get(name)
                and not exists(datetime.combine(typed["day"], typed[name], tzinfo=LONDON))
            ):
                self.add_error(name, NO_SUCH_TIME)
        if typed.get("start") and typed.get("end") and typed["end"] <= typed["start"]:
            self.add_error("end", _("It ends before it starts. Choose a later time."))
        return typed

    def refuse(self, error: ValidationError) -> None:
        if hasattr(error, "error_dict"):
            for told, field in (("starts_at", "day"), ("ends_at", "end")):
                if told in error.error_dict:
                    error.error_dict[field] = error.error_dict.pop(told)
        super().refuse(error)

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        day: Any = typed.pop("day")
        host = typed.pop("host")
        return typed | {
            "starts_at": _in_london(day, typed.pop("start")),
            "ends_at": _in_london(day, typed.pop("end")),
            "classes": [UUID(pk) for pk in typed.get("classes", [])],
            "host_id": UUID(host) if host else None,
        }


def _in_london(day: Any, there: time) -> datetime:
    """Where the clocks show a time twice, the first of the two."""
    return datetime.combine(day, there, tzinfo=LONDON)


class CallOffForm(Asking):
    why = Words(
        label=_lazy("Why is it called off?"),
        max_length=300,
        rows=2,
        help_text=_lazy("Whoever signed up reads this. Name no child"),
        error_messages={"required": _lazy("Say why, in a sentence that families can read.")},
    )


class PlaceForm(Asking):
    """Signing up: with how many, and what is to be known. `version` is that of the place that was read, 0 for none."""

    adults = _number(_lazy("How many adults?"), 0, MOST_COME, initial=1)
    children = _number(
        _lazy("How many children?"),
        0,
        MOST_COME,
        initial=0,
        required=False,
        help_text=_lazy("Leave it empty if none"),
    )
    know = Words(
        label=_lazy("Is there anything we should know?"),
        max_length=500,
        rows=3,
        required=False,
        help_text=_lazy("Such as steps, food or an interpreter. Only the SENCO reads this"),
    )
    wait = forms.BooleanField(
        label=_lazy("If there is no room, let us wait for a place"),
        required=False,
        help_text=_lazy("If a place comes free, you get it and we tell you"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=OUT_OF_DATE)

    def __init__(self, data: Any = None, *, event: Event, place: EventPlace | None = None) -> None:
        super().__init__(
            data, initial={**(self.now(place) if place else {}), "version": place.version if place else 0}
        )
        if event.places is None:
            del self.fields["wait"]

    def now(self, row: EventPlace) -> dict[str, Any]:
        return {"adults": row.adults, "children": row.children, "know": row.know}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        typed["children"] = typed.get("children") or 0
        if (
            "adults" in typed
            and not typed["adults"]
            and not typed["children"]
            and "children" not in self.errors
        ):
            self.add_error("adults", _("Say how many of you come."))
        return typed


class PlaceForForm(PlaceForm):
    """Signing somebody up, as they told us."""

    told_how = forms.ChoiceField(
        label=_lazy("How did they tell you?"), choices=Asked.choices, widget=forms.RadioSelect
    )
    told_on = SplitDate(label=_lazy("When did they tell you?"))

    def __init__(self, data: Any = None, *, at: datetime, **more: Any) -> None:
        super().__init__(data, **more)
        self.initial["told_on"] = timezone.localdate(at)
        self.fields["know"].help_text = _("Such as steps, food or an interpreter. Only SENCOs read this")


class FindForm(forms.Form):
    """Looking for somebody to sign up."""

    q = forms.CharField(label=_lazy("Name"), required=False, max_length=80)
