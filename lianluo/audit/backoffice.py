"""后台改基础资料：谁把哪一项从什么改成什么，用中文项名记下（reference.added / changed / removed）。"""
from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.db.models import Model

from . import record


class Recorded:
    """ModelAdmin 用。与保存同一事务；没有改动的保存不留痕。"""

    def save_model(self, request, obj: Model, form, change: bool) -> None:
        changes = changes_of(form)
        super().save_model(request, obj, form, change)
        keep(obj, changes, added=not change, actor=request.user)

    def delete_model(self, request, obj: Model) -> None:
        record("reference.removed", actor=request.user, target=obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def save_formset(self, request, form, formset, change: bool) -> None:
        """内嵌表的各行也各记一条。"""
        changes = {id(one.instance): changes_of(one) for one in formset.forms if one.has_changed()}
        super().save_formset(request, form, formset, change)
        for obj in formset.new_objects:
            keep(obj, changes.get(id(obj), []), added=True, actor=request.user)
        for obj, _ in formset.changed_objects:
            keep(obj, changes.get(id(obj), []), added=False, actor=request.user)
        for obj in formset.deleted_objects:
            record("reference.removed", actor=request.user, target=obj)


def keep(obj: Model, changes: list[dict], *, added: bool, actor) -> None:
    """记一条；什么也没改就不记。"""
    if added or changes:
        record(
            "reference.added" if added else "reference.changed", actor=actor, target=obj,
            kind=str(obj._meta.verbose_name), changes=changes,
        )


def changes_of(form: forms.BaseForm) -> list[dict]:
    """[{"field": "全称", "before": "…", "after": "…"}]，只列改了的。"""
    rows = []
    for name in form.changed_data:
        field = form.fields[name]
        label = str(field.label or name)
        rows.append({
            "field": label, "before": shown(field, form.get_initial_for_field(field, name)),
            "after": shown(field, form.cleaned_data.get(name)),
        })
    return rows


def shown(field: forms.Field, value) -> str:
    """表单里的值写成人看得懂的字；空的写 --。"""
    if value is None or value == "" or value == []:
        return "--"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return "、".join(str(one) for one in value) or "--"
    if isinstance(value, Model):
        return str(value)
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.filter(pk=value).first() or value)
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(getattr(field, "choices", ()) or ())
    if choices:
        return str(choices.get(value, value))
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
