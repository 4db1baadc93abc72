"""What staff type about next steps, strategies and provision."""

from typing import Any

from django import forms
from django.db import models

from accounts.fields import BigChoices, Lines, SplitDate, Words
from pupils.enums import Section

from . import selectors_staff as staff
from .enums import Answer, Perspective, Place, ScaleKind
from .forms import SHORT, Asking, OneOf, Writing
from .models import NextStep, ScaleVersion

#: Pictures for a step's card on the child's own page: the code of an OpenMoji picture, and its everyday name.
PICTURES = {
    "": "No picture",
    "1F31F": "Star",
    "1F680": "Rocket",
    "1F331": "Seedling",
    "1F4AC": "Talking",
    "1F442": "Listening",
    "1F64B": "Hand up",
    "1F92B": "Quiet",
    "1F60C": "Calm",
    "1F914": "Thinking",
    "1F4A1": "Idea",
    "1F4D6": "Book",
    "270F": "Pencil",
    "1F522": "Numbers",
    "1F524": "Letters",
    "1F9E9": "Puzzle",
    "1F3A8": "Painting",
    "1F3B5": "Music",
    "26BD": "Ball",
    "1F3C3": "Running",
    "1F3E0": "Home",
    "1F392": "Bag",
    "1F4C5": "Calendar",
    "1F96A": "Lunch",
}

_LEVELS = [
    "−2 Much less than hoped",
    "−1 Less than hoped",
    "0 As hoped",
    "+1 More than hoped",
    "+2 Much more than hoped",
]


class StepForm(Writing):
    """A next step. Each scale brings its own field for where they are now; a goal asks its five levels."""

    outcome = OneOf(
        label="Which difference is it a step towards?",
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    words = Words(
        label="The step",
        rows=2,
        help_text="One small thing they will do, such as “Uses the task board to start within two minutes”",
    )
    child_words = Words(
        label="The step in the child’s words",
        required=False,
        rows=2,
        help_text="Such as “I look at my board and start”. It is on their own page",
    )
    criterion = Words(
        label="How we will know",
        rows=2,
        help_text="Something you can count or see, such as “In four lessons out of five”",
    )
    baseline = Words(label="Where they are now", rows=2, help_text="What happens today, without this step")
    owner: Any = forms.ModelChoiceField(
        label="Who looks after this step?",
        help_text="Choose somebody here, or write a name below. One of the two is needed",
        queryset=None,
        required=False,
        empty_label="Somebody else",
    )
    owner_name = Lines(
        label="Somebody else’s name", max_length=150, required=False, help_text="If they are not in the list"
    )
    by_when = SplitDate(label="By when", help_text="The review day unless you change it")
    picture = forms.ChoiceField(
        label="A picture for the child’s page",
        choices=list(PICTURES.items()),
        required=False,
        widget=BigChoices(pictures={name: name for name in PICTURES if name}),
    )
    scale: Any = forms.ModelChoiceField(
        label="How will we say how far they have come?",
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
            field.choices = [*PICTURES.items(), (code, "The picture it has now")]
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
                "levels": " · ".join(scale.labels) if scale.labels else "How many, or how often",
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
                    self.add_error(f"level_{index}", f"Write what “{_LEVELS[index]}” would look like")
        if not typed.get("owner") and not typed.get("owner_name") and "owner_name" not in self.errors:
            self.add_error("owner_name", "Say who looks after this step")
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
            label="How many now?",
            required=False,
            min_value=0,
            max_value=9999,
            widget=forms.TextInput({"class": "govuk-input--width-4", "inputmode": "numeric"}),
        )
    pairs = [*zip(scale.values, scale.labels, strict=True)]
    if scale.scale.kind == ScaleKind.GOAL:
        pairs = [(v, label) for v, label in pairs if v < 0]  # a goal begins below what is hoped for
    return forms.ChoiceField(
        label="Where are they on it now?", required=False, choices=[("", "Not known yet"), *pairs]
    )


class StrategyForm(Writing):
    place = forms.ChoiceField(label="Where?", choices=Place.choices, widget=BigChoices)
    words = Words(
        label="What we do",
        rows=3,
        help_text="What an adult does or says, such as “One instruction at a time”",
    )
    how = Words(
        label="How to do it", required=False, rows=3, help_text="Enough for somebody who has never met them"
    )
    step = OneOf(
        label="Which next step it helps", queryset=None, required=False, empty_label="None in particular"
    )
    perspective = forms.ChoiceField(
        label="Whose idea was it?", choices=Perspective.choices, initial=Perspective.STAFF
    )
    proposed_by_name = Lines(
        label="Their name", max_length=150, required=False, help_text="Leave empty if it was yours"
    )
    works_best = forms.BooleanField(
        label="One of the three things that work",
        required=False,
        help_text="Three at most stand on the card that adults read at the door",
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
            self.fields["works_best"].help_text += ". Marked already: " + "; ".join(best)


class ProvisionForm(Writing):
    strategy = OneOf(label="For what?", queryset=None, empty_label=None)
    who = Lines(label="Who does it", max_length=150, help_text="Such as teaching assistant, or Mr Teal")
    where = Lines(label="Where", max_length=150, required=False, help_text="Such as in class, or the library")
    times_a_week = forms.DecimalField(
        label="Times a week",
        min_value=0.1,
        max_value=99,
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput(SHORT),
    )
    minutes = forms.IntegerField(
        label="Minutes each time", min_value=1, max_value=600, widget=forms.TextInput(SHORT)
    )
    group_size = forms.IntegerField(
        label="Children in the group",
        min_value=1,
        max_value=60,
        initial=1,
        help_text="1 means just them",
        widget=forms.TextInput(SHORT),
    )
    weeks = forms.IntegerField(
        label="For how many weeks", min_value=1, max_value=52, widget=forms.TextInput(SHORT)
    )

    def fill(self) -> None:
        assert self.cycle is not None
        self.fields["strategy"].queryset = self.cycle.strategies.filter(removed_at=None)  # type: ignore[attr-defined]


class AnswerForm(Asking):
    answer = forms.ChoiceField(label="What do you think?", choices=Answer.choices, widget=BigChoices)
    why = Words(
        label="Why", required=False, rows=3, help_text="If you do not agree, say why. It stays on the plan"
    )


class DeclineForm(Asking):
    reply = Words(
        label="Your reply",
        rows=3,
        help_text="Kindly, and why not for now. They read this",
        error_messages={"required": "Say why not for now, so that they know"},
    )


class AcceptForm(Writing):
    """Putting somebody's strategy in the plan, in their words."""

    how = Words(label="How to do it", required=False, rows=3)
    step = OneOf(
        label="Which next step it helps", queryset=None, required=False, empty_label="None in particular"
    )
    reply = Words(
        label="Your reply",
        required=False,
        rows=2,
        help_text="Such as “Thank you. We will try it from Monday.”",
    )

    def fill(self) -> None:
        assert self.cycle is not None
        self.fields["step"].queryset = self.cycle.steps.filter(removed_at=None)  # type: ignore[attr-defined]


class AcceptStepForm(StepForm):
    """Making a proposed step SMART. Its words start as they were proposed."""

    reply = Words(
        label="Your reply",
        required=False,
        rows=2,
        help_text="Such as “Thank you. We will try it from Monday.”",
    )

    @property
    def after_scale(self) -> list[forms.BoundField]:
        return [*super().after_scale, self["reply"]]
