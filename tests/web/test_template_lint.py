"""全部模板的规矩：没有行内样式与脚本，没有外站资源，POST 表单带校验与令牌，类名都有样式。"""
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin

ROOT = settings.BASE_DIR / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
DATA_BLOCKS = {"application/json", "application/ld+json"}
#: 不带提交令牌的表单：登录与退出本来就可以重复；换登录状态后的原样再交带着旧令牌。
WITHOUT_TOKEN = re.compile(r'action="{{ go\.logout|admin/logout|^accounts/|errors/csrf\.html')
CLASSES_FOR_SCRIPTS_ONLY = {"staff", "paper-letter"}


def text_of(path: Path) -> str:
    return re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text("utf-8"), flags=re.S)


def tags_of(text: str) -> list[str]:
    return re.findall(r"<[a-zA-Z][^<>]*(?:{[{%].*?[%}]}[^<>]*)*>", text, flags=re.S)


def faults_of(text: str) -> list[str]:
    """一段模板里不许有的东西。"""
    found = []
    for tag in (re.sub(r"{%.*?%}|{{.*?}}", " ", tag) for tag in tags_of(text)):
        if re.search(r"\sstyle\s*=", tag):
            found.append(f"行内样式：{tag}")
        if re.search(r"\son[a-z]+\s*=", tag) or "hx-on" in tag:
            found.append(f"行内事件：{tag}")
        if re.search(r'(?:src|<link[^>]*href|srcset)\s*=\s*["\']?(?:https?:)?//', tag):
            found.append(f"外站资源：{tag}")
        if "javascript:" in tag:
            found.append(f"脚本地址：{tag}")
    for opening in re.findall(r"<script\b[^>]*>", text):
        kind = re.search(r'type="([^"]+)"', opening)
        if "src=" not in opening and not (kind and kind.group(1) in DATA_BLOCKS):
            found.append(f"行内脚本：{opening}")
    if re.search(r"<style\b", text):
        found.append("行内样式表")
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_inline_style_script_or_foreign_asset(path):
    assert faults_of(text_of(path)) == []


@pytest.mark.parametrize(
    "text",
    ['<p style="color:red">', '<a onclick="x()">', '<div hx-on:click="x">', "<script>x()</script>",
     "<style>p{}</style>", '<img src="https://cdn.example/x.png">', '<a href="javascript:x()">',
     '<link rel="stylesheet" href="//cdn.example/x.css">', '<i {% if one == two %}class="x"{% endif %} onload="x()">'],
)
def test_the_lint_finds_each_fault(text):
    """反证：每一种都认得出。"""
    assert faults_of(text)


def test_the_lint_lets_data_blocks_and_prose_pass():
    assert faults_of('<script type="application/json">{}</script><p>style="…" 与 onclick= 只是字</p>') == []
    assert faults_of('<option value="{{ one.code }}"{% if one == session %} selected{% endif %}>') == []


def post_forms() -> list[tuple[str, str]]:
    forms = []
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT))
        for form in re.findall(r"<form\b(?:(?!</form>).)*", text_of(path), flags=re.S):
            if re.search(r'method="post"', form, flags=re.I):
                forms.append((name, form))
    return forms


@pytest.mark.parametrize(("name", "form"), post_forms(), ids=lambda value: value if len(value) < 60 else "form")
def test_post_forms_carry_the_csrf_token_and_the_form_token(name, form):
    assert "csrf_token" in form, f"{name} 的 POST 表单没有 csrf_token"
    if not WITHOUT_TOKEN.search(form) and not WITHOUT_TOKEN.search(name):
        assert "form_token" in form or "hidden_fields" in form, f"{name} 的 POST 表单没有提交令牌"


def known_classes() -> set[str]:
    """我们的与 Django 后台的样式里有的类名。"""
    sheets = [*(settings.BASE_DIR / "static" / "css").glob("*.css"),
              *(Path(admin.__file__).parent / "static" / "admin" / "css").glob("*.css")]
    return {name for sheet in sheets for name in re.findall(r"\.([a-zA-Z][\w-]*)", sheet.read_text("utf-8"))}


def test_every_class_in_a_template_has_a_style():
    known, unknown = known_classes() | CLASSES_FOR_SCRIPTS_ONLY, []
    for path in TEMPLATES:
        text = re.sub(r"{%.*?%}|{{.*?}}", lambda tag: tag[0].replace('"', "'"), text_of(path))  # 标签里的引号不算
        for value in re.findall(r'class="([^"]*)"', text):
            whole = re.sub(r"[\w-]+-(?:{%.*?%}[\w-]*)+", " ", value)  # is-{% if … %}met{% endif %} 拼出来的不查
            plain = re.sub(r"[\w-]*{{.*?}}[\w-]*|{%.*?%}", " ", whole)
            unknown += [f"{path.relative_to(ROOT)}: {name}" for name in plain.split() if name not in known]
    assert unknown == []


def test_buttons_in_templates_say_what_they_are():
    """<button> 一律写 type：漏写的会意外提交。"""
    untyped = [
        f"{path.relative_to(ROOT)}: {tag}"
        for path in TEMPLATES
        for tag in re.findall(r"<button\b[^>]*>", text_of(path))
        if "type=" not in tag
    ]
    assert untyped == []
