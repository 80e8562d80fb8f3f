"""表单：中文提示说要做什么，输入收得宽，不预选。"""
import datetime

import pytest
from django import forms as django_forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template

from lianluo.congresses.models import Session
from lianluo.web import error_texts, forms

FORBIDDEN = ("输入有误", "非法", "该字段", "必填", "失败", "请", "抱歉", "！", "无效", "错误")


class Everything(forms.Form):
    title = django_forms.CharField(label="标题", max_length=10)
    body = django_forms.CharField(label="正文", max_length=20, min_length=2, widget=django_forms.Textarea)
    raised_on = forms.DateField(label="提出日期")
    met_at = forms.MomentField(label="沟通时间", required=False)
    number = django_forms.IntegerField(label="编号", min_value=1, max_value=9999)
    amount = django_forms.DecimalField(label="金额", max_digits=6, decimal_places=2, required=False)
    email = django_forms.EmailField(label="邮箱", required=False)
    phone = forms.PhoneField(label="电话", required=False)
    kind = forms.RadioField(label="形式", choices=[("a", "建议"), ("b", "批评")])
    place = django_forms.ChoiceField(label="地区", choices=[("cs", "长沙")])
    means = forms.CheckField(label="沟通方式", choices=[("call", "电话")], required=False)
    scan = django_forms.FileField(label="扫描件", required=False)
    agreed = django_forms.BooleanField(label="内容不涉密")
    specific = forms.YesNoField(label="是否具体")


GOOD = {
    "title": "修水渠", "body": "两个字以上", "raised_on": "2018.4.9", "number": "４８６", "kind": "a", "place": "cs",
    "agreed": "on", "specific": "no",
}


def errors_of(**changes) -> dict:
    form = Everything({**GOOD, **changes}, changes.pop("files", None))
    form.is_valid()
    return {name: list(messages) for name, messages in form.errors.items()}


def test_good_input_is_taken():
    form = Everything(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["raised_on"] == datetime.date(2018, 4, 9)
    assert form.cleaned_data["number"] == 486
    assert form.cleaned_data["specific"] is False


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "填写标题"),
        ({"title": "字" * 12}, "标题缩短到 10 字以内（现有 12 字）"),
        ({"body": "短"}, "正文至少写 2 字（现有 1 字）"),
        ({"raised_on": ""}, "填写提出日期"),
        ({"raised_on": "四月九日"}, "提出日期写成 2018-04-09 或 2018年4月9日 的样子"),
        ({"raised_on": "2018-02-30"}, "提出日期写成 2018-04-09 或 2018年4月9日 的样子"),
        ({"met_at": "上午"}, "沟通时间写成 2018-04-09 14:30 的样子"),
        ({"number": "abc"}, "编号用数字填写，例如 12"),
        ({"number": "0"}, "编号不小于 1"),
        ({"number": "10000"}, "编号不大于 9999"),
        ({"amount": "1.234"}, "金额最多 2 位小数"),
        ({"email": "li@"}, "邮箱写成 name@example.cn 的样子"),
        ({"phone": "123"}, "写 11 位手机号，或带区号的座机号"),
        ({"kind": ""}, "选择形式"),
        ({"kind": "z"}, "从列出的形式里选一项"),
        ({"place": "x"}, "从列出的地区里选一项"),
        ({"means": ["x"]}, "从列出的沟通方式里选一项"),
        ({"agreed": ""}, "勾选“内容不涉密”"),
        ({"specific": ""}, "选择是否具体"),
    ],
)
def test_each_message_says_what_to_do(changes, message):
    assert list(errors_of(**changes).values()) == [[message]]


def test_an_empty_file_has_its_own_message():
    form = Everything(GOOD, {"scan": SimpleUploadedFile("a.pdf", b"")})
    assert form.errors["scan"] == ["扫描件是空文件，换一份有内容的"]


def test_no_message_uses_a_forbidden_word():
    for field in Everything().fields.values():
        for text in error_texts.texts_for(field, field.label).values():
            assert not [word for word in FORBIDDEN if word in text], text


def test_a_text_written_by_the_author_of_the_form_is_kept():
    class Own(forms.Form):
        unit = django_forms.CharField(label="单位", error_messages={"required": "填写承办处室"})

    assert Own({}).errors["unit"] == ["填写承办处室"]


def test_controls_never_carry_required_or_maxlength():
    page = Everything().as_p()
    assert " required" not in page
    assert "maxlength" not in page
    assert 'data-counter="20"' in page
    assert 'type="number"' not in page


def test_nothing_is_preselected():
    page = Template("{% field form.kind %}{% field form.specific %}").render(Context({"form": Everything()}))
    assert "checked" not in page
    assert "---------" not in page


def test_a_field_connects_label_hint_and_error():
    form = Everything({})
    page = Template("{% field form.title hint='写成“关于……的建议”' %}").render(Context({"form": form}))
    assert '<label for="id_title">标题</label>' in page
    assert 'aria-describedby="id_title_helptext id_title_error"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("typed", ["138 0013 8000", "１３８００１３８０００", "(0731) 8530-9270", "0731－85309270"])
def test_phones_are_taken_with_spaces_and_full_width(typed):
    form = Everything({**GOOD, "phone": typed})
    assert form.is_valid(), form.errors


def test_optional_fields_say_so():
    page = Template("{% field form.phone %}{% field form.title %}").render(Context({"form": Everything()}))
    assert page.count("选填") == 1


def test_model_forms_take_the_same_dates(db):
    class SessionForm(forms.ModelForm):
        class Meta:
            model = Session
            fields = ["name", "opened_on", "is_current"]

    form = SessionForm({"name": "一次会议", "opened_on": "2018年1月24日"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["opened_on"] == datetime.date(2018, 1, 24)
    assert SessionForm({"opened_on": ""}).errors == {"name": ["填写全称"], "opened_on": ["填写开幕"]}


PEOPLE = {"张三": ["张三（0012）", "张三（0455）"], "0012": ["张三（0012）"], "李四": ["李四（0101）"]}


class People(forms.Form):
    lead = forms.LookupField(label="领衔代表", find=lambda text: PEOPLE.get(text, []), url="/deputies/")
    others = forms.LookupListField(label="联名代表", required=False, find=lambda text: PEOPLE.get(text, []))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "填写领衔代表"),
        ("王五", "没有找到“王五”，换全名、简称或编号再试"),
        ("张三", "“张三”有 2 个，从列出的里面选，或写编号"),
    ],
)
def test_a_looked_up_name_that_does_not_fit_is_explained(typed, message):
    assert People({"lead": typed}).errors["lead"] == [message]


def test_looked_up_names_become_objects():
    form = People({"lead": "0012", "others": "李四、0012，李四"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"lead": "张三（0012）", "others": ["李四（0101）", "张三（0012）"]}
    assert 'data-typeahead-url="/deputies/"' in str(form["lead"])


def test_several_files_become_a_list():
    class Photos(forms.Form):
        photos = forms.MultiFileField(label="照片")

    files = [SimpleUploadedFile(f"{name}.jpg", b"x") for name in "ab"]
    form = Photos({}, {"photos": files})
    assert form.is_valid(), form.errors
    assert [file.name for file in form.cleaned_data["photos"]] == ["a.jpg", "b.jpg"]
    assert Photos({}, {}).errors["photos"] == ["选择要上传的照片"]
