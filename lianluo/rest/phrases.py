"""接口的提示：与页面同一种说法，说要做什么。"""
from __future__ import annotations

from rest_framework import serializers

_CHOOSE = (serializers.ChoiceField, serializers.RelatedField, serializers.ManyRelatedField)
_FORMS: tuple[tuple[type, str], ...] = (
    (serializers.DateTimeField, "{label}写成 2018-04-09T14:30:00+08:00 的样子"),
    (serializers.DateField, "{label}写成 2018-04-09 的样子"),
    (serializers.BooleanField, "{label}填 true 或 false"),
    (serializers.IntegerField, "{label}用整数填写"),
    (serializers.EmailField, "{label}写成 name@example.cn 的样子"),
    (serializers.FileField, "重新选择{label}再上传"),
    (serializers.CharField, "{label}用文字填写"),
)


def texts_for(field: serializers.Field, label: str) -> dict[str, str]:
    """一个字段的全部提示，按错误代码。"""
    needed = _needed(field, label)
    return {
        "required": needed, "null": needed, "blank": needed,
        "invalid": next((text.format(label=label) for kind, text in _FORMS if isinstance(field, kind)), f"改正{label}"),
        "date": f"{label}只写日期", "datetime": f"{label}要写到时分",
        "max_length": _too_long(field, label), "min_length": f"{label}至少 {{min_length}}{_unit(field)}",
        "max_value": f"{label}不大于 {{max_value}}", "min_value": f"{label}不小于 {{min_value}}",
        "max_string_length": f"{label}用整数填写",
        "invalid_choice": f"从列出的{label}里选一项", "not_a_list": f"{label}写成一列",
        "empty": f"{label}是空文件，换一份有内容的" if isinstance(field, serializers.FileField) else f"{label}至少一项",
        "does_not_exist": _absent(field, label),
        "incorrect_type": f"{label}用编号填写",
        "overflow": f"{label}的数字太大", "no_name": f"{label}没有文件名", "make_aware": f"{label}写明时区",
        "unsavable": f"{label}里有不能保存的字符，删去后再提交",
    }


def _absent(field: serializers.Field, label: str) -> str:
    if isinstance(field, serializers.SlugRelatedField):
        return f"没有“{{value}}”这个{label}"
    return f"没有编号为 {{pk_value}} 的{label}，或者不在可见范围内"


def _needed(field: serializers.Field, label: str) -> str:
    if isinstance(field, serializers.FileField):
        return f"选择要上传的{label}"
    return f"选择{label}" if isinstance(field, _CHOOSE) else f"填写{label}"


def _unit(field: serializers.Field) -> str:
    several = (serializers.ListField, serializers.ListSerializer, serializers.ManyRelatedField)
    return " 项" if isinstance(field, several) else " 字"


def _too_long(field: serializers.Field, label: str) -> str:
    if isinstance(field, serializers.FileField):
        return f"{label}的文件名缩短到 {{max_length}} 字以内"
    if _unit(field) == " 项":
        return f"{label}至多 {{max_length}} 项"
    return f"{label}缩短到 {{max_length}} 字以内"
