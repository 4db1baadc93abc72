"""Forms about pupils and the people around them; the services hold the rules."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.enums import InvitationKind
from accounts.fields import Email, Lines, SplitDate, Words
from accounts.models import Setting, User

from .enums import YEAR_GROUPS, NeedType, RestrictionKind, SenProvision
from .errors import OUT_OF_DATE, NotNow
from .models import ClassGroup, Household, ParentCarer, Pupil

R = TypeVar("R")


def put_beside(form: forms.BaseForm, refused: ValidationError) -> None:
    """Show a service's refusal at the fields it is about, or above them all; what was typed stays."""
    by_field = (
        refused.message_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.messages}
    )
    for name, messages in by_field.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)


def as_read(form: forms.BaseForm, version: int | None) -> None:
    """Give a form what says which row it is about: one that was read brings its version, a new one the id it will have."""
    out_of_date = dict.fromkeys(["required", "invalid", "min_value"], OUT_OF_DATE)
    if version is None:
        form.fields["key"] = forms.UUIDField(
            widget=forms.HiddenInput, initial=uuid4, error_messages=out_of_date
        )
    else:
        form.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, min_value=1, initial=version, error_messages=out_of_date
        )


def attempt(form: forms.BaseForm, act: Callable[[], R]) -> R | None:
    """Do `act` for a valid form and give what it gives; a refusal is put beside its field, and None is given.

    `Stale` is not caught: it has a page of its own.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except ValidationError as refused:
        put_beside(form, refused)
    except NotNow as refused:
        form.add_error(None, str(refused))
    return None


def person_name(person: User) -> str:
    return f"{person.name} ({person.email or 'no sign-in'})"


class People(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One person, by name and address."""

    def label_from_instance(self, obj: Any) -> str:
        return person_name(obj)


class PupilForm(forms.Form):
    """Who a pupil is. `version` is the one that was on the page when somebody began to type."""

    given_name = Lines(label=_lazy("First name"), max_length=80)
    family_name = Lines(label=_lazy("Last name"), max_length=80)
    known_as = Lines(label=_lazy("What they like to be called"), max_length=80, required=False)
    date_of_birth = SplitDate(label=_lazy("Date of birth"))
    upn = Lines(
        label=_lazy("UPN"),
        max_length=13,
        required=False,
        help_text=_lazy("13 characters. It is kept out of sight."),
    )
    uln = Lines(label=_lazy("ULN"), max_length=10, required=False, help_text=_lazy("10 numbers, from 14 on"))
    sen_provision = forms.ChoiceField(
        label=_lazy("Kind of support"), choices=SenProvision.choices, initial="K"
    )
    ehc_plan_from = SplitDate(
        label=_lazy("The day their EHC plan was first made"),
        required=False,
        help_text=_lazy("Leave empty without an EHC plan. The annual review is counted from it"),
    )
    ehc_reviewed_on = SplitDate(
        label=_lazy("The last annual review before they came here"),
        required=False,
        help_text=_lazy("Those that are held here count by themselves"),
    )
    home_language = Lines(
        label=_lazy("Language at home"),
        max_length=35,
        required=False,
        help_text=_lazy("Its English name, or its code: Polish, or pl"),
    )
    post16_from = SplitDate(
        label=_lazy("First day in sixth form or college"),
        required=False,
        help_text=_lazy("Leave empty if they have not started"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def clean_upn(self) -> str:
        return str(self.cleaned_data["upn"]).replace(" ", "").upper()


class NewPupilForm(PupilForm):
    setting = forms.ModelChoiceField(Setting.objects.none(), label=_lazy("Where"), empty_label=None)
    year_group = forms.ChoiceField(
        label=_lazy("Year"),
        choices=[
            ("", _lazy("Not said")),
            *((y, format_lazy(_lazy("Year {year}"), year=y) if y.isdigit() else y) for y in YEAR_GROUPS),
        ],
        required=False,
    )
    need_types = forms.MultipleChoiceField(
        label=_lazy("Types of need"),
        choices=NeedType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("The first one you tick is kept as the main one"),
    )
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _lazy("This form is out of date. Open the page again.")
        ),
    )
    version = None  # type: ignore[assignment]
    field_order = ["setting"]

    def __init__(self, *args: Any, settings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["setting"].queryset = settings  # type: ignore[attr-defined]


class KeyAdultForm(forms.Form):
    person = People(User.objects.none(), label=_lazy("Add a key adult"), empty_label=_lazy("Choose somebody"))

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="key-adult-%s", **kwargs)
        self.fields["person"].queryset = staff  # type: ignore[attr-defined]


class ClassForm(forms.Form):
    group = forms.ModelChoiceField(
        ClassGroup.objects.none(), label=_lazy("Put in a class"), empty_label=_lazy("Choose a class")
    )

    def __init__(self, *args: Any, classes: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="class-%s", **kwargs)
        self.fields["group"].queryset = classes  # type: ignore[attr-defined]


class ParentCarerForm(forms.Form):
    name = Lines(label=_lazy("Their name"), max_length=150)
    relationship = Lines(
        label=_lazy("What they are to the child"),
        max_length=60,
        help_text=_lazy("Such as mother, father, grandparent, foster carer"),
    )
    has_parental_responsibility = forms.BooleanField(
        label=_lazy("They have parental responsibility"), required=False
    )
    household = forms.ModelChoiceField(
        Household.objects.none(),
        label=_lazy("Which home"),
        required=False,
        empty_label=_lazy("A new home"),
        help_text=_lazy("Homes never see each other’s details or words"),
    )
    household_name = Lines(label=_lazy("What to call a new home"), max_length=100, required=False)

    def __init__(self, *args: Any, households: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="carer-%s", **kwargs)
        self.fields["household"].queryset = households  # type: ignore[attr-defined]


class HouseholdForm(forms.ModelForm):  # type: ignore[type-arg]
    address = Words(label=_lazy("Address"), max_length=500, rows=3, required=False)
    how_to_communicate = Words(
        label=_lazy("How to talk with this family"),
        max_length=2000,
        required=False,
        help_text=_lazy("What works: times, language, phone or paper, who to ask for"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    class Meta:
        model = Household
        fields = ["name", "phone", "address", "how_to_communicate"]
        labels = {"name": _lazy("What we call this home"), "phone": _lazy("Phone")}


class RestrictionForm(forms.Form):
    """`person` is somebody who signs in, or an adult of the family who does not yet."""

    person = forms.TypedChoiceField(label=_lazy("Who must not see this record"))
    kind = forms.ChoiceField(label=_lazy("Why"), choices=RestrictionKind.choices, widget=forms.RadioSelect)
    reason = Words(label=_lazy("What was decided, by whom, and where it is written"), rows=3)
    until = SplitDate(label=_lazy("Until"), required=False, help_text=_lazy("Leave empty if no end was set"))

    def __init__(
        self, *args: Any, people: Iterable[User], carers: Iterable[ParentCarer], **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id="restriction-%s", **kwargs)
        named: dict[str, tuple[User | ParentCarer, str]] = {
            **{str(person.pk): (person, person_name(person)) for person in people},
            **{
                str(carer.pk): (carer, _("%(carer)s, not signed up yet") % {"carer": carer})
                for carer in carers
            },
        }
        field: Any = self.fields["person"]
        field.choices = [("", _("Choose somebody")), *((pk, name) for pk, (__, name) in named.items())]
        field.coerce = lambda pk: named[pk][0]


class MoveForm(forms.Form):
    on = SplitDate(label=_lazy("Their last day is the day before"))
    to = forms.ModelChoiceField(
        Setting.objects.none(),
        label=_lazy("Where they go"),
        required=False,
        empty_label=_lazy("Somewhere else"),
        help_text=_lazy("A setting of yours that also uses Alongside"),
    )

    def __init__(self, *args: Any, settings: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="move-%s", **kwargs)
        self.fields["to"].queryset = settings  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """An invitation to one pupil's circle; `carer` says which adult of the family it is for."""

    kind = forms.ChoiceField(
        label=_lazy("Whom"),
        widget=forms.RadioSelect,
        choices=[(k.value, k.label) for k in InvitationKind if k is not InvitationKind.STAFF],
    )
    carer = forms.ModelChoiceField(
        ParentCarer.objects.none(),
        label=_lazy("Which adult of the family"),
        required=False,
        empty_label=_lazy("Not a parent carer"),
    )
    name = Lines(
        label=_lazy("Their name"),
        max_length=150,
        required=False,
        help_text=_lazy("For a visiting professional"),
    )
    email = Email(label=_lazy("Their own e-mail address"), max_length=254)

    def __init__(self, *args: Any, carers: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="invite-%s", **kwargs)
        self.fields["carer"].queryset = carers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("kind") == InvitationKind.PARENT and asked.get("carer") is None:
            self.add_error(
                "carer", _("Choose the adult this invitation is for. Add them first if they are not here.")
            )
        if asked.get("kind") == InvitationKind.PROFESSIONAL and not asked.get("name"):
            self.add_error("name", _("Write their name, so that the family knows who this is."))
        return asked


def editing(pupil: Pupil, fields: Iterable[str]) -> dict[str, Any]:
    """What a form about a stored pupil starts with."""
    return {**{name: getattr(pupil, name) for name in fields}, "version": pupil.version}
