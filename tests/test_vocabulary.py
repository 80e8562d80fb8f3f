"""说的话：事件都有一句中文，选项、表、列都有中文名，消息都有模板，页面上看不到英文。"""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from handlers.lifecycle import TABLES as HANDLERS_TABLES
from handlers.models import Unit
from lianluo.accounts.models import ApiToken, User
from lianluo.audit import listened_events
from lianluo.audit.models import AuditEvent
from lianluo.audit.vocabulary import SENTENCES
from lianluo.notices.models import Notice
from suggestions.lifecycle import TABLE as SUGGESTIONS_TABLE
from supervision.lifecycle import TABLE as SUPERVISION_TABLE
from tests.routes import rows
from tests.scene import ROLES, scene  # noqa: F401
from tests.test_architecture import APPS, FILES, FLOORS, TREES, shown
from tests.test_permissions import table

pytestmark = pytest.mark.once
ROOT = Path(settings.BASE_DIR)
NOTICES = ROOT / "templates" / "notices"
EVENT = re.compile(r"^[a-z]+\.[a-z_]+$")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def strings(node: ast.AST) -> Iterator[str]:
    return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def recorded() -> dict[str, str]:
    """代码里记下的事件 → 在哪一行：record、note、transition 的第一个参数，和直接写出来的事件名。"""
    found = {}
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"record", "note", "transition", "_record", "_note", "listen"}:
                events = node.args if called == "listen" else node.args[:1]
                found |= {text: f"{shown(name)}:{node.lineno}" for one in events for text in strings(one)
                          if EVENT.match(text)}
    return found


# ── 事件 ──
def test_every_event_has_a_sentence():
    assert {event: place for event, place in recorded().items() if event not in SENTENCES} == {}


def test_every_step_of_every_lifecycle_has_a_sentence():
    steps = [*SUGGESTIONS_TABLE, *SUPERVISION_TABLE, *(step for rows in HANDLERS_TABLES.values() for step in rows)]
    assert [step.event for step in steps if step.event not in SENTENCES] == []
    assert [step.event for step in steps if not CHINESE.search(step.label)] == []


def test_nobody_listens_for_an_event_that_is_never_recorded():
    assert [event for event in listened_events() if event not in SENTENCES] == []


def test_every_sentence_is_used():
    """词表里没有用不到的话。"""
    whole = "\n".join(path.read_text(encoding="utf-8") for name, path in FILES.items() if "vocabulary" not in name)
    assert [event for event in SENTENCES if f'"{event}"' not in whole] == []


def test_sentences_are_chinese_and_short():
    assert [one for one in SENTENCES.values() if not CHINESE.match(one) or len(one) > 24] == []


@pytest.mark.django_db
def test_everything_recorded_on_the_way_has_a_sentence(scene):  # noqa: F811
    """反过来从库里看：布景里几十件走下来记的每一条。"""
    happened = set(AuditEvent.objects.values_list("event", flat=True))
    assert len(happened) > 40
    assert happened - set(SENTENCES) == set()


# ── 消息 ──
def posted() -> dict[str, str]:
    """各层写消息的文件里发出的种类 → 在哪个文件。"""
    found = {}
    for name, tree in TREES.items():
        if "notices" in FILES[name].stem or "remind" in FILES[name].stem:
            found |= dict.fromkeys([*_written_out(tree), *_same_as_event(tree)], shown(name))
    return found


def _written_out(tree: ast.Module) -> list[str]:
    """直接写出来的种类；装饰器里的是所听的事件，不算。"""
    heard = {id(one) for function in _functions(tree) for mark in function.decorator_list for one in ast.walk(mark)}
    written = [one for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in heard]
    kinds = [one.value for one in written if isinstance(one.value, str) and EVENT.match(one.value)]
    compared = {kind for kind in kinds if kind in SENTENCES and not template_of(kind).exists()}  # 拿来比较的事件名
    return [kind for kind in kinds if kind.partition(".")[0] not in FLOORS and kind not in compared]


def _same_as_event(tree: ast.Module) -> list[str]:
    """种类就用事件名的：函数里、或它叫的函数里把 ``event.event`` 作种类交出去。"""
    text = {one.name: ast.unparse(one) for one in _functions(tree)}
    same = {name for name, body in text.items() if "(event.event," in body}
    while more := {name for name, body in text.items() if any(f"{one}(" in body for one in same)} - same:
        same |= more
    marks = [mark for one in _functions(tree) if one.name in same for mark in one.decorator_list]
    return [event for mark in marks for event in strings(mark)]


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]


def template_of(kind: str) -> Path:
    return NOTICES / f"{kind.replace('.', '_')}.txt"


def test_every_notice_has_a_template():
    assert {kind: place for kind, place in posted().items() if not template_of(kind).exists()} == {}


def test_every_notice_template_is_posted_by_someone():
    names = {template_of(kind).name for kind in posted()}
    assert sorted(path.name for path in NOTICES.glob("*.txt") if path.name not in names) == []


@pytest.mark.django_db
def test_every_notice_written_on_the_way_reads_well(scene):  # noqa: F811
    """标题一行、有正文、没有漏填的格子、没有英文。"""
    faults = []
    for notice in Notice.objects.all():
        whole = f"{notice.subject}\n{notice.body}"
        bad = not notice.subject or "{" in whole or "None" in whole or english(whole, known_words())
        faults += [(notice.kind, whole)] if bad else []
    assert faults == []


# ── 选项、表、列 ──
def choices() -> Iterator[tuple[str, type[models.Choices]]]:
    for name in FILES:
        module = __import__(name, fromlist=["x"]) if ".models" in name or name.endswith("roles") else None
        for one in vars(module or object).values():
            if isinstance(one, type) and issubclass(one, models.Choices) and one.__module__ == name and len(one):
                yield name, one


@pytest.mark.parametrize("one", [one for _, one in choices()], ids=lambda one: one.__name__)
def test_every_choice_has_a_chinese_label(one):
    assert [label for label in one.labels if not CHINESE.search(str(label))] == []


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in APPS]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_table_and_column_has_a_chinese_name(model):
    meta = model._meta
    named = {meta.label: meta.verbose_name, f"{meta.label}（复数）": meta.verbose_name_plural}
    named |= {field.name: field.verbose_name for field in meta.get_fields() if hasattr(field, "verbose_name")
              and not field.auto_created and field.model.__module__.partition(".")[0] in APPS}
    assert {name: str(words) for name, words in named.items() if not CHINESE.search(str(words))} == {}


# ── 标识符按词汇表 ──
GLOSSARY = {
    "suggestions": "Suggestion CoSigner Request Delegation Deputy Category SuggestionGroup Attachment",
    "handlers": "Unit Division Post AssignmentMeeting Assignment ReturnRequest Extension Activity AssistOpinion Reply "
                "Approval Delivery Evaluation ResultClass",
    "supervision": "LedgerEntry SigningOff",
    "congresses": "Congress Term Session",
    "workdays": "Holiday RuleProfile DeadlineRule",
    "audit": "AuditEvent", "notices": "Notice",
}


@pytest.mark.parametrize(("app", "name"), [(app, name) for app, names in GLOSSARY.items() for name in names.split()])
def test_the_nouns_of_the_glossary_are_the_models(app, name):
    assert apps.get_model(app, name)


# ── 页面上没有英文 ──
#: 中文公文与电脑里本来就这么写的
PLAIN = """
    Excel Word WPS PDF CSV API REST JSON OpenAPI Token HTTP HTTPS URL Ctrl Alt Shift Enter Esc Tab Space Home End
    xlsx xls csv docx pdf png jpg jpeg ofd OFD txt ics iCal zip et
    MB KB GB IP ID UTF SHA SM
    Chromium Chrome Redis PostgreSQL SQLite Celery beat
    XXXX YYYY MM DD HH
"""
WORDS = frozenset(PLAIN.split())
#: 不必是中文的整页：给机器看的、给写模板的人看的
MACHINE_PAGES = {"web:styles", "web:styles_try", "api:docs", "api:schema", "public:robots", "public:sitemap"}
ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "label", "data-confirm", "content"}
LATIN = re.compile(r"(?<![A-Za-z0-9_.@/-])[A-Za-z][A-Za-z'’]+(?![A-Za-z0-9_@/-])")


class Reading(HTMLParser):
    """看得到、读得出的字：正文，和会念出来的几种属性。"""

    SILENT = {"script", "style", "template", "code", "kbd"}

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts, self.silent = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in self.SILENT
        given = dict(attrs)
        if tag == "meta" and given.get("name") not in {"description", "keywords"}:
            return
        button = tag == "input" and given.get("type") in {"submit", "button", "reset"}
        names = ATTRIBUTES | ({"value"} if button else set())
        self.parts += [value for name, value in attrs if name in names and value]

    def handle_endtag(self, tag):
        self.silent -= tag in self.SILENT

    def handle_data(self, data):
        if self.silent <= 0:
            self.parts.append(data)


def known_words() -> set[str]:
    """资料里本来就是字母的：账号、编码、令牌、证号。"""
    found = set(User.objects.values_list("username", flat=True)) | set(Unit.objects.values_list("code", flat=True))
    return found | set(ApiToken.objects.values_list("prefix", flat=True)) | set(settings.ALLOWED_HOSTS)


def english(text: str, known: set[str]) -> list[str]:
    """一段字里的英文词。"""
    text = re.sub(r"https?://\S+", " ", text)
    for word in sorted(known, key=len, reverse=True):
        text = text.replace(word, " ")
    text = re.sub(r"\S+@\S+|\b[0-9a-f]{12,}\b|HN-\w+|[A-Z]{2,3}-\d+", " ", text)
    return sorted(set(LATIN.findall(text)) - WORDS)


def readers_of(key: str) -> list[str]:
    """看得到这一页的头两种人。"""
    cells = table().get((key, "GET"), {})
    return [role for role in ROLES if cells.get(role, "").partition("/")[0] == "200"][:2]


@pytest.mark.django_db
@pytest.mark.parametrize("row", [one for one in rows() if one.key not in MACHINE_PAGES], ids=lambda row: row.key)
def test_no_english_is_left_on_any_page(scene, row):  # noqa: F811
    known, found = known_words(), {}
    for role in readers_of(row.key):
        answer = scene.ask(role, "GET", row.targets(scene)[0])
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            found[role] = english("\n".join(Reading(answer.content.decode()).parts), known)
    assert not any(found.values()), found


@pytest.mark.parametrize("path", ["nowhere/", "admin/nowhere/", "my/999999999/"])
@pytest.mark.django_db
def test_no_english_is_left_on_refusals(scene, path):  # noqa: F811
    for role in ("anonymous", "stranger", "clerk", "lead"):
        answer = scene.ask(role, "GET", f"/{path}")
        assert english("\n".join(Reading(answer.content.decode()).parts), known_words()) == []


@pytest.mark.parametrize(("html", "words"), [
    ("<p>保存 Save</p>", ["Save"]), ('<input type="submit" value="Log in">', ["Log", "in"]),
    ('<a title="Next page">下一页</a>', ["Next", "page"]), ("<p>导出 Excel，按 Ctrl 加 Enter，A 类</p>", []),
    ("<script>const name = 1</script><p>湖南</p>", []), ('<input type="text" value="data">', []),
])
def test_the_check_tells_english_from_the_rest(html, words):
    """反证：该认出来的认得出，该放过的放得过。"""
    assert english("\n".join(Reading(html).parts), set()) == sorted(words)
