"""Writing to many homes, the daily form, a call that was made, and asking to talk."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, Lines, SplitDate, Words
from accounts.models import User
from accounts.words import LIMIT
from apdr.forms import OUT_OF_DATE, Asking
from pupils.models import Pupil
from reviews.forms import NO_SUCH_TIME
from reviews.slots import LONDON, exists

from .enums_updates import HowWeTalk, Mood, Suits
from .forms import CALL, RING, PhotoFields
from .models import Daily


class Ticks(forms.MultipleChoiceField):
    """Children, each with a box to tick. Whoever is not with their reader any more is refused by the service, in words."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": _lazy("Tick children on this list")}

    def valid_value(self, value: Any) -> bool:
        try:
            UUID(str(value))
        except ValueError:
            return False
        return True

    def clean(self, value: Any) -> list[UUID]:
        return [UUID(one) for one in super().clean(value)]


class ManyForm(forms.Form):
    """One good thing first, and a few words, for the homes of whoever is ticked."""

    good_thing = Words(max_length=LIMIT, rows=2, required=False, label=_lazy("One good thing"))
    words = Words(max_length=LIMIT, rows=3, required=False, label=_lazy("Anything else"), help_text=RING)
    everybody = forms.BooleanField(required=False)
    pupils = Ticks(required=False, label=_lazy("Or tick who it is for"))
    call = forms.BooleanField(required=False, label=_lazy("This needs a call"), help_text=CALL)
    sent_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)

    def __init__(self, *args: Any, pupils: list[Pupil], group: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"sent_key": uuid4()}, **kwargs)
        self.here = [one.pk for one in pupils]
        count = len(pupils)
        self.fields["everybody"].label = (
            _("Everybody in %(group)s (%(count)s)") % {"group": group, "count": count}
            if count > 1
            else _("All of %(group)s") % {"group": group}
        )
        self.fields["pupils"].choices = [(str(one.pk), one.name) for one in pupils]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors:
            if not typed.get("everybody") and not typed.get("pupils"):
                self.add_error("everybody", _("Tick everybody, or who it is for"))
            elif not typed["call"] and not typed.get("good_thing") and not typed.get("words"):
                self.add_error("good_thing", _("Write something first"))
        return typed

    @property
    def whom(self) -> list[UUID]:
        return self.here if self.cleaned_data["everybody"] else self.cleaned_data["pupils"]

    def without_gone(self) -> None:
        """Take out the ticks of those whom it could not go to, so that pressing again sends it to the others."""
        data = self.data.copy()  # type: ignore[attr-defined]
        here = {str(pk) for pk in self.here}
        data.setlist("pupils", [pk for pk in data.getlist("pupils") if pk in here])
        self.data = data


HERE, AWAY = "yes", "no"


class DailyForm(PhotoFields, Asking):
    """How the day went, in big choices; of a child who was not there, only that."""

    field_order = ["here", "mood", "ate", "slept", "enjoyed", "tried", "words"]

    here = forms.ChoiceField(
        label=_lazy("Was {name} here today?"),
        choices=[(HERE, _lazy("Here today")), (AWAY, _lazy("Not here today"))],
        initial=HERE,
        widget=BigChoices(pictures={HERE: "hand-up", AWAY: "home"}),
    )
    mood = forms.ChoiceField(
        label=_lazy("Mood"),
        required=False,
        choices=Mood.choices,
        widget=BigChoices(
            pictures={"happy": "grin", "calm": "calm", "mixed": "thinking", "tired": "sleep", "upset": "sad"}
        ),
    )
    ate = forms.ChoiceField(
        label=_lazy("Ate"),
        required=False,
        choices=[
            ("most", _lazy("Most of it")),
            ("some", _lazy("Some")),
            ("little", _lazy("A little")),
            ("own", _lazy("Own food")),
        ],
        widget=BigChoices(pictures={"most": "lunch", "some": "lunch", "little": "food", "own": "drink"}),
    )
    slept = forms.ChoiceField(
        label=_lazy("Slept"),
        required=False,
        choices=[("long", _lazy("Well")), ("short", _lazy("A little")), ("not", _lazy("Not"))],
        widget=BigChoices(pictures={"long": "sleep", "short": "sleep", "not": "eye"}),
    )
    enjoyed = Words(max_length=LIMIT, rows=2, required=False, label=_lazy("Enjoyed"))
    tried = Words(max_length=500, rows=2, required=False, label=_lazy("Tried"))
    words = Words(max_length=LIMIT, rows=2, required=False, label=_lazy("Anything else"), help_text=RING)
    sent_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=OUT_OF_DATE)

    def __init__(self, data: Any, files: Any, *, pupil: Pupil, row: Daily | None) -> None:
        stored = {"version": 0, **(self.now(row) | {"version": row.version} if row else {})}
        super().__init__(data, files, initial={"sent_key": uuid4(), "here": HERE, **stored})
        self.fields["here"].label = _("Was %(pupil)s here today?") % {"pupil": pupil.called}
        if row is not None and row.update.photo_digest:
            self.without_photos()

    def now(self, row: Any) -> dict[str, Any]:
        """What is stored, by field name."""
        told = {name: getattr(row, name) for name in ("mood", "ate", "slept", "tried")}
        more = {"enjoyed": row.update.good_thing, "words": row.update.words}
        return told | more | {"here": HERE if row.here else AWAY}

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {"here": typed["here"] == HERE}


class RangForm(Asking):
    """When a home was rung, and how it went."""

    on = SplitDate(label=_lazy("When did you ring?"))
    outcome = Words(
        max_length=LIMIT,
        rows=4,
        label=_lazy("How did it go?"),
        help_text=_lazy("Staff read this, and no home"),
    )

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, initial={"on": today})


class TalkForm(Asking):
    """Asking to talk: with whom, and when it suits."""

    to = forms.ChoiceField(
        label=_lazy("Who would you like to talk with?"), widget=forms.RadioSelect, initial=""
    )
    suits = forms.MultipleChoiceField(
        label=_lazy("When does it suit you?"),
        required=False,
        choices=Suits.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("Tick all that suit"),
    )
    times = Words(
        max_length=500,
        rows=2,
        required=False,
        label=_lazy("Other times"),
        help_text=_lazy("Such as Tuesday at 4, or not Fridays"),
    )
    reason = Words(
        max_length=500,
        rows=3,
        required=False,
        label=_lazy("What is it about?"),
        help_text=_lazy("You need not say"),
    )
    sent_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)

    SENCO = "senco"

    def __init__(self, data: Any, *, adults: Iterable[User]) -> None:
        super().__init__(data, initial={"sent_key": uuid4(), "to": self.SENCO})
        self.by_id = {str(one.pk): one for one in adults}
        named = [(pk, one.name) for pk, one in self.by_id.items()]
        self.fields["to"].choices = [(self.SENCO, _("The SENCO")), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors and not typed.get("suits") and not typed.get("times"):
            self.add_error("suits", _("Tick when it suits you, or write other times"))
        return typed

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {"to": self.by_id.get(typed["to"])}


class AnswerTalkForm(Asking):
    """When and how to talk."""

    day = SplitDate(label=_lazy("Day"))
    time = forms.TimeField(
        label=_lazy("Time"),
        widget=forms.TimeInput({"type": "time", "class": "al-time"}, format="%H:%M"),
        error_messages={
            "required": _lazy("Enter a time, like 15:30"),
            "invalid": _lazy("Enter a time, like 15:30"),
        },
    )
    how = forms.ChoiceField(label=_lazy("How?"), choices=HowWeTalk.choices, widget=forms.RadioSelect)
    where = Lines(
        label=_lazy("Where, or which number"),
        max_length=150,
        required=False,
        help_text=_lazy("Such as Room 4. They read this"),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        day, time = typed.get("day"), typed.get("time")
        if day and time and not exists(datetime.combine(day, time, tzinfo=LONDON)):
            self.add_error("time", NO_SUCH_TIME)
        return typed

    def refuse(self, error: ValidationError) -> None:
        if hasattr(error, "error_dict") and "starts_at" in error.error_dict:
            error.error_dict["day"] = error.error_dict.pop("starts_at")
        super().refuse(error)

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        starts_at = datetime.combine(typed.pop("day"), typed.pop("time"), tzinfo=LONDON)
        return typed | {"starts_at": starts_at}
