"""Making a survey, answering one, and telling what came of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.days import LATEST
from accounts.fields import Lines, SplitDate, Words
from apdr.forms import OUT_OF_DATE, Asking
from pupils.forms import as_read

from .enums_surveys import Asked, QuestionKind
from .models import Survey, SurveyQuestion
from .models_surveys import FEWEST_CHOICES, MOST_CHOICES, OWN_WORDS

ANONYMOUS, NAMED = "anonymous", "named"


class SurveyForm(Asking):
    """A new survey brings the id it will have, a draft the version it was read at."""

    title = Lines(label=_lazy("Title"), max_length=150, help_text=_lazy("Such as: How do we keep in touch?"))
    why = Words(
        label=_lazy("Why we ask"),
        max_length=1000,
        rows=3,
        help_text=_lazy("Everybody who is asked reads this first. Use everyday words, and name no pupil"),
    )
    audiences = forms.MultipleChoiceField(
        label=_lazy("Whom do you ask?"), choices=Asked.choices, widget=forms.CheckboxSelectMultiple
    )
    names = forms.ChoiceField(
        label=_lazy("Do names stand beside the answers?"),
        widget=forms.RadioSelect,
        choices=[
            (ANONYMOUS, _lazy("No. Nobody can find out who answered what, and small numbers are left out")),
            (NAMED, _lazy("Yes. A SENCO reads who answered what")),
        ],
    )
    opens_on = SplitDate(label=_lazy("First day on which people can answer"))
    last_day = SplitDate(
        label=_lazy("Last day on which people can answer"),
        help_text=_lazy("The results can be read from the day after"),
        max_date=LATEST - timedelta(days=1),
    )

    def __init__(self, data: Any = None, *, row: Survey | None = None) -> None:
        super().__init__(data, initial=self.now(row) if row else {})
        as_read(self, row.version if row else None)

    def now(self, row: Survey) -> dict[str, Any]:
        stored = {name: getattr(row, name) for name in self.base_fields if name != "names"}
        return stored | {"names": ANONYMOUS if row.anonymous else NAMED}

    def clean(self) -> None:
        first, last = self.cleaned_data.get("opens_on"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day cannot be before the first."))

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        closes = typed.pop("last_day") + timedelta(days=1)
        return typed | {"closes_on": closes, "anonymous": typed.pop("names") == ANONYMOUS}


class QuestionForm(Asking):
    """A new question brings the id it will have, one of a draft the version it was read at."""

    words = Words(label=_lazy("The question"), max_length=300, rows=2)
    kind = forms.ChoiceField(
        label=_lazy("How do people answer?"), choices=QuestionKind.choices, widget=forms.RadioSelect
    )
    choices = Words(
        label=_lazy("Answers to choose from"),
        max_length=1500,
        rows=4,
        required=False,
        help_text=_lazy("Only for “Choose one”. Write each on a line of its own"),
    )

    def __init__(self, data: Any = None, *, row: SurveyQuestion | None = None) -> None:
        super().__init__(data, initial=self.now(row) if row else {})
        as_read(self, row.version if row else None)

    def now(self, row: SurveyQuestion) -> dict[str, Any]:
        return {"words": row.words, "kind": row.kind, "choices": "\n".join(row.choices)}

    def clean_choices(self) -> str:
        written = str(self.cleaned_data["choices"])
        if any(len(line.strip()) > 150 for line in written.splitlines()):
            raise forms.ValidationError(_("One of these answers is longer than 150 characters. Shorten it."))
        return written

    def clean(self) -> None:
        lines = [line for line in self.cleaned_data.get("choices", "").splitlines() if line.strip()]
        wrong = not FEWEST_CHOICES <= len(lines) <= MOST_CHOICES
        if self.cleaned_data.get("kind") == QuestionKind.ONE and wrong and "choices" not in self.errors:
            told = _("Write %(from)s to %(to)s answers to choose from, each on a line of its own.")
            self.add_error("choices", told % {"from": FEWEST_CHOICES, "to": MOST_CHOICES})

    @property
    def typed(self) -> dict[str, Any]:
        return {**self.cleaned_data, "choices": self.cleaned_data["choices"].splitlines()}


class PressForm(forms.Form):
    """One press on a survey, or on a question of a draft (without a version)."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, required=False, error_messages=OUT_OF_DATE
    )
    do = forms.ChoiceField(
        widget=forms.HiddenInput,
        choices=[(word, "") for word in ("open", "end", "remove", "up", "down")],
        error_messages=OUT_OF_DATE,
    )


class TellForm(Asking):
    told = Words(
        label=_lazy("What you told us, and what we do"),
        max_length=4000,
        rows=8,
        help_text=_lazy(
            "Everybody who was asked reads this, above the numbers. Say it in words of your own, so that nobody is known by theirs"
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages=OUT_OF_DATE)

    def now(self, row: Survey) -> dict[str, Any]:
        return {"told": row.told}


class AnswerForm(Asking):
    """The questions of a survey, each a field called by its id. Whoever is asked as more than one says as whom."""

    def __init__(
        self,
        data: Any = None,
        *,
        survey: Survey,
        questions: list[SurveyQuestion],
        asked: list[Asked],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.questions = questions
        if len(asked) > 1:
            self.fields["audience"] = forms.ChoiceField(
                label=_("You answer as"),
                choices=[(each.value, AS[each]) for each in asked],
                widget=forms.RadioSelect,
                error_messages={"required": _("Say as whom you answer.")},
            )
        for row in questions:
            if row.kind == QuestionKind.WORDS:
                self.fields[str(row.pk)] = Words(
                    label=row.words,
                    max_length=OWN_WORDS,
                    rows=3,
                    required=False,
                    help_text=_("Please write no names, of yourself or of others")
                    if survey.anonymous
                    else "",
                )
            else:
                self.fields[str(row.pk)] = forms.ChoiceField(
                    label=row.words,
                    choices=[(str(n), label) for n, label in enumerate(row.labels)],
                    widget=forms.RadioSelect,
                    required=False,
                )
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, min_value=0, error_messages=OUT_OF_DATE
        )

    def now_at(self, version: int) -> None:
        """Keep what was chosen and written, as an answer that takes the place of what was sent since."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data

    @property
    def typed(self) -> dict[str, Any]:
        typed = self.cleaned_data
        said: dict[UUID, int | str] = {}
        for row in self.questions:
            given = typed.get(str(row.pk), "")
            if given != "":
                said[row.pk] = given if row.kind == QuestionKind.WORDS else int(given)
        return {"said": said, "audience": typed.get("audience", ""), "version": typed["version"]}


AS = {
    Asked.PARENT: _lazy("a parent carer"),
    Asked.PUPIL: _lazy("a pupil"),
    Asked.STAFF: _lazy("somebody who works here"),
}
