"""给监控看的两页：不要登录，不带任何业务内容。"""
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianluo.workdays import clock

from . import health


def _answer(results: dict[str, bool], **more) -> JsonResponse:
    passed = all(results.values())
    checks = {name: "ok" if good else "failed" for name, good in results.items()}
    body = {"status": "ok" if passed else "unavailable", "checks": checks, **more}
    return JsonResponse(body, status=200 if passed else 503, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def healthz(request):
    """数据库答话且迁移已执行：200，否则 503。"""
    return _answer(health.alive())


@require_safe
@never_cache
def readyz(request):
    """再加队列、磁盘；停了的任务与缺的放假安排列在 warnings。"""
    results = health.ready()
    warnings = health.warnings(clock.now()) if results["migrations"] else []
    return _answer(results, warnings=warnings)
