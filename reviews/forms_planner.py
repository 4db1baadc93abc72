"""What a SENCO asks of the planner, and the times as they are put right before they are confirmed."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import ErrorDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, SplitDate
from accounts.words import StrOrPromise
from pupils.enums import YEAR_GROUPS

from .forms import NO_SUCH_TIME, SHORT, Minutes
from .scheduling import Booking
from .slots import LONDON, Offer, exists

A_TIME = {"required": _lazy("Enter a time, like 15:30"), "invalid": _lazy("Enter a time, like 15:30")}
ROOMS = 10
ROOM = 150


def _time(label: StrOrPromise, **more: Any) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time", "class": "al-time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, error_messages=A_TIME, **more)


class AskForm(forms.Form):
    """For whom times are wanted, when, where and with whom. It is sent in the address, and saves nothing."""

    whom = forms.ChoiceField(
        label=_lazy("For whom?"),
        choices=[
            ("all", _lazy("Everybody whose review is owed and has no time yet")),
            ("class", _lazy("A class")),
            ("year", _lazy("A year group")),
        ],
        widget=forms.RadioSelect,
        initial="all",
    )
    group = forms.UUIDField(label=_lazy("Which class?"), required=False, widget=forms.Select)
    year = forms.ChoiceField(
        label=_lazy("Which year group?"),
        required=False,
        choices=[("", _lazy("Choose")), *((y, y) for y in YEAR_GROUPS)],
    )
    first = SplitDate(label=_lazy("From"))
    last = SplitDate(label=_lazy("Until"))
    start = _time(_lazy("First start of a day"), initial=time(9))
    end = _time(_lazy("Last end of a day"), initial=time(16))
    minutes = Minutes(label=_lazy("How many minutes each?"), initial=30)
    most = forms.IntegerField(
        label=_lazy("How many on one day at most?"),
        min_value=1,
        max_value=40,
        initial=6,
        widget=forms.TextInput(SHORT),
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"], _lazy("Enter how many, from 1 to 40")
        ),
    )
    rooms = forms.CharField(
        label=_lazy("Rooms"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_lazy("One on each line. Leave it empty if you meet in no room, such as for calls"),
    )
    me = forms.BooleanField(label=_lazy("I must be there"), required=False, initial=True)
    teaches = forms.BooleanField(label=_lazy("Everybody who teaches them must be there"), required=False)
    also = forms.UUIDField(
        label=_lazy("Somebody else who must be there"), required=False, widget=forms.Select
    )

    def offer_choices(
        self, classes: Sequence[tuple[UUID, str]], years: Sequence[str], staff: Sequence[tuple[UUID, str]]
    ) -> None:
        """What can be chosen on the page; what somebody else's class would show is asked of the policy."""
        self.fields["group"].widget.choices = [("", _("Choose")), *classes]  # type: ignore[attr-defined]
        self.fields["year"].choices = [("", _("Choose")), *((y, y) for y in years)]  # type: ignore[attr-defined]
        self.fields["also"].widget.choices = [("", _("Nobody")), *staff]  # type: ignore[attr-defined]

    def clean_rooms(self) -> list[str]:
        rooms = [line.strip() for line in self.cleaned_data["rooms"].splitlines() if line.strip()]
        if len(rooms) > ROOMS or any(len(room) > ROOM for room in rooms):
            raise ValidationError(
                _(
                    "Give at most %(number)s rooms, each in %(length)s characters or fewer. All of it is still here"
                )
                % {"number": ROOMS, "length": ROOM}
            )
        return rooms

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("whom") == "class" and not typed.get("group") and "group" not in self.errors:
            self.add_error("group", _("Choose a class"))
        if typed.get("whom") == "year" and not typed.get("year") and "year" not in self.errors:
            self.add_error("year", _("Choose a year group"))
        first, last, start, end = (typed.get(name) for name in ("first", "last", "start", "end"))
        if first and last and last < first:
            self.add_error("last", _("This day comes before the first. Check both"))
        if first and last and (last - first).days > 366:
            self.add_error("last", _("Choose days within a year"))
        if start and end and "minutes" in typed:
            day = date(2000, 1, 1)
            if not Offer(start, end, typed["minutes"], [], 1).times(day):
                self.add_error("end", _("There is no time for one review between these. Check both"))
        return typed

    @property
    def offer(self) -> Offer:
        typed = self.cleaned_data
        return Offer(typed["start"], typed["end"], typed["minutes"], typed["rooms"], typed["most"])


class WeekdayField(forms.DateField):
    """A day in one box, such as Mon 7 Dec 2026. Its weekday may be left out, and is never another one."""

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%d %b %Y", "%d %B %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %m %Y"]
        super().__init__(input_formats=formats, **kwargs)

    def to_python(self, value: Any) -> date | None:
        text = " ".join(str(value or "").replace(",", " ").split())
        first, __, rest = text.partition(" ")
        named = first.isalpha() and len(first) > 2
        found = super().to_python((rest if named else text) if isinstance(value, str) else value)
        if found and named and not f"{found:%A}".lower().startswith(first.lower()):
            raise ValidationError(
                _("%(day)s is a %(weekday)s. Put one of them right")
                % {"day": date_format(found, "j E Y"), "weekday": date_format(found, "l")}
            )
        return found


class TimeForm(forms.Form):
    """The time of one review, as it is proposed and put right. `pick` says whether it is confirmed."""

    use_required_attribute = False

    pick = forms.BooleanField(required=False)
    day = WeekdayField(
        widget=forms.DateInput({"autocomplete": "off"}, format="%a %d %b %Y"),
        error_messages={
            "required": _lazy("Enter a day, like 7 December 2026"),
            "invalid": _lazy("Enter a real day, like 7 December 2026"),
        },
    )
    time = _time(_lazy("Time"))
    minutes = Minutes()
    where = Lines(label=_lazy("Room"), max_length=ROOM, required=False)
    people = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _lazy("Choose people who work at this setting.")},
    )

    def __init__(self, data: Any = None, *, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        """What is not confirmed is kept as it is, and not asked about."""
        super().full_clean()
        if self.is_bound and not self.picked:
            self._errors = ErrorDict()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        day, at = typed.get("day"), typed.get("time")
        if day and at and not exists(datetime.combine(day, at, tzinfo=LONDON)):
            self.add_error("time", NO_SUCH_TIME)
        return typed

    @property
    def named(self) -> list[tuple[str, str, bool]]:
        """Whoever can be asked to be there, by id and name, and whether they are."""
        there = {str(person) for person in self["people"].value() or []}
        return [(pk, name, pk in there) for pk, name in self.fields["people"].choices]  # type: ignore[attr-defined]

    @property
    def picked(self) -> bool:
        return bool(self.data.get(self.add_prefix("pick"))) if self.is_bound else True

    def booking(self, cycle: UUID) -> Booking:
        typed = self.cleaned_data
        return Booking(
            cycle,
            datetime.combine(typed["day"], typed["time"], tzinfo=LONDON),
            typed["minutes"],
            typed["where"],
            frozenset(UUID(person) for person in typed["people"]),
        )


def put_beside_each(times: dict[UUID, TimeForm], refused: ValidationError) -> list[str]:
    """Show what a service refused at the review and field that it is about; gives what is about none of them."""
    above: list[str] = []
    by_name = refused.message_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.messages}
    for name, messages in by_name.items():
        cycle, __, field = name.rpartition("-")
        form = next((form for pk, form in times.items() if str(pk) == cycle), None)
        for message in messages:
            if form is not None:
                form.add_error(field if field in form.fields else None, message)
            else:
                above.append(message)
    return above
