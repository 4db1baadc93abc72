from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.words import StrOrPromise
from pupils.enums import Area

from .selectors_map import GAPS, Asked, Look, Map

#: What the map can be narrowed to, and the sentence for some number of it.
LOOKS: list[tuple[Look, StrOrPromise, StrOrPromise]] = [
    (Look.OVER, _lazy("Over the threshold"), _lazy("whose open plan costs more than the threshold")),
    (Look.NEAR, _lazy("Near the threshold"), _lazy("whose open plan comes near the threshold")),
    (Look.NO_STRATEGY, _lazy("A need without a strategy"), _lazy("needs with no strategy in their area")),
    (Look.NO_EVIDENCE, _lazy("A strategy without evidence"), _lazy("strategies with nothing written down of them")),
    (Look.NOT_HELPING, _lazy("Not helping after two cycles"), _lazy("strategies that did not help for two cycles")),
]  # fmt: skip


def year_name(year: str) -> str:
    return _("Year %(year_group)s") % {"year_group": year} if year.isdigit() else year


class MapFilters(forms.Form):
    """Narrowing the map; whatever does not fit is left out rather than refused."""

    look = forms.ChoiceField(label=_lazy("Look for"), required=False)
    year = forms.ChoiceField(label=_lazy("Year group"), required=False)
    area = forms.ChoiceField(label=_lazy("Area of need"), required=False)
    stream = forms.ChoiceField(label=_lazy("Funding stream"), required=False)
    role = forms.ChoiceField(label=_lazy("Whose time"), required=False)

    def __init__(self, *args: Any, found: Map, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "look": [("", _("Everything")), *((look.value, text) for look, text, __ in LOOKS)],
            "year": [("", _("Every year")), *((year, year_name(year)) for year in found.years)],
            "area": [("", _("Every area")), *Area.choices, ("none", _("Not said"))],
            "stream": [("", _("Every stream")), *found.streams],
            "role": [("", _("Everybody")), *found.roles],
        }
        for name, theirs in choices.items():
            self.fields[name].choices = theirs  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        """What fits of what was asked. A gap has neither stream nor role, so these then say nothing."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        if given["look"] in GAPS:
            given |= {"stream": "", "role": ""}
        return Asked(**given)
