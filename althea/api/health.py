"""Is it alive, and is it ready?  Two questions that a keeper of servers asks."""

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers.  The database is not asked."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, holds every migration, and token ids can be remembered."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        cache.set("readyz", 1, timeout=10)
        remembers = cache.get("readyz") == 1
    except DatabaseError as error:
        log.warning("not ready: %s", type(error).__name__)
        return JsonResponse({"status": "not ready", "why": "the database does not answer"}, status=503)
    if waiting:
        return JsonResponse({"status": "not ready", "why": "migrations are waiting"}, status=503)
    if not remembers:
        return JsonResponse({"status": "not ready", "why": "the cache forgets"}, status=503)
    return JsonResponse({"status": "ready"})
