"""Choices about one recipient: an answer for each section, nothing answered beforehand."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.conflict import Row
from accounts.enums import Format
from accounts.fields import BigChoices, Lines, SplitDate
from accounts.models import User
from accounts.words import StrOrPromise

from .board import Board, Card, Line
from .choices import FURTHEST, Wanted, end_of, last_day
from .enums import Answer, Gave, Section
from .models import Choice
from .wording import FORMATS, WORDINGS, Wording

DAY = timedelta(days=1)
PICTURES = {Answer.YES: "thumbs-up", Answer.NO: "hand", Answer.ASK: "question"}
SECTION_PICTURES = {
    Section.PROFILE: "smile",
    Section.NEEDS: "puzzle",
    Section.PLAN: "map",
    Section.STRATEGIES: "idea",
    Section.FUNDING: "money",
    Section.VIEWS: "talk",
    Section.REVIEWS: "calendar",
    Section.UPDATES: "home",
}
#: How long a yes may last, without a day being written: a key, its words, and days.
LONG: dict[str, tuple[StrOrPromise, int]] = {
    "week": (_lazy("One week"), 7),
    "month": (_lazy("One month"), 30),
    "year": (_lazy("One year"), 365),
}
HOW = [Gave.SPOKEN, Gave.SIGNED, Gave.SYMBOLS, Gave.SUPPORTED]
_OUT_OF_DATE = dict.fromkeys(
    ["required", "invalid", "invalid_choice"], _lazy("This form is out of date. Open the page again.")
)


def now_words(line: Line) -> str:
    """What holds for a section now, as a sentence."""
    until = _(", until %(until)s") % {"until": date_format(line.until, "j E Y")} if line.until else ""
    match line.state:
        case "yes":
            if line.group:
                return _("Now: yes, like all who teach you%(until)s.") % {"until": until}
            return _("Now: yes%(until)s.") % {"until": until}
        case "kept":
            if line.role:
                return _("Now: they see it (%(why)s).") % {"why": line.role}
            return _("Now: they see it because of their work.")
        case "ask":
            return _("Now: they have to ask.")
        case "no":
            return _("Now: no.")
        case "over":
            return _("Now: no. It ended.")
        case _:
            return _("Not chosen yet, so it is closed.")


class ChoiceForm(forms.Form):
    """`version` is the number of the last sheet when the page was opened. What is left out stays as it is."""

    long = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    until = SplitDate(label=_lazy("Another last day"), required=False)
    purpose = Lines(max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=_OUT_OF_DATE)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=_OUT_OF_DATE)
    wording = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[(id_, id_) for id_ in WORDINGS], error_messages=_OUT_OF_DATE
    )
    format = forms.ChoiceField(
        widget=forms.HiddenInput(attrs={"data-aloud-format": "audio"}),
        choices=[(one.value, one.label) for one in FORMATS],
        error_messages=_OUT_OF_DATE,
    )

    def __init__(
        self, *args: Any, board: Board, card: Card, words: Wording, shown: str, **kwargs: Any
    ) -> None:
        name = board.pupil.called
        initial = {"version": board.number, "wording": words.id, "format": shown, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        assert board.speaks is not None
        self.fields["version"].validators.append(MaxValueValidator(board.number, _OUT_OF_DATE["invalid"]))
        self.card, self.words = card, words
        for line in card.lines:
            opens = line.section in board.speaks.sections
            answers = [a for a in Answer if opens or a is not Answer.YES]
            self.fields[line.section.value] = forms.ChoiceField(
                label=line.section.label,
                help_text=f"{words.parts[line.section].format(name=name)} {now_words(line)}",
                choices=[(a.value, a.label) for a in answers],
                required=False,
                widget=BigChoices(
                    pictures={a.value: PICTURES[a] for a in Answer} if words.easy else {},
                ),
            )
        long, until, purpose = self.fields["long"], self.fields["until"], self.fields["purpose"]
        self.begins = board.begins or timezone.localdate(board.sight.at)
        long.label, long.help_text = words.until, words.until_hint
        long.choices = [  # type: ignore[attr-defined]
            *(
                (
                    key,
                    _("%(long)s, until %(day)s")
                    % {"long": told, "day": date_format(self._last(key), "j E Y")},
                )
                for key, (told, __) in LONG.items()
            ),
            ("date", _("Until another day, which I write below")),
            *([] if card.needs_an_end else [("open", _("Until somebody changes it"))]),
        ]
        until.max_date = timezone.localdate(board.sight.at + FURTHEST - DAY)  # type: ignore[attr-defined]
        purpose.label, purpose.help_text = words.purpose, words.purpose_hint
        names = [line.section.value for line in card.lines]
        self.order_fields([*self._before(), *names, "long", "until", "purpose"])

    def _before(self) -> list[str]:
        return []

    def _last(self, key: str) -> date:
        return self.begins + timedelta(days=LONG[key][1])

    @property
    def answers(self) -> list[forms.BoundField]:
        return [self[line.section.value] for line in self.card.lines]

    @property
    def pictured(self) -> list[tuple[forms.BoundField, str]]:
        return [
            (self[s], SECTION_PICTURES[Section(s)]) for s in (line.section.value for line in self.card.lines)
        ]

    def clean_purpose(self) -> str:
        return str(self.cleaned_data["purpose"]).strip()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        chosen = [Answer(v) for line in self.card.lines if (v := typed.get(line.section.value))]
        first = self.card.lines[0].section.value if self.card.lines else None
        if not chosen and not self.errors:
            self.add_error(first, _("Choose yes, no or “ask me” for one part or more."))
        if Answer.YES in chosen and "until" not in self.errors:
            self._until(typed)
        return typed

    def _until(self, typed: dict[str, Any]) -> None:
        """The last day, chosen or written; never two of them."""
        long, until = typed.get("long"), typed.get("until")
        if long in LONG:
            if until not in (None, self._last(long)):
                self.add_error(
                    "until", _("You chose how long above, and wrote another day here. Keep one of them.")
                )
            typed["until"] = self._last(long)
        elif long == "open" and until is not None:
            self.add_error("until", _("You chose no last day above, and wrote one here. Keep one of them."))
        elif until is None and (long == "date" or self.card.needs_an_end):
            self.add_error("until", _("Say the last day. It ends by itself after that day."))

    def wanted(self) -> list[Wanted]:
        """The answers that were given, each with the one last day and purpose of the form."""
        typed, whom = self.cleaned_data, self.card.whom
        found = []
        for line in self.card.lines:
            if answer := typed[line.section.value]:
                yes = answer == Answer.YES
                until = typed["until"] if yes else None
                found.append(
                    Wanted(
                        section=line.section,
                        answer=Answer(answer),
                        person=whom.person,
                        invitation=whom.invitation,
                        ends_at=end_of(until) if until else None,
                        purpose=typed["purpose"] if yes else "",
                    )
                )
        return found


class RecordForm(ChoiceForm):
    """Choices that a SENCO writes down: as well, who said it, how, and how the words were put to them."""

    given_by = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("Who said this"), empty_label=_lazy("Choose somebody")
    )
    how = forms.ChoiceField(
        label=_lazy("How they told you"),
        choices=[(one.value, one.label) for one in HOW],
        widget=forms.RadioSelect,
        error_messages={"required": _lazy("Choose how they told you")},
    )
    how_words = Lines(
        max_length=300,
        label=_lazy("Who was there, and how you explained it"),
        error_messages={"required": _lazy("Write who was there and how you explained it")},
    )
    format = forms.ChoiceField(
        label=_lazy("How you showed them the words below"),
        choices=[
            (Format.STANDARD, _lazy("As they stand")),
            (Format.EASY_READ, _lazy("Easy read")),
            (Format.AUDIO, _lazy("Read aloud")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _lazy("Choose how you showed them the words")},
    )

    def __init__(self, *args: Any, givers: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"format": None}, **kwargs)
        if givers is None:
            del self.fields["given_by"]
        else:
            self.fields["given_by"].queryset = givers  # type: ignore[attr-defined]

    def _before(self) -> list[str]:
        return ["given_by", "how", "how_words", "format"]


def conflicting(form: ChoiceForm, since: list[Choice]) -> list[Row]:
    """What was typed, beside what was chosen meanwhile; to keep the latter is to leave it as it is."""
    by_section = {choice.section: choice for choice in since}
    rows = []
    for bound in form:
        if bound.name == "version":
            continue
        if isinstance(bound.field, SplitDate):
            pairs = [(f"{bound.html_name}_{i}", str(part or "")) for i, part in enumerate(bound.data)]
            rows.append(Row(bound.name, str(bound.label), "", "", pairs, pairs))
            continue
        value = str(bound.data or "")
        other = by_section.get(bound.name)
        words = dict(getattr(bound.field, "choices", [])).get(value, "")
        theirs = "" if other and value else value
        rows.append(
            Row(
                bound.name,
                str(bound.label),
                str(words),
                _told(other) if other else "",
                [(bound.html_name, value)],
                [(bound.html_name, theirs)],
            )
        )
    return rows


def _told(choice: Choice) -> str:
    until = (
        _(", until %(ends_at)s") % {"ends_at": date_format(last_day(choice.ends_at), "j E Y")}
        if choice.ends_at
        else ""
    )
    return f"{choice.get_answer_display()}{until}"
