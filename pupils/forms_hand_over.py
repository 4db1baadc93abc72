"""Forms about the day on which a young person begins to decide; the services hold the rules."""

from uuid import uuid4

from django import forms

from accounts.fields import BigChoices, Lines, SplitDate, Words

from .hand_over import OUT_OF_DATE


class KeyedForm(forms.Form):
    """A form that is one row however often it is sent."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages=dict.fromkeys(["required", "invalid"], OUT_OF_DATE),
    )


class TalkForm(KeyedForm):
    on = SplitDate(label="When you talked")
    with_whom = Lines(
        label="Who was there", max_length=300, help_text="Such as: the young person, their mother, you"
    )
    how = Words(
        label="How you explained it",
        max_length=2000,
        rows=4,
        help_text="Such as: with the easy words, with pictures, with an interpreter",
    )


class CompetenceForm(KeyedForm):
    """An early start: somebody who knows the young person judged that they can decide this now."""

    yes = forms.ChoiceField(
        label="What was found",
        choices=[("yes", "They can decide who sees their record"), ("no", "Not yet")],
        widget=BigChoices,
    )
    from_on = SplitDate(label="From which day", required=False, help_text="Leave empty for “not yet”")
    assessor = Lines(label="Who judged it", max_length=150)
    assessor_role = Lines(label="In what role", max_length=150)
    findings = Words(label="What it rests on", max_length=2000, rows=4)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, prefix="competence", **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        asked = self.cleaned_data
        if asked.get("yes") == "yes" and asked.get("from_on") is None and "from_on" not in self.errors:
            self.add_error("from_on", "Say from which day.")
        if asked.get("yes") == "no" and asked.get("from_on") is not None:
            self.add_error("from_on", "Leave the day empty, or say that they can decide.")
