"""Forms about safeguarding disclosures, capacity and competence; the services hold the rules."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, SplitDate, Words
from accounts.models import User

from .enums import Authority, Section


class KeyField(forms.UUIDField):
    """The id of what a form makes, so that a form sent twice makes one row."""

    def __init__(self) -> None:
        out_of_date = _lazy("This form is out of date. Open the page again.")
        super().__init__(
            widget=forms.HiddenInput,
            initial=uuid4,
            error_messages=dict.fromkeys(["required", "invalid"], out_of_date),
        )


class Parts(forms.MultipleChoiceField):
    """Some of the eight parts of a record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Section.choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class Recipient(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One person by name and what they are to the pupil. No address: it is nobody's business here."""

    kinds: dict[Any, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {self.kinds.get(obj.pk, 'works here')}"


class FindForm(forms.Form):
    q = Lines(label=_lazy("The beginning of a name"), max_length=80)


class AskForm(forms.Form):
    """A disclosure without the young person's permission: to whom, which parts, why, until when, and what they know."""

    person = Recipient(
        User.objects.none(),
        label=_lazy("Who it is opened to"),
        required=False,
        empty_label=_lazy("Somebody outside, written below"),
        help_text=_lazy("Somebody near this pupil or who works here, with a sign-in"),
    )
    outside = Lines(
        label=_lazy("Or the name of somebody outside"),
        max_length=100,
        required=False,
        help_text=_lazy("This is kept on record and opens nothing in Alongside"),
    )
    organisation = Lines(label=_lazy("Their organisation"), max_length=98, required=False)
    sections = Parts(
        label=_lazy("Which parts"), help_text=_lazy("Only those that are needed to keep somebody safe")
    )
    reason = Words(
        label=_lazy("Why it cannot wait for permission"),
        help_text=_lazy("Keep the safeguarding file where it is. The young person does not read this"),
    )
    until = SplitDate(
        label=_lazy("The day on which it ends"),
        help_text=_lazy("It ends by itself as this day begins: at most 3 months ahead"),
    )
    knows = forms.ChoiceField(
        label=_lazy("Does the young person know?"),
        choices=[
            ("told", _lazy("Yes, they have been told")),
            ("not_told", _lazy("No, telling them is not safe now")),
        ],
        widget=forms.RadioSelect,
    )
    told_on = SplitDate(label=_lazy("If yes: the day they were told"), required=False)
    told_how = Lines(label=_lazy("If yes: how, and by whom"), max_length=300, required=False)
    not_told_why = Words(label=_lazy("If no: why it is not safe"), rows=3, required=False)
    look_again_on = SplitDate(
        label=_lazy("If no: the day to look at this again"),
        required=False,
        help_text=_lazy("You are asked again from this day on, until you answer"),
    )
    key = KeyField()

    def __init__(self, *args: Any, people: Any, kinds: dict[Any, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["person"]
        chosen.queryset, chosen.kinds = people, kinds

    def clean(self) -> dict[str, Any]:
        """What stands under the answer that was not given does not count."""
        asked = super().clean() or {}
        match asked.pop("knows", None):
            case "told":
                asked |= {"not_told_why": "", "look_again_on": None}
                if asked.get("told_on") is None and "told_on" not in self.errors:
                    self.add_error("told_on", _("Enter the day they were told"))
            case "not_told":
                asked |= {"told_on": None, "told_how": ""}
        return asked


class TellForm(forms.Form):
    told_on = SplitDate(label=_lazy("The day they were told"))
    told_how = Lines(label=_lazy("How, and by whom"), max_length=300)


class LookAgainForm(forms.Form):
    not_told_why = Words(label=_lazy("Why it is still not safe to tell them"), rows=3)
    look_again_on = SplitDate(
        label=_lazy("The day to look at this again"), help_text=_lazy("At most 3 months ahead")
    )


class CapacityForm(forms.Form):
    """One decision that a young person cannot make now, and who makes it."""

    decision = Words(
        label=_lazy("Which decision this is about"),
        max_length=300,
        rows=2,
        help_text=_lazy("One decision, such as “whether the college reads her assessments”"),
    )
    sections = Parts(label=_lazy("Which parts of the record it is about"))
    assessor = Lines(label=_lazy("Who assessed"), max_length=150)
    assessor_role = Lines(
        label=_lazy("In what role"), max_length=150, help_text=_lazy("Such as doctor, social worker or SENCO")
    )
    medical = forms.BooleanField(label=_lazy("They are a medical professional"), required=False)
    assessed_on = SplitDate(label=_lazy("When they assessed"))
    support = Words(label=_lazy("How the young person was helped to decide for themselves"), rows=3)
    findings = Words(label=_lazy("What was found, and what it rests on"), rows=3)
    wishes = Words(
        label=_lazy("What the young person wants and feels"), rows=3, help_text=_lazy("In their own words")
    )
    decider = Recipient(
        User.objects.none(),
        label=_lazy("Who decides instead"),
        empty_label=_lazy("Choose somebody"),
        help_text=_lazy("A parent carer or professional near this young person who has a sign-in"),
    )
    authority = forms.ChoiceField(
        label=_lazy("On what authority"), choices=Authority.choices, widget=forms.RadioSelect
    )
    authority_words = Lines(
        label=_lazy("Where a deputy’s or attorney’s authority is given"),
        max_length=300,
        required=False,
        help_text=_lazy("The order or the power of attorney, and its date"),
    )
    review_on = SplitDate(
        label=_lazy("The day to look at this again"),
        help_text=_lazy("At most 12 months ahead. From this day on the young person decides again"),
    )
    key = KeyField()

    def __init__(self, *args: Any, people: Any, kinds: dict[Any, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["decider"]
        chosen.queryset, chosen.kinds = people, kinds


class CompetenceForm(forms.Form):
    """That somebody under 16 can decide who sees their record, or not yet."""

    can = forms.ChoiceField(
        label=_lazy("What was found"),
        choices=[("yes", _lazy("They can decide")), ("no", _lazy("Not yet"))],
        widget=forms.RadioSelect,
    )
    from_on = SplitDate(
        label=_lazy("If they can: from which day"),
        required=False,
        help_text=_lazy(
            "Today or later, before they turn 16. From this day on the family sees what they choose"
        ),
    )
    assessor = Lines(label=_lazy("Who judged it"), max_length=150)
    assessor_role = Lines(label=_lazy("In what role"), max_length=150)
    findings = Words(
        label=_lazy("What it rests on"), help_text=_lazy("What they understood, and how they were asked")
    )
    key = KeyField()

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        can = asked.pop("can", None)
        if can == "no":
            asked["from_on"] = None
        elif can == "yes" and asked.get("from_on") is None and "from_on" not in self.errors:
            self.add_error("from_on", _("Enter the day from which they decide"))
        return asked
