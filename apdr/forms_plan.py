"""What staff type about next steps, strategies and provision."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, Lines, SplitDate, Words
from pupils.enums import Section

from . import selectors_staff as staff
from .enums import Answer, Perspective, Place, ScaleKind
from .forms import SHORT, Asking, OneOf, Writing
from .models import NextStep, ScaleVersion

#: Pictures for a step's card on the child's own page: the code of an OpenMoji picture, and its everyday name.
PICTURES = {
    "": _lazy("No picture"),
    "1F31F": _lazy("Star"),
    "1F680": _lazy("Rocket"),
    "1F331": _lazy("Seedling"),
    "1F4AC": _lazy("Talking"),
    "1F442": _lazy("Listening"),
    "1F64B": _lazy("Hand up"),
    "1F92B": _lazy("Quiet"),
    "1F60C": _lazy("Calm"),
    "1F914": _lazy("Thinking"),
    "1F4A1": _lazy("Idea"),
    "1F4D6": _lazy("Book"),
    "270F": _lazy("Pencil"),
    "1F522": _lazy("Numbers"),
    "1F524": _lazy("Letters"),
    "1F9E9": _lazy("Puzzle"),
    "1F3A8": _lazy("Painting"),
    "1F3B5": _lazy("Music"),
    "26BD": _lazy("Ball"),
    "1F3C3": _lazy("Running"),
    "1F3E0": _lazy("Home"),
    "1F392": _lazy("Bag"),
    "1F4C5": _lazy("Calendar"),
    "1F96A": _lazy("Lunch"),
}

_LEVELS = [
    _lazy("−2 Much less than hoped"),
    _lazy("−1 Less than hoped"),
    _lazy("0 As hoped"),
    _lazy("+1 More than hoped"),
    _lazy("+2 Much more than hoped"),
]


class StepForm(Writing):
    """A next step. Each scale brings its own field for where they are now; a goal asks its five levels."""

    outcome = OneOf(
        label=_lazy("Which difference is it a step towards?"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    words = Words(
        label=_lazy("The step"),
        rows=2,
        help_text=_lazy(
            "One small thing they will do, such as “Uses the task board to start within two minutes”"
        ),
    )
    child_words = Words(
        label=_lazy("The step in the child’s words"),
        required=False,
        rows=2,
        help_text=_lazy("Such as “I look at my board and start”. It is on their own page"),
    )
    criterion = Words(
        label=_lazy("How we will know"),
        rows=2,
        help_text=_lazy("Something you can count or see, such as “In four lessons out of five”"),
    )
    baseline = Words(
        label=_lazy("Where they are now"), rows=2, help_text=_lazy("What happens today, without this step")
    )
    owner: Any = forms.ModelChoiceField(
        label=_lazy("Who looks after this step?"),
        help_text=_lazy("Choose somebody here, or write a name below. One of the two is needed"),
        queryset=None,
        required=False,
        empty_label=_lazy("Somebody else"),
    )
    owner_name = Lines(
        label=_lazy("Somebody else’s name"),
        max_length=150,
        required=False,
        help_text=_lazy("If they are not in the list"),
    )
    by_when = SplitDate(label=_lazy("By when"), help_text=_lazy("The review day unless you change it"))
    picture = forms.ChoiceField(
        label=_lazy("A picture for the child’s page"),
        choices=list(PICTURES.items()),
        required=False,
        widget=BigChoices(pictures={name: name for name in PICTURES if name}),
    )
    scale: Any = forms.ModelChoiceField(
        label=_lazy("How will we say how far they have come?"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def fill(self) -> None:
        assert self.cycle is not None
        assert self.sight is not None
        self.fields["outcome"].queryset = self.cycle.outcomes.filter(removed_at=None)  # type: ignore[attr-defined]
        self.fields["owner"].queryset = staff.adults(self.sight)  # type: ignore[attr-defined]
        kept = self.row.scale_id if isinstance(self.row, NextStep) else None
        self.scales = staff.scales(self.cycle, kept)
        self.fields["scale"].queryset = ScaleVersion.objects.filter(pk__in=[s.pk for s in self.scales])  # type: ignore[attr-defined]
        for scale in self.scales:
            self.fields[f"now_{scale.pk}"] = _now_field(scale)
            if scale.scale.kind == ScaleKind.GOAL:
                for index, label in enumerate(_LEVELS):
                    self.fields[f"level_{index}"] = Lines(label=label, max_length=200, required=False)
        if isinstance(self.row, NextStep):
            self._keep_picture(self.row.picture)
            self.initial.update(self.now(self.row))
        elif self.scales:
            self.initial.setdefault("scale", self.scales[0].pk)

    def _keep_picture(self, code: str) -> None:
        """A picture that a step has already stays to be chosen, also one that is not offered."""
        if code not in PICTURES:
            field: Any = self.fields["picture"]
            field.choices = [*PICTURES.items(), (code, _("The picture it has now"))]
            field.widget.pictures = {**field.widget.pictures, code: code}

    def now(self, row: models.Model) -> dict[str, Any]:
        assert isinstance(row, NextStep)
        plain = ["words", "child_words", "criterion", "baseline", "owner_name", "by_when", "picture"]
        stored: dict[str, Any] = {name: getattr(row, name) for name in plain}
        stored |= {"outcome": row.outcome_id, "owner": row.owner_id, "scale": row.scale_id}
        for scale in getattr(self, "scales", []):
            stored[f"now_{scale.pk}"] = row.baseline_value if scale.pk == row.scale_id else None
            if scale.scale.kind == ScaleKind.GOAL:
                levels = row.goal_levels or [""] * 5
                stored |= {f"level_{index}": level for index, level in enumerate(levels)}
        return stored

    @property
    def scale_options(self) -> list[dict[str, Any]]:
        """Each scale to choose from, with its levels in words and the fields that belong to it."""
        chosen = str(self["scale"].value() or "")
        return [
            {
                "scale": scale,
                "levels": " · ".join(scale.labels) if scale.labels else _("How many, or how often"),
                "checked": str(scale.pk) == chosen,
                "now": self[f"now_{scale.pk}"],
                "goal": [self[f"level_{i}"] for i in range(5)] if scale.scale.kind == ScaleKind.GOAL else [],
            }
            for scale in self.scales
        ]

    @property
    def before_scale(self) -> list[forms.BoundField]:
        return [self[name] for name in ("outcome", "words", "child_words", "criterion", "baseline")]

    @property
    def after_scale(self) -> list[forms.BoundField]:
        return [self[name] for name in ("owner", "owner_name", "by_when")]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        scale = typed.get("scale")
        if scale is not None and scale.scale.kind == ScaleKind.GOAL:
            for index in range(5):
                if not typed.get(f"level_{index}") and f"level_{index}" not in self.errors:
                    self.add_error(
                        f"level_{index}",
                        _("Write what “%(level)s” would look like") % {"level": _LEVELS[index]},
                    )
        if not typed.get("owner") and not typed.get("owner_name") and "owner_name" not in self.errors:
            self.add_error("owner_name", _("Say who looks after this step"))
        return typed

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        levels = [typed.pop(f"level_{i}", "") for i in range(5)]
        values = {scale.pk: typed.pop(f"now_{scale.pk}") for scale in self.scales}
        scale = typed["scale"]
        value = values[scale.pk]
        return typed | {
            "baseline_value": int(value) if value not in (None, "") else None,
            "goal_levels": levels if scale.scale.kind == ScaleKind.GOAL else None,
            "owner_name": "" if typed["owner"] else typed["owner_name"],
        }

    def refuse(self, error: Any) -> None:
        if hasattr(error, "error_dict") and "baseline_value" in error.error_dict:
            error.error_dict[f"now_{self.cleaned_data['scale'].pk}"] = error.error_dict.pop("baseline_value")
        super().refuse(error)


def _now_field(scale: ScaleVersion) -> forms.Field:
    if scale.scale.kind == ScaleKind.COUNT:
        return forms.IntegerField(
            label=_("How many now?"),
            required=False,
            min_value=0,
            max_value=9999,
            widget=forms.TextInput({"class": "govuk-input--width-4", "inputmode": "numeric"}),
        )
    pairs = [*zip(scale.values, scale.labels, strict=True)]
    if scale.scale.kind == ScaleKind.GOAL:
        pairs = [(v, label) for v, label in pairs if v < 0]  # a goal begins below what is hoped for
    return forms.ChoiceField(
        label=_("Where are they on it now?"), required=False, choices=[("", _("Not known yet")), *pairs]
    )


class StrategyForm(Writing):
    place = forms.ChoiceField(label=_lazy("Where?"), choices=Place.choices, widget=BigChoices)
    words = Words(
        label=_lazy("What we do"),
        rows=3,
        help_text=_lazy("What an adult does or says, such as “One instruction at a time”"),
    )
    how = Words(
        label=_lazy("How to do it"),
        required=False,
        rows=3,
        help_text=_lazy("Enough for somebody who has never met them"),
    )
    step = OneOf(
        label=_lazy("Which next step it helps"),
        queryset=None,
        required=False,
        empty_label=_lazy("None in particular"),
    )
    perspective = forms.ChoiceField(
        label=_lazy("Whose idea was it?"), choices=Perspective.choices, initial=Perspective.STAFF
    )
    proposed_by_name = Lines(
        label=_lazy("Their name"),
        max_length=150,
        required=False,
        help_text=_lazy("Leave empty if it was yours"),
    )
    works_best = forms.BooleanField(
        label=_lazy("One of the three things that work"),
        required=False,
        help_text=_lazy("Three at most stand on the card that adults read at the door"),
    )

    def fill(self) -> None:
        assert self.cycle is not None
        assert self.sight is not None
        if self.sight.sees(Section.PLAN):
            self.fields["step"].queryset = self.cycle.steps.filter(removed_at=None)  # type: ignore[attr-defined]
        else:
            del self.fields["step"]  # its words are the plan's
        best = staff.marked_best(self.cycle, self.row.pk if self.row is not None else None)
        if best:
            self.fields["works_best"].help_text += _(". Marked already: ") + "; ".join(best)


class ProvisionForm(Writing):
    strategy = OneOf(label=_lazy("For what?"), queryset=None, empty_label=None)
    who = Lines(
        label=_lazy("Who does it"), max_length=150, help_text=_lazy("Such as teaching assistant, or Mr Teal")
    )
    where = Lines(
        label=_lazy("Where"),
        max_length=150,
        required=False,
        help_text=_lazy("Such as in class, or the library"),
    )
    times_a_week = forms.DecimalField(
        label=_lazy("Times a week"),
        min_value=0.1,
        max_value=99,
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput(SHORT),
    )
    minutes = forms.IntegerField(
        label=_lazy("Minutes each time"), min_value=1, max_value=600, widget=forms.TextInput(SHORT)
    )
    group_size = forms.IntegerField(
        label=_lazy("Children in the group"),
        min_value=1,
        max_value=60,
        initial=1,
        help_text=_lazy("1 means just them"),
        widget=forms.TextInput(SHORT),
    )
    weeks = forms.IntegerField(
        label=_lazy("For how many weeks"), min_value=1, max_value=52, widget=forms.TextInput(SHORT)
    )
    starts_on = SplitDate(
        label=_lazy("From which day"),
        required=False,
        help_text=_lazy("Leave empty if it began when this cycle was opened"),
    )
    group = Lines(
        label=_lazy("Name of the group"),
        required=False,
        max_length=80,
        help_text=_lazy(
            "Such as Talk group on Tuesdays. Plans that name the same group share its cost, and are ticked together. "
            "Name no child in it"
        ),
    )

    def fill(self) -> None:
        assert self.cycle is not None
        self.fields["strategy"].queryset = self.cycle.strategies.filter(removed_at=None)  # type: ignore[attr-defined]


class AnswerForm(Asking):
    answer = forms.ChoiceField(label=_lazy("What do you think?"), choices=Answer.choices, widget=BigChoices)
    why = Words(
        label=_lazy("Why"),
        required=False,
        rows=3,
        help_text=_lazy("If you do not agree, say why. It stays on the plan"),
    )


class DeclineForm(Asking):
    reply = Words(
        label=_lazy("Your reply"),
        rows=3,
        help_text=_lazy("Kindly, and why not for now. They read this"),
        error_messages={"required": _lazy("Say why not for now, so that they know")},
    )


class AcceptForm(Writing):
    """Putting somebody's strategy in the plan, in their words."""

    how = Words(label=_lazy("How to do it"), required=False, rows=3)
    step = OneOf(
        label=_lazy("Which next step it helps"),
        queryset=None,
        required=False,
        empty_label=_lazy("None in particular"),
    )
    reply = Words(
        label=_lazy("Your reply"),
        required=False,
        rows=2,
        help_text=_lazy("Such as “Thank you. We will try it from Monday.”"),
    )

    def fill(self) -> None:
        assert self.cycle is not None
        self.fields["step"].queryset = self.cycle.steps.filter(removed_at=None)  # type: ignore[attr-defined]


class AcceptStepForm(StepForm):
    """Making a proposed step SMART. Its words start as they were proposed."""

    reply = Words(
        label=_lazy("Your reply"),
        required=False,
        rows=2,
        help_text=_lazy("Such as “Thank you. We will try it from Monday.”"),
    )

    @property
    def after_scale(self) -> list[forms.BoundField]:
        return [*super().after_scale, self["reply"]]
