"""Which money a family has been shown: what stands in a version that was shared, whichever it was."""

from django.db.models import CharField, Exists, Func, JSONField, OuterRef
from django.db.models.functions import Cast, JSONObject

from .models import Allocation, PlanVersion


class _Listed(Func):
    function = "jsonb_build_array"
    output_field = JSONField()


#: A condition on allocations: a version that was shared with the family holds it.
SHARED = Exists(
    PlanVersion.objects.filter(
        cycle__pupil=OuterRef("pupil"),
        content__funding__allocations__contains=_Listed(JSONObject(id=Cast(OuterRef("pk"), CharField()))),
    )
)


def is_shared(allocation: Allocation) -> bool:
    """Whether a family has been shown this allocation."""
    return Allocation.objects.filter(SHARED, pk=allocation.pk).exists()
