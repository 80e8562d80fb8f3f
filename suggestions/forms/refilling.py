"""不校验地重放打过的字：增减条数、看相近、取回草稿时用，什么也不丢，也不报错。"""
from __future__ import annotations

from collections.abc import Mapping

from django.forms import BaseForm

from lianluo.web.submit import TOKEN_FIELD


def refilled(form_class: type[BaseForm], posted: Mapping, **kwargs) -> BaseForm:
    """一张没有绑定的表单，里面是交上来的（或草稿里的）字；提交令牌沿用。"""
    initial = {
        name: field.widget.value_from_datadict(posted, {}, name)
        for name, field in form_class.base_fields.items()
        if not field.widget.value_omitted_from_data(posted, {}, name)
    }
    form = form_class(initial={**kwargs.pop("initial", {}), **initial}, **kwargs)
    if posted.get(TOKEN_FIELD):
        form._token = posted[TOKEN_FIELD]
    return form


def differences(form: BaseForm, current: Mapping) -> list[tuple[str, str]]:
    """打过的字与库里现在的不同之处：（项目，库里现在的）。"""
    found = []
    for name, field in form.fields.items():
        if name in current and name != "revision" and field.has_changed(current[name], form[name].value()):
            found.append((str(field.label), _shown(form, name, current[name])))
    return found


def _shown(form: BaseForm, name: str, value) -> str:
    """库里的值写成人看得懂的字。"""
    choices = getattr(form.fields[name], "choices", None)
    if choices is not None and not isinstance(value, (list, bool)):
        plain = {str(code): str(label) for code, label in choices}
        return plain.get(str(getattr(value, "pk", value)), str(value if value is not None else "（空）"))
    if isinstance(value, list):
        return "、".join(str(one) for one in value) or "（空）"
    return {True: "是", False: "否"}.get(value, str(value) if value not in (None, "") else "（空）")
