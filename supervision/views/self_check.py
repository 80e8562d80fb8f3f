"""单位自查：责任、督办、服务、考核四制。"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.views.decorators.http import require_GET

from handlers.access import UNIT_WIDE, posts_of
from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.web.render import render_page
from lianluo.workdays import clock

from ..statistics import self_check


@require_GET
@roles_required(Role.UNIT_HEAD, Role.UNIT_LEADER, Role.UNIT_OFFICE)
def four(request):
    """四块，每个数有灯、有一句话、点得开。"""
    post = next((post for post in posts_of(request.user) if post.duty in UNIT_WIDE), None)
    if post is None:
        raise PermissionDenied("单位自查给单位领导和联络员看")
    today = clock.today()
    panels = self_check.four(post.unit, today)
    lamps = [figure.light.code for panel in panels for figure in panel.figures]
    context = {
        "unit": post.unit, "today": today, "panels": panels, "red": lamps.count("red"), "yellow": lamps.count("yellow"),
    }
    return render_page(request, "supervision/checks/self_check.html", None, context)
