"""The register: a tick for what happened, and why for what did not."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, SplitDate

from .enums import Held, WhyMissed
from .forms import OUT_OF_DATE, SHORT
from .selectors_register import Line, Register
from .services.delivered import Mark


class DayForm(forms.Form):
    on = SplitDate(label=_lazy("Which day?"))


class RegisterForm(forms.Form):
    """A tick, a reason and words for each line; one number of minutes for all where they were not as planned."""

    minutes = forms.IntegerField(
        label=_lazy("Minutes, if not as planned"),
        required=False,
        min_value=1,
        max_value=600,
        widget=forms.TextInput(SHORT),
    )

    def __init__(self, data: Any = None, *, found: Register, on: date) -> None:
        super().__init__(data)
        self.found, self.on = found, on
        for line in found.lines:
            self._ask(line)

    def _ask(self, line: Line) -> None:
        key, said = str(line.provision.pk), line.said
        who = {"who": line.pupil.called}
        self.fields[f"{key}-had"] = forms.BooleanField(
            label=line.pupil.called,
            required=False,
            initial=said.held == Held.DONE if said else self.found.whole_group,
        )
        self.fields[f"{key}-why"] = forms.ChoiceField(
            label=_("If not, why? (%(who)s)") % who,
            required=False,
            choices=[("", _("Nothing to say")), *WhyMissed.choices],
            initial=said.why if said else "",
        )
        self.fields[f"{key}-words"] = Lines(
            label=_("A word about it (%(who)s)") % who,
            required=False,
            max_length=300,
            initial=said.words if said else "",
            help_text=_("The family can read it"),
        )
        self.fields[f"{key}-seen"] = forms.IntegerField(
            widget=forms.HiddenInput,
            min_value=0,
            max_value=999,
            initial=said.number if said else 0,
            error_messages=OUT_OF_DATE,
        )

    def rows(self) -> Iterator[dict[str, Any]]:
        """The fields of each line, for the page."""
        for line in self.found.lines:
            key = str(line.provision.pk)
            yield {"line": line, **{name: self[f"{key}-{name}"] for name in ("had", "why", "words", "seen")}}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for line in self.found.lines:
            key = str(line.provision.pk)
            if typed.get(f"{key}-had") and typed.get(f"{key}-why"):
                self.add_error(f"{key}-why", _("Tick it, or say why it did not happen: not both."))
            if typed.get(f"{key}-words") and not typed.get(f"{key}-had") and not typed.get(f"{key}-why"):
                self.add_error(
                    f"{key}-why", _("Tick it, or say why it did not happen. Your words are still here.")
                )
        return typed

    @property
    def marks(self) -> list[Mark]:
        """What a service takes: a line with neither tick nor reason takes back what was said of it."""
        typed = self.cleaned_data
        found = []
        for line in self.found.lines:
            key = str(line.provision.pk)
            had, why = typed[f"{key}-had"], typed[f"{key}-why"]
            held = Held.DONE if had else Held.MISSED if why else Held.NOT_PLANNED
            kept = line.said.minutes if line.said and line.said.held == Held.DONE else None
            found.append(
                Mark(
                    provision=line.provision.pk,
                    held=held,
                    seen=typed[f"{key}-seen"],
                    minutes=typed["minutes"] or kept,
                    why=WhyMissed(why) if why else "",
                    words=typed[f"{key}-words"] if held is not Held.NOT_PLANNED else "",
                )
            )
        return found

    def refuse(self, error: ValidationError) -> None:
        """What a service refused, beside the line that it is about."""
        by_line = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in by_line.items():
            field = f"{name}-why" if f"{name}-why" in self.fields else None
            for message in messages:
                self.add_error(field, message)


def scope(asked: Any) -> dict[str, Any]:
    """What an address asks for: a group by name, a class or a pupil by id. What is none of them is nothing."""

    def an_id(name: str) -> UUID | None:
        try:
            return UUID(asked.get(name, ""))
        except ValueError:
            return None

    group = asked.get("group", "").replace("\0", "")[:80]
    return {"group": group, "class_id": an_id("class"), "pupil_id": an_id("pupil")}
