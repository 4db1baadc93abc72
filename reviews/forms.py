"""What is typed about a review: when it is, what each thinks, what is decided."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, Lines, SplitDate, Words
from apdr.enums import Perspective, StepStatus
from apdr.forms import OUT_OF_DATE, Asking, Writing
from apdr.selectors_staff import household, households
from pupils.errors import Clashes

from .enums import DecisionKind, Rating
from .slots import LONDON, exists

#: A number in a small box.
SHORT = {"class": "govuk-input--width-3", "inputmode": "numeric"}
NO_SUCH_TIME = _lazy("The clocks go forward then, so this time does not exist. Choose another")
RATINGS = [(r.value, r.label) for r in Rating]
CLOSING = [(s.value, s.label) for s in (StepStatus.MET, StepStatus.CARRIED, StepStatus.STOPPED)]


class Minutes(forms.IntegerField):
    """How long a review takes, as a review has it."""

    def __init__(self, **more: Any) -> None:
        asked = _lazy("Enter how many minutes, from 5 to 480")
        errors = dict.fromkeys(["required", "invalid", "min_value", "max_value"], asked)
        super().__init__(
            min_value=5, max_value=480, widget=forms.TextInput(SHORT), error_messages=errors, **more
        )


class _When(Asking):
    """A day and a time in London, made one instant."""

    day = SplitDate(label=_lazy("Day"))
    time = forms.TimeField(
        label=_lazy("Time"),
        widget=forms.TimeInput({"type": "time", "class": "al-time"}, format="%H:%M"),
        error_messages={
            "required": _lazy("Enter a time, like 15:30"),
            "invalid": _lazy("Enter a time, like 15:30"),
        },
    )
    minutes = Minutes(label=_lazy("How many minutes?"), initial=30)
    where = Lines(
        label=_lazy("Where"), max_length=150, required=False, help_text=_lazy("Such as Room 4, or a call")
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        day, time = typed.get("day"), typed.get("time")
        if day and time and not exists(datetime.combine(day, time, tzinfo=LONDON)):
            self.add_error("time", NO_SUCH_TIME)
        return typed

    def refuse(self, error: Any) -> None:
        if hasattr(error, "error_dict") and "starts_at" in error.error_dict:
            error.error_dict["day"] = error.error_dict.pop("starts_at")
        super().refuse(error)


def _joined(typed: dict[str, Any]) -> dict[str, Any]:
    return typed | {"starts_at": datetime.combine(typed.pop("day"), typed.pop("time"), tzinfo=LONDON)}


class ScheduleForm(_When):
    """The time of one review. Where it clashes, that is said, and there is a box to tick to set it anyway."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if data is not None and "anyway" in data:
            self._offer()

    def _offer(self) -> None:
        self.fields["anyway"] = forms.BooleanField(
            label=_("Set it anyway"),
            required=False,
            help_text=_("It clashes with what stands above, and you know it"),
        )

    def refuse(self, error: Any) -> None:
        if isinstance(error, Clashes):
            self._offer()
        super().refuse(error)

    @property
    def typed(self) -> dict[str, Any]:
        return {"anyway": False} | _joined(dict(self.cleaned_data))


class MoveForm(_When, Writing):
    """Another time or place for a review that is scheduled."""

    reason = Words(
        label=_lazy("Why it moves"),
        required=False,
        rows=2,
        help_text=_lazy("Such as what the family asked for"),
    )

    def now(self, row: models.Model) -> dict[str, Any]:
        at = timezone.localtime(row.starts_at, LONDON)  # type: ignore[attr-defined]
        told = {"day": at.date(), "time": at.time(), "minutes": row.minutes, "where": row.where}  # type: ignore[attr-defined]
        return {**told, "reason": ""}

    @property
    def typed(self) -> dict[str, Any]:
        return _joined(dict(self.cleaned_data))


class CancelForm(Writing):
    """Why a review will not be at its time."""

    reason = Words(
        label=_lazy("Why?"),
        rows=3,
        help_text=_lazy("The family can read this. The review is still owed, and waits for another time"),
    )

    def now(self, row: models.Model) -> dict[str, Any]:
        return {"reason": row.cancel_reason}  # type: ignore[attr-defined]


class DutyForm(Asking):
    """When something that is owed around an annual review was done."""

    on = SplitDate(
        label=_lazy("When was it done?"), required=False, help_text=_lazy("Leave empty if it is not done yet")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=OUT_OF_DATE)

    def now(self, row: models.Model) -> dict[str, Any]:
        return {"on": row.on}  # type: ignore[attr-defined]

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {"number": typed.pop("version")}


class ExemptForm(Writing):
    """Why a review that is owed is not needed."""

    reason = Words(label=_lazy("Why is it not needed?"), rows=3, help_text=_lazy("The family can read this"))


class MeetingForm(Writing):
    """What was said when it was held."""

    who_came = Words(label=_lazy("Who came"), required=False, rows=2)
    child_took_part = Lines(
        label=_lazy("How the child took part"),
        max_length=200,
        required=False,
        help_text=_lazy("Such as spoke first, sent a drawing, or chose not to come"),
    )
    working = Words(label=_lazy("What is working"), required=False, rows=4)
    not_working = Words(label=_lazy("What is not working"), required=False, rows=4)
    what_next = Words(
        label=_lazy("What we do next"),
        required=False,
        rows=4,
        help_text=_lazy("As you agree it. The next plan leads back to it"),
    )


class JudgementForm(Writing):
    """One judgement, one's own or written down for somebody else."""

    rating = forms.ChoiceField(label=_lazy("What did it do?"), choices=RATINGS, widget=forms.RadioSelect)
    words = Words(label=_lazy("In words"), required=False, rows=3)
    perspective = forms.ChoiceField(
        label=_lazy("Whose judgement is it?"),
        choices=[
            ("", _lazy("Mine")),
            *((p.value, p.label) for p in Perspective if p is not Perspective.STAFF),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    said_by_name = Lines(
        label=_lazy("Their name"),
        max_length=150,
        required=False,
        help_text=_lazy("If you are writing it down for somebody"),
    )
    household = forms.ChoiceField(
        label=_lazy("For a parent carer: which home?"),
        required=False,
        help_text=_lazy("Only this home, the child and staff will see these words"),
    )

    def fill(self) -> None:
        assert self.sight is not None
        homes = [(str(pk), names) for pk, names in households(self.sight.pupil)]
        self.fields["household"].choices = [("", _("Not a parent carer")), *homes]  # type: ignore[attr-defined]

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {
            "rating": Rating(typed["rating"]),
            "perspective": Perspective(typed["perspective"]) if typed["perspective"] else None,
            "household": household(typed["household"]),
        }


class SaidForm(Asking):
    """What one person in the room thinks of one step or strategy."""

    voice = forms.ChoiceField(label=_lazy("Who says it?"), widget=forms.Select({"class": "govuk-select"}))
    rating = forms.ChoiceField(
        label=_lazy("What did it do?"),
        choices=RATINGS,
        widget=forms.RadioSelect({"class": _lazy("govuk-radios--small al-abreast")}),
        error_messages={"required": _lazy("Choose what it did. “Not sure” is fine")},
    )
    words = Words(label=_lazy("In their words"), required=False, rows=2)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=OUT_OF_DATE)

    def __init__(
        self, data: Any = None, *, voices: list[Any], first: str, prefix: str, many: bool = False
    ) -> None:
        super().__init__(data, prefix=prefix, initial={"voice": first})
        if many:  # a page of many such forms is kept small
            self.fields["rating"].widget = forms.Select(choices=[("", _("Choose")), *RATINGS])
        self.voices = {voice.value: voice for voice in voices}
        self.fields["voice"].choices = [(voice.value, voice.label) for voice in voices]  # type: ignore[attr-defined]

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        voice = self.voices[typed.pop("voice")]
        whose = {"perspective": voice.perspective, "said_by_name": voice.name, "household": voice.household}
        return typed | whose | {"rating": Rating(typed["rating"])}


class MineForm(forms.Form):
    """What I think of one step or strategy; left empty, nothing is said of it."""

    rating = forms.ChoiceField(
        label=_lazy("What did it do?"), choices=RATINGS, required=False, widget=BigChoices
    )
    words = Words(label=_lazy("In your words"), required=False, rows=2)
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("words") and not typed.get("rating"):
            self.add_error("rating", _("Choose what it did as well. “Not sure” is fine"))
        return typed


class CloseForm(Asking):
    """The decision at the end of a cycle, with a status for each step."""

    kind = forms.ChoiceField(
        label=_lazy("What do we decide?"), choices=DecisionKind.choices, widget=forms.RadioSelect
    )
    why = Words(label=_lazy("Why"), rows=4, help_text=_lazy("In words that the family can follow"))
    who_was_told = Words(label=_lazy("Who was told, and how"), required=False, rows=2)
    open_next = forms.BooleanField(
        label=_lazy("Open the next cycle now"),
        required=False,
        initial=True,
        help_text=_lazy("Steps that are carried on come along. If support ends, no cycle is opened"),
    )
    review_on = SplitDate(label=_lazy("Review day of the next cycle"), required=False)

    def __init__(self, data: Any = None, *, steps: list[Any], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.steps = steps
        for step in steps:
            self.fields[f"step_{step.pk}"] = forms.ChoiceField(
                label=step.words,
                choices=CLOSING,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Say whether “%(step)s” is done, carried on or stopped") % {"step": step}
                },
            )

    @property
    def step_fields(self) -> list[forms.BoundField]:
        return [self[f"step_{step.pk}"] for step in self.steps]

    @property
    def decision_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "why", "who_was_told", "open_next", "review_on")]

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        statuses = {step: StepStatus(typed.pop(f"step_{step.pk}")) for step in self.steps}
        return typed | {"kind": DecisionKind(typed["kind"]), "statuses": statuses}


class DecidingForm(CloseForm):
    """The decision so far: nothing in it has to be whole. `version` is 0 where nothing was kept yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=OUT_OF_DATE)

    def __init__(self, data: Any = None, *, steps: list[Any], initial: dict[str, Any]) -> None:
        super().__init__(data, steps=steps, initial=initial)
        if data is not None:
            for field in self.fields.values():
                field.required = isinstance(field.widget, forms.HiddenInput)

    def now(self, row: Any) -> dict[str, Any]:
        """What is stored, by field name."""
        told = {
            name: getattr(row, name) for name in ("kind", "why", "who_was_told", "open_next", "review_on")
        }
        return told | {f"step_{step.pk}": row.statuses.get(str(step.pk), "") for step in self.steps}

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        said = {str(step.pk): typed.pop(f"step_{step.pk}") for step in self.steps}
        return typed | {"statuses": {pk: status for pk, status in said.items() if status}}


class WhatWeDidForm(forms.Form):
    """What we do about one thing that was said; `seen` is the answer that stood when the page was opened."""

    words = Words(label=_lazy("What we do about it"), required=False, rows=2)
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)


class YouSaidForm(WhatWeDidForm):
    """What we do about something that was said, and what it changed in the plan."""

    changed = forms.ChoiceField(label=_lazy("Did it change something in the plan?"), required=False)
    field_order = ["words", "changed", "seen"]

    def __init__(
        self, *args: Any, may_change: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        groups = [(title, rows) for title, rows in may_change if rows]
        self.fields["changed"].choices = [("", _("No")), *groups]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("changed") and not typed.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say in a few words what you did"))
        return typed
