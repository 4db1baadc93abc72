from typing import Any

from django import forms

from apdr.enums import Stage
from pupils.models import ClassGroup

from .caseload import FLAGS


class CaseloadFilters(forms.Form):
    """Narrowing the caseload; whatever does not fit is left out rather than refused."""

    q = forms.CharField(label="Name", required=False, max_length=80)
    flag = forms.ChoiceField(label="To notice", required=False)
    stage = forms.ChoiceField(label="Stage", required=False)
    group = forms.ModelChoiceField(
        ClassGroup.objects.none(), label="Class", required=False, empty_label="Every class"
    )

    def __init__(self, *args: Any, classes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flag, stage, group = self.fields["flag"], self.fields["stage"], self.fields["group"]
        flag.choices = [("", "Everybody"), *((key, text) for key, text, _ in FLAGS)]  # type: ignore[attr-defined]
        stage.choices = [("", "Every stage"), *((s.value, s.label) for s in Stage if s is not Stage.CLOSED)]  # type: ignore[attr-defined]
        group.queryset = classes  # type: ignore[attr-defined]
