"""What every API answer about a pupil shares: the policy's filter and permission, paging, errors."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler, set_rollback

from . import access, policy
from .enums import Section, Way
from .errors import NotNow, Stale


class PolicyFilter(BaseFilterBackend):
    """Only rows of pupils whom this person may see; a view says which section by `section`, and where the pupil is."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        path: str = getattr(view, "pupil_path", "pk")
        allowed = policy.pupils_for(request.user, getattr(view, "section", None), at_of(request))
        return queryset.filter(**{f"{path}__in": allowed})


class PolicyPermission(IsAuthenticated):
    """Asks the policy for the pupil in the address, before anything about them is read."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        pupil_id = view.kwargs.get("pupil_id")
        if pupil_id is not None:
            view.sight = look(request, pupil_id, view.wanted(request.method))
        return True


def at_of(request: Request) -> Any:
    return request._request.at  # type: ignore[attr-defined]


def look(request: Request, pupil_id: UUID, wanted: Section | str) -> policy.Sight:
    """`access.look` for an API request."""
    return access.look(request.user, pupil_id, wanted, at_of(request), way=Way.API)


class PupilView(APIView):
    """A view of one pupil: `section` is what reading needs, `actions` names the action each other method is."""

    permission_classes = [PolicyPermission]
    section: Section
    actions: dict[str, str] = {}
    sight: policy.Sight

    def wanted(self, method: str | None) -> Section | str:
        return self.actions.get(method or "GET", self.section)


class Keyset(CursorPagination):
    """Pages by key: counting costs more than the page."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-at"


class ErrorSerializer(serializers.Serializer[Any]):
    """Every error: a `code` for programs and a `detail` for people; `fields` where they are at fault."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields_ = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


ERRORS = {
    400: OpenApiResponse(ErrorSerializer, "Something in it is wrong; `fields` says what"),
    401: OpenApiResponse(ErrorSerializer, "Not signed in"),
    403: OpenApiResponse(ErrorSerializer, "In the circle, but not for this"),
    404: OpenApiResponse(ErrorSerializer, "Not in the circle, or not there"),
    405: OpenApiResponse(ErrorSerializer, "Not done this way"),
    409: OpenApiResponse(ErrorSerializer, "Not in a state for this, or somebody else saved first"),
}


def documented(**what: Any) -> Any:
    """`extend_schema` with the errors every endpoint can give."""
    good = what.pop("responses", None)
    answers = good if isinstance(good, dict) else {200: good}
    return extend_schema(responses={**answers, **ERRORS}, **what)


def errors(failure: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as JSON with `code` and `detail`."""
    fields: dict[str, list[str]] = {}
    match failure:
        case policy.NotThisSection():
            code, status, detail = "not_this_section", 403, str(failure)
        case PermissionDenied():
            code, status, detail = "forbidden", 403, "This is not open to you."
        case Http404():
            code, status, detail = "not_found", 404, "There is nothing here for you."
        case IntegrityError():
            code, status, detail = (
                "conflict",
                409,
                "Somebody else did this at the same moment. Read it again.",
            )
        case Stale():
            code, status, detail = "stale", 409, str(failure)
        case NotNow():
            code, status, detail = "not_now", 409, str(failure)
        case ValidationError():
            by_field = failure.message_dict if hasattr(failure, "error_dict") else {}
            fields = {("non_field" if k == "__all__" else k): list(map(str, v)) for k, v in by_field.items()}
            code, status, detail = "invalid", 400, " ".join(map(str, failure.messages))
        case exceptions.ValidationError():
            fields = (
                {k: _flat(v) for k, v in failure.detail.items()} if isinstance(failure.detail, dict) else {}
            )
            code, status, detail = (
                "invalid",
                400,
                "Something in this is wrong." if fields else " ".join(_flat(failure.detail)),
            )
        case exceptions.APIException():
            answer = exception_handler(failure, context)
            assert answer is not None
            answer.data = {"code": str(failure.get_codes()), "detail": " ".join(_flat(failure.detail))}
            return answer
        case _:
            return None
    set_rollback()
    return Response({"code": code, "detail": detail, **({"fields": fields} if fields else {})}, status=status)


def _flat(detail: Any) -> list[str]:
    if isinstance(detail, dict):
        return [text for value in detail.values() for text in _flat(value)]
    if isinstance(detail, list):
        return [text for value in detail for text in _flat(value)]
    return [str(detail)]
