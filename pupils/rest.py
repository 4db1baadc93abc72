"""What every API answer about a pupil shares: the policy's filter and permission, paging, errors."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler, set_rollback

from accounts.models import Setting, User

from . import access, policy
from .enums import Section, Way
from .errors import Clashes, NotNow, Stale


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
        if pupil_id is not None and shows(view, request):
            also = getattr(view, "also", ())
            view.sight = look(request, pupil_id, view.wanted(request.method), also)
        return True


def shows(view: APIView, request: Request) -> bool:
    """Whether a view does anything with this method. A refused method and OPTIONS look at nobody's record."""
    method = (request.method or "").lower()
    return method != "options" and method in view.http_method_names and hasattr(view, method)


def at_of(request: Request) -> Any:
    return request._request.at  # type: ignore[attr-defined]


def look(
    request: Request, pupil_id: UUID, wanted: Section | str, also: Sequence[Section] = ()
) -> policy.Sight:
    """`access.look` for an API request."""
    return access.look(request.user, pupil_id, wanted, at_of(request), way=Way.API, also=also)


class PupilView(APIView):
    """A view of one pupil: `section` is what reading needs, `actions` names the action each other method is; `also` are
    sections that its answer shows where they are open.
    """

    permission_classes = [PolicyPermission]
    section: Section
    actions: dict[str, str] = {}
    also: Sequence[Section] = ()
    sight: policy.Sight

    def wanted(self, method: str | None) -> Section | str:
        return self.actions.get("GET" if method in ("HEAD", None) else method, self.section)


class SettingView(APIView):
    """A view of a setting, and of nobody's record: 404 for whoever does not read this of it."""

    permission_classes = [IsAuthenticated]
    setting: Setting
    person: User
    at: datetime

    def reads(self, setting: Setting) -> bool:
        return policy.coordinates(self.person, setting, self.at)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not shows(self, request):
            return
        self.person, self.at = request.user, at_of(request)  # type: ignore[assignment]
        if "setting_id" in kwargs:
            found = Setting.objects.filter(pk=kwargs["setting_id"]).first()
            if found is None or not self.reads(found):
                raise Http404
            self.setting = found


class Keyset(CursorPagination):
    """Pages by key: counting costs more than the page. A page size or cursor that is none is refused."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-at"
    by_instant = True

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("page_size")
        if asked is None:
            return self.page_size
        size = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
        if not 1 <= size <= self.max_page_size:
            raise exceptions.ValidationError({"page_size": [f"Ask for 1 to {self.max_page_size}."]})
        return size

    def decode_cursor(self, request: Request) -> Cursor | None:
        refusal = exceptions.ValidationError({"cursor": ["Start again from the first page."]})
        try:
            cursor = super().decode_cursor(request)
        except exceptions.NotFound as error:
            raise refusal from error
        if cursor is not None and cursor.position is not None and not self._is_position(str(cursor.position)):
            raise refusal
        return cursor

    def _is_position(self, text: str) -> bool:
        if not self.by_instant:
            return "\0" not in text
        try:
            instant = parse_datetime(text)
        except ValueError:
            return False
        return instant is not None and instant.tzinfo is not None and 1 < instant.year < 9999

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor, size = super().get_schema_operation_parameters(view)
        size["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        cursor["description"] = "Out of `next` or `previous` of another page"
        return [cursor, size]


def nothing_here(request: HttpRequest, path: str = "") -> JsonResponse:
    """An address of the API that is none."""
    return JsonResponse({"code": "not_found", "detail": "There is nothing here for you."}, status=404)


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
    406: OpenApiResponse(ErrorSerializer, "Asked for something else than JSON"),
    409: OpenApiResponse(
        ErrorSerializer, "Not in a state for this, it clashes, or somebody else saved first"
    ),
}
OF_BODIES = {
    413: OpenApiResponse(ErrorSerializer, "Too long"),
    415: OpenApiResponse(ErrorSerializer, "Sent as something else than JSON"),
}


def documented(**what: Any) -> Any:
    """`extend_schema` with the errors every endpoint can give."""
    good = what.pop("responses", None)
    answers = good if isinstance(good, dict) else {200: good}
    refusals = ERRORS | (OF_BODIES if what.get("request") is not None else {})
    return extend_schema(responses={**answers, **refusals}, **what)


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
        case RequestDataTooBig():
            code, status, detail = "too_long", 413, "This is too long to be sent at once."
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
            clash = isinstance(failure, Clashes)
            by_field = failure.message_dict if hasattr(failure, "error_dict") else {}
            fields = {("non_field" if k == "__all__" else k): list(map(str, v)) for k, v in by_field.items()}
            code, status = ("clash", 409) if clash else ("invalid", 400)
            detail = " ".join(map(str, failure.messages))
        case exceptions.ValidationError():
            fields = (
                {("non_field" if k == "non_field_errors" else k): _flat(v) for k, v in failure.detail.items()}
                if isinstance(failure.detail, dict)
                else {}
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


def _flat(detail: Any, where: str = "") -> list[str]:
    """What is wrong, each with its place inside the field where that is a list of things: `0.to: Choose one.`"""
    if isinstance(detail, dict):
        parts = (
            (where if name == "non_field_errors" else f"{where}{name}.", v) for name, v in detail.items()
        )
        return [text for place, value in parts for text in _flat(value, place)]
    if isinstance(detail, list):
        places = (
            (f"{where}{n}." if isinstance(value, dict) else where, value) for n, value in enumerate(detail)
        )
        return [text for place, value in places for text in _flat(value, place)]
    return [f"{where[:-1]}: {detail}" if where else str(detail)]
