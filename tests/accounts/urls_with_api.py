"""The application's addresses and one more, which says who asked the API."""

from django.urls import path
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from config.urls import urlpatterns as ours


@api_view(["GET"])
def whoever_asks(request: Request) -> Response:
    return Response({"email": getattr(request.user, "email", "")})


urlpatterns = [path("api/who/", whoever_asks), *ours]
