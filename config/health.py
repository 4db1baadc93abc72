"""Is everything there that a request needs? Answered to anybody, so it says yes or no and nothing else."""

import redis
import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = structlog.get_logger("config.health")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` where the database and the broker answer, 503 `not well` where one does not."""
    well = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        log.exception("the database does not answer")
        well = False
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            broker.ping()
    except redis.RedisError:
        log.exception("the broker does not answer")
        well = False
    return HttpResponse("ok" if well else "not well", content_type="text/plain", status=200 if well else 503)
