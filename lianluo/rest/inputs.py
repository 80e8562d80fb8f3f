"""接口收什么：逐项列出，没有列出的一律拒收并指出是哪一项（ASVS 15.3.3）。"""
from __future__ import annotations

from collections.abc import Mapping

from django.core import validators
from rest_framework import serializers

from .phrases import texts_for

#: 表单方式提交时浏览器自己带上的项
CARRIED = frozenset({"csrfmiddlewaretoken"})
SHOWN = 40


class Strict:
    """只收列出的项；只读的项也不收。提示用中文，说要做什么。"""

    default_error_messages = {"invalid": "内容写成一个对象"}

    def get_fields(self):
        fields = super().get_fields()
        for name, field in fields.items():
            phrase(field, str(field.label or name))
        return fields

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self._writable_names()]
            if unknown:
                raise serializers.ValidationError({name: [_unexpected(name)] for name in unknown[:20]})
        return super().to_internal_value(data)

    def _writable_names(self) -> set[str]:
        return {name for name, field in self.fields.items() if not field.read_only} | CARRIED


def _unexpected(name: str) -> str:
    shown = name if len(name) <= SHOWN else f"{name[:SHOWN]}……"
    return f"没有可填写的“{shown}”，去掉后再提交"


def phrase(field: serializers.Field, label: str) -> None:
    """换上中文提示；已造好的校验器一并换。"""
    field.error_messages.update(texts_for(field, label))
    for validator in field.validators:
        _phrase_validator(validator, field)
    child = getattr(field, "child", None) or getattr(field, "child_relation", None)
    if child is not None and not isinstance(child, serializers.BaseSerializer):
        phrase(child, label)


def _phrase_validator(validator, field: serializers.Field) -> None:
    limits = {
        validators.MaxLengthValidator: "max_length", validators.MinLengthValidator: "min_length",
        validators.MaxValueValidator: "max_value", validators.MinValueValidator: "min_value",
    }
    for kind, code in limits.items():
        if type(validator) is kind:
            validator.message = field.error_messages[code].format(**{code: validator.limit_value})
    if type(validator).__name__ in ("ProhibitNullCharactersValidator", "ProhibitSurrogateCharactersValidator"):
        validator.message = field.error_messages["unsavable"]


class Input(Strict, serializers.Serializer):
    """一次写操作的内容。"""


class ModelInput(Strict, serializers.ModelSerializer):
    """列取自模型的内容；要哪些列在 Meta.fields 里写明。"""


class Nothing(Input):
    """不需要内容。"""


class Visible(serializers.PrimaryKeyRelatedField):
    """用编号指一条看得见的记录；看不见的当作没有。"""

    def get_queryset(self):
        return seen_by(self.context["request"].user, super().get_queryset())


class References(serializers.ListField):
    """用一列编号指几条记录，一条查询取全；``visible`` 为真时只认看得见的。重复的只算一次，次序照旧。"""

    child = serializers.IntegerField(min_value=1, max_value=2**53)

    def __init__(self, *, queryset, visible: bool = False, most: int = 50, **kwargs) -> None:
        super().__init__(max_length=most, **kwargs)
        self.queryset, self.visible = queryset, visible

    def to_internal_value(self, data) -> list:
        wanted = list(dict.fromkeys(super().to_internal_value(data)))
        rows = self.queryset.all()
        if self.visible:
            rows = seen_by(self.context["request"].user, rows)
        found = rows.in_bulk(wanted)
        for pk in wanted:
            if pk not in found:
                self.fail("does_not_exist", pk_value=pk)
        return [found[pk] for pk in wanted]


def seen_by(user, rows):
    """其中此人看得见的。"""
    return rows.filter(pk__in=rows.model._default_manager.visible_to(user).values("pk"))
