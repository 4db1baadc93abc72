"""How the API reads what it is sent, and answers OPTIONS. Apart, because Django REST framework loads it first."""

from typing import TYPE_CHECKING, Any

from rest_framework import exceptions
from rest_framework.metadata import BaseMetadata
from rest_framework.parsers import JSONParser

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Json(JSONParser):
    """JSON, and no nest of it that has no end."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError("This is nested too deeply.") from error


class Silent(BaseMetadata):
    """OPTIONS says which methods there are, in its `Allow` header, and nothing else: the schema says the rest."""

    def determine_metadata(self, request: "Request", view: "APIView") -> dict[str, Any]:
        return {}
