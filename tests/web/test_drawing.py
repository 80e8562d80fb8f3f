"""拼出来的控件与 Django 自带模板画的只差标签之间的空白。"""
import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import override_settings

from lianluo.web.drawing import DRAWN, Drawing
from lianluo.web.widgets import DateInput, TypeaheadSelect, TypeaheadSelectMultiple

UNITS = [("", "全部"), (1, "水利厅"), ("2", "<交通>厅 & “路”"), ("市州", [("3", "长沙市"), ("4", "株洲市")])]
EXTRA = {"1": {"short": "水利", "note": '主办 3 / 会办 "4"'}}.get
WIDGETS = [
    (forms.Select(choices=UNITS), "2"), (forms.Select(choices=UNITS), None),
    (forms.Select({"class": "short"}, UNITS), 1),
    (forms.SelectMultiple(choices=UNITS), ["1", "3"]), (forms.NullBooleanSelect(), True),
    (TypeaheadSelect(choices=UNITS[:3], extra=lambda value: EXTRA(str(value), {})), "1"),
    (TypeaheadSelectMultiple({"disabled": False}, UNITS), ["4"]),
    (forms.TextInput({"placeholder": '"编号" <0486>', "autofocus": True}), "张三 & 李四"), (forms.TextInput(), ""),
    (forms.NumberInput({"min": 1}), 1234567), (forms.HiddenInput(), None), (forms.PasswordInput(), "密"),
    (forms.EmailInput(), "a@b.cn"), (forms.CheckboxInput(), True), (forms.CheckboxInput({"checked": True}), "yes"),
    (forms.FileInput({"accept": ".docx"}), None), (DateInput(), "2018-04-09"),
    (forms.RadioSelect(choices=UNITS), "2"), (forms.CheckboxSelectMultiple(choices=UNITS[:3]), ["1"]),
    (forms.Textarea(), "文"),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS, ids=lambda one: type(one).__name__)
def test_a_drawn_widget_is_what_the_template_renders(widget, value):
    def drawn(renderer):
        return re.sub(r">\s+<", "><", widget.render("field", value, {"id": "id_field"}, renderer))

    assert drawn(Drawing()) == drawn(DjangoTemplates())


def test_the_pieces_of_a_choice_list_are_the_same_too():
    class Sample(forms.Form):
        kind = forms.ChoiceField(choices=[("a", "<甲>"), ("b", "乙")], widget=forms.RadioSelect)

    def pieces():
        return [str(option.tag()) for option in Sample({"kind": "b"})["kind"]]

    drawn = pieces()
    with override_settings(FORM_RENDERER="django.forms.renderers.DjangoTemplates"):
        assert drawn == pieces()


def test_the_drawing_is_in_use_and_really_does_not_ask_the_templates(monkeypatch, settings):
    assert settings.FORM_RENDERER == "lianluo.web.drawing.Drawing"
    monkeypatch.setattr(DjangoTemplates, "render", lambda *args: pytest.fail("走了模板"))
    assert "水利厅" in forms.Select(choices=UNITS).render("field", "1", None, Drawing())
    assert all(name.startswith("django/forms/widgets/") for name in DRAWN)
