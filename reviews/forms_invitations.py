"""What is typed about asking people to a review, answering, taking part, and saying something before it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from accounts.enums import Asked
from accounts.fields import BigChoices, BigTicks, Lines, SplitDate, Words
from accounts.models import User
from accounts.words import StrOrPromise
from apdr.enums import HowObtained, Perspective
from apdr.forms import OUT_OF_DATE, Asking, Writing
from apdr.selectors_staff import household, households
from pupils.enums import Gave

from .enums_invitations import AnotherWay, Coming, Part
from .models import Contribution, Review, WhoComes
from .slots import LONDON

HOW = [Gave.SPOKEN, Gave.SIGNED, Gave.SYMBOLS, Gave.SUPPORTED]
PICTURES: dict[str, str] = {
    Part.ALL: "friends",
    Part.SHORT: "clock",
    Part.MAKE: "paint",
    Part.WORDS: "talk",
    Part.SYMBOLS: "smile",
    Part.SPEAKS: "hand-up",
    Part.NO: "quiet",
}
#: What a child can say with pictures: for each question what it is called, and the pictures with their words.
SAY: dict[str, tuple[StrOrPromise, dict[str, str]]] = {
    "working": (
        _lazy("What is good?"),
        {
            gettext_noop("Being with my friends"): "friends",
            gettext_noop("My teacher"): "teacher",
            gettext_noop("Lessons"): "book",
            gettext_noop("Playtime"): "swing",
            gettext_noop("Sport"): "ball",
            gettext_noop("Making things"): "paint",
            gettext_noop("Music"): "music",
            gettext_noop("Lunch"): "lunch",
            gettext_noop("Quiet time"): "quiet",
        },
    ),
    "not_working": (
        _lazy("What is hard?"),
        {
            gettext_noop("Noise"): "ear",
            gettext_noop("Writing"): "pencil",
            gettext_noop("Reading"): "book",
            gettext_noop("Numbers"): "numbers",
            gettext_noop("Other children"): "friends",
            gettext_noop("Getting to school"): "bus",
            gettext_noop("Lunch time"): "lunch",
            gettext_noop("Being tired"): "sleep",
            gettext_noop("Getting cross or upset"): "cross",
        },
    ),
    "what_next": (
        _lazy("What would help?"),
        {
            gettext_noop("A quiet place"): "quiet",
            gettext_noop("A break"): "breathe",
            gettext_noop("More time"): "clock",
            gettext_noop("Help from a grown-up"): "teacher",
            gettext_noop("A friend beside me"): "friends",
            gettext_noop("Headphones"): "headphones",
            gettext_noop("Pictures that show what comes"): "map",
            gettext_noop("Something to hold"): "teddy",
            gettext_noop("Moving about"): "run",
        },
    ),
}
QUESTIONS = list(SAY)


def pictures_for(question: str) -> dict[str, str]:
    """The pictures that a question is answered with, by their words in the language of whoever answers."""
    return {_(words): picture for words, picture in SAY[question][1].items()}


class Slots(forms.MultipleChoiceField):
    """Starts of other times, each as an instant. One that was offered and is taken meanwhile may still be wished for."""

    def valid_value(self, value: str) -> bool:
        return True

    def clean(self, value: Any) -> list[datetime]:
        found = []
        for text in super().clean(value):
            try:
                at = datetime.fromisoformat(text)
            except ValueError:
                at = None
            if at is None or at.tzinfo is None:
                raise ValidationError(_("Choose times from the list."))
            found.append(at)
        return found


def in_full(at: datetime) -> str:
    """A time in London, such as "Tuesday 17 March at 15:30"."""
    local = timezone.localtime(at, LONDON)
    return _("%(day)s at %(time)s") % {"day": date_format(local, "l j E"), "time": f"{local:%H:%M}"}


class ReplyForm(Asking):
    """One answer to an invitation, with what belongs to it. `sequence` is that of the time it answers."""

    answer = forms.ChoiceField(widget=forms.HiddenInput, choices=Coming.choices, error_messages=OUT_OF_DATE)
    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=OUT_OF_DATE)

    def __init__(
        self,
        data: Any,
        *,
        review: Review,
        answer: Coming,
        offered: Sequence[datetime] = (),
        told: date | None = None,
        **kwargs: Any,
    ) -> None:
        """`told` is today, where somebody else writes down what they were told."""
        super().__init__(data, initial={"answer": answer, "sequence": review.sequence}, **kwargs)
        if answer is Coming.OTHER_TIME and offered:
            self.fields["slots"] = Slots(
                label=_("Would one of these suit you?"),
                choices=[(at.isoformat(), in_full(at)) for at in offered],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if answer is Coming.OTHER_WAY:
            self.fields["way"] = forms.ChoiceField(
                label=_("How would you like to take part?"),
                choices=AnotherWay.choices,
                widget=BigChoices(pictures={"call": "talk", "writing": "pencil", "speaks": "hand-up"}),
                error_messages={"required": _("Choose one")},
            )
        if answer is not Coming.YES:
            label = {
                Coming.OTHER_TIME: _("Or say which times suit you"),
                Coming.OTHER_WAY: _("Who speaks for you, or what we should know"),
                Coming.NO: _("Is there something we should know?"),
            }[answer]
            self.fields["words"] = Words(label=label, required=False, rows=3)
        if told is not None:
            self.fields["told_how"] = forms.ChoiceField(
                label=_("How did they tell you?"), choices=Asked.choices, widget=forms.RadioSelect
            )
            self.fields["told_on"] = SplitDate(label=_("When did they tell you?"), initial=told)

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        way = typed.pop("way", "")
        return typed | {"answer": Coming(typed["answer"]), "way": AnotherWay(way) if way else None}


class ChooseForm(Asking):
    """Whom the child or young person wants there; `how` where somebody writes it down for them."""

    people = forms.MultipleChoiceField(
        label=_lazy("Who do you want there?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _lazy("Choose people who are near now.")},
    )
    words = Words(label=_lazy("Is there something else you want us to know?"), required=False, rows=3)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=OUT_OF_DATE)

    def __init__(
        self,
        data: Any,
        *,
        people: Sequence[tuple[User, Perspective]],
        chosen: Collection[UUID],
        last: WhoComes | None,
        own: bool,
        instead: User | None = None,
        called: str,
    ) -> None:
        """`instead`: whoever decides this for them, and is shown no words but their own."""
        theirs = last is not None and (instead is None or last.recorded_by_id == instead.pk)
        said = {"after": last.number, "words": last.words if theirs else ""} if last else {"after": 0}
        super().__init__(data, initial={"people": [str(pk) for pk in chosen], **said})
        words = {
            Perspective.PARENT: _("your family") if own else _("family"),
            Perspective.STAFF: _("teaches you") if own else _("teaches them"),
            Perspective.PROFESSIONAL: _("visits you") if own else _("visiting professional"),
        }
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(person.pk), f"{person.called} ({words[part]})") for person, part in people
        ]
        if not own:
            self.fields["people"].label = _("Who does %(called)s want there?") % {"called": called}
            self.fields["words"].label = _("What %(called)s said about it") % {"called": called}
            if not instead:
                _add_how(self)

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {"people": {UUID(pk) for pk in typed["people"]}} | _how(typed)


def _add_how(form: forms.Form) -> None:
    form.fields["how"] = forms.ChoiceField(
        label=_("How did they tell you?"), choices=[(g.value, g.label) for g in HOW], widget=forms.RadioSelect
    )
    form.fields["how_words"] = Lines(
        label=_("How, in a few words"),
        max_length=200,
        required=False,
        help_text=_("Such as: three picture cards, after lunch"),
    )


def _how(typed: dict[str, Any]) -> dict[str, Any]:
    return {"how": Gave(typed["how"])} if "how" in typed else {}


class PartForm(Asking):
    """How a child or young person takes part, as they choose it themselves; who speaks where somebody does."""

    part = forms.ChoiceField(
        choices=Part.choices,
        widget=BigChoices(pictures=PICTURES),
        label=_lazy("How do you want to take part?"),
        error_messages={"required": _lazy("Choose one")},
    )
    who = Lines(label=_lazy("Who speaks for you?"), max_length=150, required=False)

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {"part": Part(typed["part"])} | _how(typed)


class WritePartForm(PartForm):
    """The same, written down with them."""

    words = Words(label=_lazy("What they said about it"), required=False, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].label = _("How do they want to take part?")
        self.fields["who"].label = _("Who speaks for them?")
        self.fields["who"].help_text = _("If somebody does")
        _add_how(self)


class BeforeForm(Writing):
    """Three questions before a review, answered for oneself."""

    working = Words(label=_lazy("What is working?"), required=False, rows=4)
    not_working = Words(label=_lazy("What is not working?"), required=False, rows=4)
    what_next = Words(label=_lazy("What next?"), required=False, rows=4)

    def __init__(self, data: Any, *, row: Contribution, own: bool) -> None:
        super().__init__(data, row=row)
        for name, (question, __) in SAY.items():
            if own:
                self.fields[name].label = question


class WriteBeforeForm(Writing):
    """The same, written down for somebody."""

    perspective = forms.ChoiceField(
        label=_lazy("Who said it?"), choices=Perspective.choices, widget=forms.RadioSelect
    )
    said_by_name = Lines(
        label=_lazy("Their name"),
        max_length=150,
        required=False,
        help_text=_lazy("Leave it empty for the child"),
    )
    household = forms.ChoiceField(
        label=_lazy("For a parent carer: which home?"),
        required=False,
        help_text=_lazy("Only this home, the child and staff will see these words"),
    )
    how = forms.ChoiceField(
        label=_lazy("How did you find out?"), choices=HowObtained.choices, widget=forms.RadioSelect
    )
    told_on = SplitDate(
        label=_lazy("When did they say it?"),
        required=False,
        help_text=_lazy("Leave it empty if it was today"),
    )
    working = Words(label=_lazy("What is working?"), required=False, rows=4)
    not_working = Words(label=_lazy("What is not working?"), required=False, rows=4)
    what_next = Words(label=_lazy("What next?"), required=False, rows=4)

    def fill(self) -> None:
        assert self.sight is not None
        homes = [(str(pk), names) for pk, names in households(self.sight.pupil)]
        self.fields["household"].choices = [("", _("Not a parent carer")), *homes]  # type: ignore[attr-defined]

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {
            "perspective": Perspective(typed["perspective"]),
            "how": HowObtained(typed["how"]),
            "household": household(typed["household"]),
        }


class PicturesForm(forms.Form):
    """One question answered with pictures."""

    def __init__(self, data: Any, *, question: str, words: str) -> None:
        offered = pictures_for(question)
        lines = words.splitlines()
        super().__init__(data, initial={"pictures": [one for one in offered if one in lines]})
        self.fields["pictures"] = forms.MultipleChoiceField(
            label=SAY[question][0],
            choices=[(one, one) for one in offered],
            required=False,
            widget=BigTicks(pictures=offered),
            error_messages={"invalid_choice": _("Choose from the pictures.")},
        )
