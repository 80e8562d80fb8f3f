"""表单在页面上的零件：一个字段怎么画，错误汇总列什么。"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet


def field_context(bound: BoundField, hint: str = "", label: str = "") -> dict:
    """画一个字段要的东西。说明写进 help_text，好让 aria-describedby 连得上。"""
    if hint:
        bound.help_text = hint
    widget = bound.field.widget
    return {
        "bound": bound,
        "label": label or bound.label,
        "kind": _kind(widget),
        "optional": _is_optional(bound.field),
    }


def _is_optional(field: forms.Field) -> bool:
    """标不标“选填”：几项里须填一项的（either）不标，勾选框不标。"""
    return not (field.required or getattr(field, "either", False) or isinstance(field.widget, forms.CheckboxInput))


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "plain"


def summary_context(parts: Iterable) -> dict:
    """错误汇总：每条一句话和要跳去的控件，缺项一并列出。"""
    lines, missing, count = [], [], 0
    for form in _forms(parts):
        found, lacking = _lines(form), getattr(form, "missing", [])
        lines.extend(found)
        missing.extend(lacking)
        count += max(len(found), len(lacking))  # 列了缺项的，那一句“还差几项”是缺项的总题，不另算
    return {"lines": lines, "missing": missing, "count": count}


def _forms(parts: Iterable) -> Iterator[BaseForm]:
    for part in parts:
        if isinstance(part, BaseFormSet):
            yield from part.forms
            yield part
        elif part:
            yield part


def _lines(form: BaseForm | BaseFormSet) -> list[tuple[str, str]]:
    if not form.is_bound:
        return []
    if isinstance(form, BaseFormSet):
        return [("", str(message)) for message in form.non_form_errors()]
    lines = [("", str(message)) for message in form.non_field_errors()]
    for name in form.fields:
        bound = form[name]
        lines.extend((anchor(bound), str(message)) for message in bound.errors)
    return lines


def anchor(bound: BoundField) -> str:
    """错误要跳到哪个控件：单选与多选列表跳到第一项。"""
    return f"{bound.auto_id}_0" if _kind(bound.field.widget) == "choices" else bound.auto_id
