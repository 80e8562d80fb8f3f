"""模板标签与过滤器（已设为内建，不必 load）。列表一页画五十行，所以都只做字典查找和拼接。"""
from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from lianluo.web import form_parts, tones, wording
from lianluo.web.context import SHORTCUTS
from lianluo.web.submit import TOKEN_FIELD, new_token
from lianluo.workdays import clock, lights

register = template.Library()


# ── 外壳 ──
@register.simple_tag
@lru_cache(maxsize=16)
def fixed(template_name: str) -> SafeString:
    """不随请求变的一段，每个进程只画一次。"""
    return render_to_string(template_name)


# ── 灯与标签 ──
@register.simple_tag
def light(due_on: date | None, done: bool = False) -> SafeString:
    """按期限画灯：形状、颜色与文字。"""
    return light_of(lights.light(due_on, clock.today(), done))


@register.simple_tag
def light_of(lamp: lights.Light) -> SafeString:
    """画一盏算好的灯。"""
    return mark_safe(
        f'<span class="light light-{lamp.code}"><span class="light-shape" aria-hidden="true">{lamp.shape}</span>'
        f"{lamp.words}</span>"
    )


@register.simple_tag
def status_tag(thing, label: str | None = None) -> SafeString:
    """状态标签：给对象，或给代码和文字（values() 的行）。"""
    if isinstance(thing, str):
        return tag(label or thing, tones.tone_of(thing))
    return tag(label or thing.get_status_display(), tones.tone_of(thing.status))


@register.simple_tag
def tag(text: str, tone: str = "grey") -> SafeString:
    """一枚标签。"""
    return format_html('<span class="tag tag-{}">{}</span>', tone, text)


# ── 表单 ──
@register.inclusion_tag("components/field.html")
def field(bound, hint: str = "", label: str = "") -> dict:
    """一个字段：标签、说明、错误、控件。"""
    return form_parts.field_context(bound, hint, label)


@register.simple_tag
def hidden_fields(form) -> SafeString:
    """表单的隐藏部分：提交令牌与隐藏字段。每个 POST 表单都要有。"""
    hidden = mark_safe("".join(str(bound) for bound in form.hidden_fields()))
    return format_html('<input type="hidden" name="{}" value="{}">{}', TOKEN_FIELD, form.token, hidden)


@register.simple_tag
def form_token() -> SafeString:
    """没有表单对象的按钮表单用的提交令牌。"""
    return format_html('<input type="hidden" name="{}" value="{}">', TOKEN_FIELD, new_token())


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms) -> dict:
    """顶上的错误汇总：每条连到所指的项。"""
    return form_parts.summary_context(forms)


@register.inclusion_tag("components/post_button.html", takes_context=True)
def post_button(context, label: str, url: str, **attrs) -> dict:
    """一个按钮的 POST 表单。class 是按钮的样式；其余名值作隐藏字段。"""
    css = attrs.pop("class", "")
    return {
        "label": label, "url": url, "css": css, "values": attrs.items(), "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/draft_fields.html", takes_context=True)
def draft_fields(context, key: str, title: str = "", draft=None) -> dict:
    """把所在的表单设成自动保存，并显示保存情况。"""
    url = context["request"].get_full_path() if "request" in context else ""
    return {"key": key, "title": title, "draft": draft, "url": url, "login": SHORTCUTS["login"]}


# ── 列表 ──
@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page, target: str = "") -> dict:
    """分页条；只有一页时不画。"""
    return {"page": page, "request": context["request"], "target": target}


@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """现在的查询串改几处：None 去掉，列表多值；改了条件就回到第一页。"""
    params = context["request"].GET.copy()
    if "page" not in changes:
        params.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        else:
            params.setlist(name, value if isinstance(value, (list, tuple)) else [value])
    text = params.urlencode()
    return f"?{text}" if text else "?"


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(context, label: str, key: str, css: str = "") -> dict:
    """可排序的列头：再点一次倒过来。"""
    now = context["request"].GET.get("sort", "")
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    url = query(context, sort=f"-{key}" if state == "ascending" else key)
    return {"label": label, "url": url, "state": state, "css": css}


# ── 过滤器 ──
@register.filter
def truncatechars(value, limit: int) -> str:
    """截短，用中文省略号；Django 的译文用三个英文句点。"""
    return Truncator(value).chars(limit, "……")


@register.filter
def iso_date(value: date | datetime | None) -> str:
    """2018-04-09；没有写 --。"""
    if value is None or value == "":
        return "--"
    return _local(value).strftime("%Y-%m-%d") if isinstance(value, datetime) else value.isoformat()


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2018年4月9日。"""
    if not value:
        return "--"
    day = _local(value)
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def short_date(value: date | datetime | None) -> str:
    """4月9日。"""
    if not value:
        return "--"
    day = _local(value)
    return f"{day.month}月{day.day}日"


@register.filter
def stamp(value: datetime | None) -> str:
    """2018-04-09 14:03。"""
    return _local(value).strftime("%Y-%m-%d %H:%M") if value else "--"


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def mask_phone(value: str | None) -> str:
    """138****1402。"""
    return wording.mask_phone(value or "")


@register.filter
def number(value) -> str:
    """12,345；没有写 --。"""
    return "--" if value is None or value == "" else f"{value:,}"


@register.filter
def wan(value) -> str:
    """万元，两位小数，千分位；没有写 --。"""
    return "--" if value is None or value == "" else f"{value:,.2f}"


@register.filter
def get(mapping, key):
    """字典取值；没有为空。"""
    return mapping.get(key, "")


@register.filter
def dash(value):
    """空的写 --。"""
    return "--" if value is None or value == "" else value


@register.filter
def paragraphs(value: str | None) -> SafeString:
    """一行一段；正文里的标记照字面显示。"""
    return wording.paragraphs(value or "")


@register.filter
def highlight(value: str | None, words: str | None) -> SafeString:
    """标出查找的词。"""
    return wording.highlight(value or "", words or "")


@register.filter
def file_size(value: int | None) -> str:
    """1.2 MB。"""
    return filesizeformat(value or 0)
