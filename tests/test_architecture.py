"""房子的规矩（docs/architecture.md）：楼层、循环、状态的写法、找对象的门、长短、名字、迁移。靠读代码，不靠自觉。"""
from __future__ import annotations

import ast
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(settings.BASE_DIR)
APPS = ("lianluo", "suggestions", "handlers", "supervision")
FLOORS = {"suggestions": 1, "handlers": 2, "supervision": 3}
#: 屋顶：把各层接起来的几个文件，什么都可以引用，谁也不许引用它们
ROOF = {"urls", "api", "home", "navigation", "admin_site", "celery", "operations", "checks", "settings", "wsgi"}
#: workdays 的内核只管算日子，谁都可以用；外圈（页面、导入、重算）和别的包一样看待
OUTER_WORKDAYS = {
    "actions", "admin", "calculating", "forms", "ical", "importing", "recompute", "tasks", "urls", "views",
}
#: audit 同理：记、听、校验是内核，查看的几页是外圈
OUTER = {"workdays": OUTER_WORKDAYS, "audit": {"views", "urls", "filters"}}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "util", "helper"}
CASE_MODELS = {
    "Suggestion", "Request", "CoSigner", "Attachment", "Assignment", "AssignmentDue", "SuggestionDue", "Allotment",
    "ReturnRequest", "Extension", "ProposedAssignment", "Activity", "ActivityDeputy", "AssistOpinion", "Reply",
    "ReplyVersion", "Approval", "Delivery", "Evaluation", "Escalation", "LedgerEntry", "SigningOff",
}
#: 查询里有这些字的，已经限在看得到的、本人的、某一件的
SCOPED = ("visible_to(", "deputy=", "suggestion=", "account=", "delivery=")
#: 视图里不经 access_* 取件上对象的几处，各有理由
EXCUSED = {
    "handlers/views/board.py": "交办台只给联工委与政府办公厅，两家都看得到全部在册件",
    "handlers/views/deciding.py": "裁决退回与延期只给两家办公室，都看得到全部在册件",
    "handlers/views/dues.py": "先取时限，随即用 access_suggestion 问它所属的件",
    "handlers/views/my.py": "前一步已按本人的送达核对",
    "handlers/views/receiving.py": "先取申请，随即用 access_assignment 问它所属的承办关系",
    "handlers/api/cases.py": "同 views/dues.py",
}
#: PostgreSQL 的保留字，openGauss 多出来的，和本项目自己不用的几个（国产库里常常要加引号）
RESERVED = frozenset((ROOT / "tests" / "data" / "reserved_words.txt").read_text().split())


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))
         if "migrations" not in path.parts}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}


def shown(name: str) -> str:
    return str(FILES[name].relative_to(ROOT))


# ── 引用 ──
BLOCKS = (ast.If, ast.Try, ast.With, ast.ClassDef, ast.ExceptHandler)


def targets(name: str, node: ast.AST) -> Iterator[str]:
    """一条 import 指到我们自己的哪些模块。"""
    if isinstance(node, ast.Import):
        found = [alias.name for alias in node.names]
    else:
        base = _base(name, node)
        found = [full if (full := f"{base}.{alias.name}") in FILES else base for alias in node.names]
    yield from (one for one in found if one.partition(".")[0] in APPS)


def _base(name: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    inside = name.split(".") if FILES[name].name == "__init__.py" else name.split(".")[:-1]
    above = inside[: len(inside) - node.level + 1]
    return ".".join([*above, node.module] if node.module else above)


def every_import(tree: ast.AST) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))


def first_imports(tree: ast.Module) -> Iterator[ast.AST]:
    """装入模块时就执行的 import：函数里的、只为类型标注的不算。"""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, BLOCKS) and not _only_for_types(node):
            waiting += list(ast.iter_child_nodes(node))


def _only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def floor(name: str) -> int:
    """基础 0，提出 1，办理 2，督办 3，屋顶 4。"""
    top, _, rest = name.partition(".")
    if top != "lianluo":
        return FLOORS[top]
    return 4 if not rest or rest.partition(".")[0] in ROOF else 0


def climbing(trees: dict[str, ast.Module]) -> list[str]:
    """抬头看的引用。"""
    return [
        f"{name} 第 {node.lineno} 行引用了上面的 {target}"
        for name, tree in trees.items() for node in every_import(tree) for target in targets(name, node)
        if floor(target) > floor(name)
    ]


def test_nobody_looks_up():
    assert climbing(TREES) == []


def test_the_check_sees_a_lower_floor_looking_up():
    """反证：一楼引用二楼，函数里的也看得见。"""
    name = "suggestions.access"
    tree = ast.parse("def f():\n    from handlers.models import Unit\n    return Unit")
    assert climbing({name: tree}) == ["suggestions.access 第 2 行引用了上面的 handlers.models"]


def package(name: str) -> str:
    """循环按包查；workdays、audit 分内核与外圈。"""
    parts = name.split(".")
    if parts[0] != "lianluo" or len(parts) == 1:
        return parts[0]
    if len(parts) > 2 and parts[2] in OUTER.get(parts[1], ()):
        return f"lianluo.{parts[1]}（外圈）"
    return ".".join(parts[:2])


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """互相走得到的包。"""
    reach = {one: _reached(graph, one) for one in list(graph)}
    return sorted({tuple(sorted(b for b in reach[a] if a in reach.get(b, ()))) for a in reach if a in reach[a]})


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    seen, waiting = set(), list(graph[start])
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += graph.get(one, ())
    return seen


def test_packages_do_not_import_each_other_in_circles():
    graph = defaultdict(set)
    for name, tree in TREES.items():
        for node in first_imports(tree):
            graph[package(name)] |= {package(one) for one in targets(name, node)} - {package(name)}
    assert circles(graph) == []


def test_the_check_sees_a_circle():
    """反证。"""
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [("a", "b", "c")]


# ── 状态只从一处改 ──
def status_writes(tree: ast.AST) -> list[int]:
    """给 .status 赋值、或用查询改 status 的行。"""
    lines = []
    for node in ast.walk(tree):
        stored = isinstance(node, ast.Attribute) and node.attr == "status" and isinstance(node.ctx, ast.Store)
        if stored and ast.unparse(node.value) not in {"error", "response"}:  # 这两个的是 HTTP 状态码
            lines.append(node.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            lines += [node.lineno for word in node.keywords if word.arg == "status"]
        by_name = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {"setattr", "bulk_update"}
        if by_name and "'status'" in ast.unparse(node):
            lines.append(node.lineno)
    return lines


def test_only_the_state_machine_writes_status():
    writers = {name: lines for name, tree in TREES.items() if (lines := status_writes(tree))}
    assert list(writers) == ["lianluo.statemachine"]


@pytest.mark.parametrize("line", [
    "case.status = 'draft'", "self.row.status += 1", "rows.update(status='draft')", "setattr(case, 'status', 'draft')",
    "Reply.objects.bulk_update(rows, ['status'])",
])
def test_the_check_sees_each_way_of_writing_status(line):
    assert status_writes(ast.parse(line)) == [1]


# ── 视图找对象只走 access_* ──
def views() -> dict[str, ast.Module]:
    return {name: tree for name, tree in TREES.items()
            if set(FILES[name].parts) & {"views", "api"} or FILES[name].name == "views.py"}


def bare_lookups(tree: ast.AST) -> list[int]:
    """直接按主键取件上对象的行：``Reply.objects….get(``、``get_object_or_404(Reply…``。"""
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        text = ast.unparse(node)
        got = isinstance(node.func, ast.Attribute) and node.func.attr == "get" and ".objects" in text
        named = isinstance(node.func, ast.Name) and node.func.id == "get_object_or_404"
        if (got or named) and _about_case(text) and not any(word in text for word in SCOPED):
            lines.append(node.lineno)
    return lines


def _about_case(text: str) -> bool:
    first = text.removeprefix("get_object_or_404(").partition(".")[0].partition(",")[0]
    return first in CASE_MODELS or first == "model"


def test_views_reach_cases_only_through_access():
    found = {shown(name): lines for name, tree in views().items() if (lines := bare_lookups(tree))}
    assert {path: lines for path, lines in found.items() if path not in EXCUSED} == {}
    assert set(EXCUSED) <= set(found), "不再需要的豁免从 EXCUSED 里去掉"


@pytest.mark.parametrize("line", [
    "Reply.objects.get(pk=pk)", "Suggestion.objects.select_related('session').get(pk=pk)",
    "get_object_or_404(Assignment, pk=pk)", "get_object_or_404(LedgerEntry.objects.all(), pk=pk)",
])
def test_the_check_sees_bare_lookups(line):
    assert bare_lookups(ast.parse(line)) == [1]


def test_the_check_lets_scoped_lookups_pass():
    assert bare_lookups(ast.parse("Reply.objects.visible_to(user).get(pk=pk); UnitKind.objects.get(pk=1)")) == []


# ── 长短与名字 ──
def test_no_file_is_called_utils():
    assert [path for name, path in FILES.items() if FORBIDDEN_NAMES & set(name.split("."))] == []


@pytest.mark.parametrize("folder", [*APPS, "tests", "bench"])
def test_files_stay_short(folder):
    long = [str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*.py")
            if "migrations" not in path.parts and len(path.read_text(encoding="utf-8").splitlines()) > 400]
    assert long == []


def test_functions_stay_short():
    long = [f"{shown(name)}:{node.lineno} {node.name}" for name, tree in TREES.items() for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno - node.lineno >= 40]
    assert long == []


def test_every_module_has_something_to_say():
    """每个有代码的动作、规则文件开头说自己管什么。"""
    silent = [shown(name) for name, tree in TREES.items()
              if "actions" in name.split(".") and tree.body and ast.get_docstring(tree) is None]
    assert silent == []


# ── 库里的名字 ──
def own_models():
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.partition(".")[0] in APPS]


def test_names_in_the_database_are_short_and_unreserved():
    """表、列、索引、约束不超过 30 个字符，不用保留字：国产库换得过去。"""
    faults = []
    for model in own_models():
        meta = model._meta
        names = [meta.db_table, *(one.column for one in meta.local_concrete_fields),
                 *(one.name for one in meta.indexes), *(one.name for one in meta.constraints)]
        faults += [f"{meta.label}: {name}（{len(name)} 个字符）" for name in names if len(name) > 30]
        faults += [f"{meta.label}: {name} 是保留字" for name in names if name.lower() in RESERVED]
    assert faults == []


@pytest.mark.django_db
def test_migrations_are_up_to_date():
    if not connection.introspection.table_names() or "django_migrations" not in connection.introspection.table_names():
        pytest.skip("没有按迁移建库（--nomigrations）")
    output = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=output, stderr=output)
    assert "No changes" in output.getvalue() or "没有" in output.getvalue() or not output.getvalue().strip()
