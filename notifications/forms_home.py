from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apdr.enums import Stage
from pupils.models import ClassGroup

from .caseload import FLAGS


class CaseloadFilters(forms.Form):
    """Narrowing the caseload; whatever does not fit is left out rather than refused."""

    q = forms.CharField(label=_lazy("Name"), required=False, max_length=80)
    flag = forms.ChoiceField(label=_lazy("To notice"), required=False)
    stage = forms.ChoiceField(label=_lazy("Stage"), required=False)
    group = forms.ModelChoiceField(
        ClassGroup.objects.none(), label=_lazy("Class"), required=False, empty_label=_lazy("Every class")
    )

    def __init__(self, *args: Any, classes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flag, stage, group = self.fields["flag"], self.fields["stage"], self.fields["group"]
        flag.choices = [("", _("Everybody")), *((key, text) for key, text, __ in FLAGS)]  # type: ignore[attr-defined]
        stages = [(s.value, s.label) for s in Stage if s is not Stage.CLOSED]
        stage.choices = [("", _("Every stage")), *stages]  # type: ignore[attr-defined]
        group.queryset = classes  # type: ignore[attr-defined]
