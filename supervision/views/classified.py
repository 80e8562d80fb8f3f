"""分类办理对比：单位看自己的，办公室看各单位的。"""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from handlers import outcomes
from handlers.access import READS_ALL, units_of
from handlers.reply_lists import READERS
from lianluo.accounts.decorators import roles_required
from lianluo.web.render import render_page

from .. import accountability
from ..statistics import classified


@require_GET
@roles_required(*READERS)
def compare(request: HttpRequest) -> HttpResponse:
    """分类办理的与没有分类的，满意率、办结率放在一起。"""
    offices = request.user.has_role(*READS_ALL)
    units = list(classified.classifying_units()) if offices else units_of(request.user)
    context = {
        "rows": [{"found": classified.compare(unit), "tally": outcomes.of_unit(unit)} for unit in units],
        "inside": bool(units_of(request.user)), "may_hold": accountability.may_look(request.user),
    }
    return render_page(request, "supervision/classified/compare.html", None, context)
