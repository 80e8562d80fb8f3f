"""命令 import_suggestions：只输出 JSON，退出码 0、1、2，与接口同一份结果。"""
import json
from io import StringIO

import pytest
from django.core.management import call_command

from lianluo.operations.management.usage import UsageError
from suggestions.models import Suggestion
from tests.suggestions.sheets import WORKBOOK, book, real_roster, row

pytestmark = pytest.mark.usefixtures("var_dir")
KEYS = ["ok", "rows_ok", "created", "updated", "unchanged", "errors", "warnings"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "表.xlsx"


def run(*args, **options) -> tuple[int, str]:
    """退出码与标准输出。"""
    out = StringIO()
    try:
        call_command("import_suggestions", *args, stdout=out, stderr=StringIO(), **options)
    except SystemExit as left:
        return left.code, out.getvalue()
    return 0, out.getvalue()


def result(*args) -> tuple[int, dict]:
    code, text = run(*args, "--json")
    assert text.count("\n") == 1
    return code, json.loads(text)


def test_json_alone_is_on_standard_output_and_the_code_is_0(world, path):
    path.write_bytes(book(row(1), row(2)))
    code, body = result(str(path))
    assert code == 0 and list(body) == KEYS
    assert body == dict(zip(KEYS, [True, 2, 2, 0, 0, [], []], strict=True))


def test_a_refused_file_exits_1_with_every_address(world, path):
    path.write_bytes(book(row(1), row(2, title="", phone="123")))
    code, body = result(str(path))
    assert (code, body["ok"], body["rows_ok"], body["created"]) == (1, False, 1, 0)
    places = [(one["sheet"], one["cell"], one["line"]) for one in body["errors"]]
    assert places == [("建议", "B3", 3), ("建议", "G3", 3)]
    assert not Suggestion.objects.exists()


def test_a_file_that_is_no_table_exits_1_with_three_nulls(world, path):
    path.write_bytes(b"")
    code, body = result(str(path))
    assert code == 1
    assert body["errors"] == [
        {"sheet": None, "cell": None, "line": None, "message": "文件是空的（0 字节），检查后重新选择文件"}
    ]


def test_good_rows_create_deputies_and_dry_run(world, path):
    path.write_bytes(book(row(1, deputy="赵新来"), row(2, title="")))
    assert result(str(path), "--good-rows")[0] == 1
    code, body = result(str(path), "--good-rows", "--create-deputies", "--dry-run")
    assert (code, body["created"], Suggestion.objects.count()) == (0, 1, 0)
    code, body = result(str(path), "--good-rows", "--create-deputies")
    assert (code, body["created"], Suggestion.objects.count()) == (0, 1, 1)


def test_a_dry_run_of_a_refused_file_exits_1(world, path):
    path.write_bytes(book(row(1, title="")))
    assert result(str(path), "--dry-run")[0] == 1


def test_the_workbook_twice(world):
    real_roster(world)
    code, body = result(str(WORKBOOK), "--session", "14-4", "--actor", "clerk")
    assert (code, body["rows_ok"], body["created"]) == (0, 139, 139)
    assert set(Suggestion.objects.values_list("made_by", flat=True)) == {world.clerk.pk}
    code, body = result(str(WORKBOOK), "--session", "14-4", "--actor", "陈办")
    assert (code, body["created"], body["unchanged"]) == (0, 0, 139)


def test_an_actor_without_the_right_is_refused_with_1(world, path):
    path.write_bytes(book(row(1)))
    code, body = result(str(path), "--actor", "stranger")
    assert code == 1 and body["errors"][0]["message"] == "路人没有导入建议的权限，换一个账号"


@pytest.mark.parametrize("args", [
    ["没有.xlsx"], ["{path}", "--session", "99-9"], ["{path}", "--session", "甲"], ["{path}", "--actor", "没有此人"],
    ["{path}", "--mode", "all"], [],
])
def test_wrong_usage_is_code_2_and_says_nothing_on_standard_output(world, path, args):
    path.write_bytes(book(row(1)))
    out = StringIO()
    with pytest.raises(UsageError) as error:
        call_command("import_suggestions", *[one.format(path=path) for one in args], "--json", stdout=out)
    assert error.value.returncode == 2 and out.getvalue() == ""
    assert not Suggestion.objects.exists()


def test_without_json_it_speaks_in_sentences(world, path):
    path.write_bytes(book(row(1), row(2, title="")))
    code, text = run(str(path))
    assert code == 1
    assert text.splitlines() == ["没有导入：新增 0 件，更新 0 件，不变 0 件；正确的共 1 行", "问题　建议!B3 填写标题"]
