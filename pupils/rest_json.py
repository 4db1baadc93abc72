"""How the API reads what it is sent, and answers OPTIONS. Apart, because Django REST framework loads it first."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework import exceptions
from rest_framework.metadata import BaseMetadata
from rest_framework.parsers import JSONParser

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Json(JSONParser):
    """JSON alone, no longer than any other request may be."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        if (
            int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
            > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        ):
            raise TooLong
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError("This is nested too deeply.") from error


class TooLong(exceptions.APIException):
    status_code, default_code, default_detail = 413, "too_long", "This is too long to be sent at once."


class Silent(BaseMetadata):
    """OPTIONS says which methods there are, in its `Allow` header, and nothing else: the schema says the rest."""

    def determine_metadata(self, request: "Request", view: "APIView") -> dict[str, Any]:
        return {}
