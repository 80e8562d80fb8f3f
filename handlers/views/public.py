"""公众看的页：不必登录，只有公开了的数据；没有脚本、只用键盘都能看能查。"""
from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.workdays import clock

from .. import public_pages, public_search, qr
from ..models import Reply, ResultClass

PAGE = 20
#: 单位太多，先列份数多的，其余折起来
UNITS_SHOWN = 12
#: 不给搜索引擎看的
CLOSED = ("/my/", "/r/", "/office/", "/unit/", "/s/", "/home/", "/admin/", "/api/", "/files/", "/login/", "/account/")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """首页：最新公开的答复，可以查，可以按届次、主题、单位看。"""
    return _list(request, "handlers/public/home.html")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """查找结果。"""
    return _list(request, "handlers/public/search.html")


def _list(request: HttpRequest, template: str) -> HttpResponse:
    query = public_search.Query(request.GET)
    page = paginate(request, public_search.listed(query.replies()), PAGE)
    facets = [(name, label, query.options(name)) for name, label in public_search.FACETS.items()]
    chosen = [
        (name, label, next((one.label for one in options if one.chosen), None) or _name(query, name))
        for name, label, options in facets if query.chosen[name]
    ]
    return render_page(request, template, "handlers/public/_results.html", {
        "query": query, "page": page, "rows": [public_search.row_of(one) for one in page], "facets": facets,
        "chosen": chosen, "units_shown": UNITS_SHOWN,
    })


def _name(query: public_search.Query, name: str) -> str:
    return public_search.name_of(name, query.chosen[name])


@require_safe
def reply(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """一件的答复：正文一份，别的轮次、别的单位的列在旁边；撤下的留一页说明。"""
    found = public_pages.replies_of(code, number)
    if not found:
        return _of_main(code, number)
    wanted = request.GET.get("reply", "")
    one = next((row for row in found if str(row.pk) == wanted), _first(found))
    others = [row for row in found if row.pk != one.pk]
    if one.taken_down_at:
        return render_page(request, "handlers/public/taken_down.html", None, {
            "reply": one, "others": others, "title": public_pages.public_text.title_of(one.assignment.suggestion),
        })
    one.followed = one != _first(found)
    page, url = public_pages.shown(one), request.build_absolute_uri(public_search.url_of(one))
    return render_page(request, "handlers/public/reply.html", None, {
        "shown": page, "reply": one, "letter": page.letter, "others": others, "today": clock.today(),
        "related": public_pages.related(one), "json_ld": public_pages.json_ld(page, url), "url": url,
        "qr": qr.svg(url, "这一页的二维码"), "session_name": public_search.name_of("session", code),
    })


def _first(found: list[Reply]) -> Reply:
    """先看没有撤下的里最新的一份。"""
    return next((row for row in found if not row.taken_down_at), found[0])


def _of_main(code: str, number: str) -> HttpResponse:
    """并入别件办理的，转到主件；没有公开的是 404，也不说有没有这一件。"""
    main = public_pages.main_of(code, number)
    if main is not None and Reply.objects.published().filter(assignment__suggestion=main).exists():
        return redirect("public:reply", code=main.session.code, number=public_search.number_in_path(main))
    raise Http404("没有公开的答复")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """这是什么，各个词是什么意思。"""
    return render_page(request, "handlers/public/about.html", None, {
        "classes": ResultClass.objects.filter(is_active=True, scheme="HN-DEFAULT"),
    })


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """公开页欢迎收录，其余不收。"""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED),
             f"Sitemap: {settings.SITE_URL}{reverse('public:sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """网站地图：每件公开的答复一行。"""
    return render(request, "handlers/public/sitemap.xml", {
        "pages": [f"{settings.SITE_URL}{path}" for path in public_search.all_paths()], "home": settings.SITE_URL,
    }, content_type="application/xml; charset=utf-8")
