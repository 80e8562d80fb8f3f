"""视图的小零件：提交来的内容；只有一个按钮的表单，办成了去下一页，办不成回原页说明原因。"""
from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from lianluo.web import forms
from lianluo.web.submit import submit


def posted(request: HttpRequest):
    """提交来的内容；打开页面时为 None，表单不绑定。"""
    return request.POST if request.method == "POST" else None


def press(request: HttpRequest, action: Callable[[], object], back: str, *, done: str = "") -> HttpResponse:
    """办一个动作；``done`` 是办成后的一句话。动作可以返回要去的地址，否则回 ``back``。"""
    form = forms.Form(request.POST)
    outcome = submit(request, form, lambda data: action())
    if not outcome.ok:
        sentences = [str(error) for error in form.non_field_errors()] + [str(item) for item in form.missing]
        messages.error(request, "；".join(sentences))
        outcome.url = back
    elif done and not outcome.repeated:
        messages.success(request, done)
    return outcome.redirect(outcome.url or back)
