"""权限矩阵：每条路由 × 每个角色 × 甲组的、乙组的、不存在的对象，该得什么都写在 permissions.csv 里。

一格是甲组／乙组／不存在三个状态，三个相同的只写一个；“登录”是转到登录页（接口与局部请求是 401）。
改了路由或权限后重写这张表：``LIANLUO_WRITE=1 .venv/bin/python -m pytest -n0 tests/test_permissions.py``，
再逐行看 ``git diff tests/permissions.csv``；表写错了，下面“表本身的规矩”会说。
"""
from __future__ import annotations

import csv
import os
import re
from functools import cache
from pathlib import Path

import pytest
from django.http import HttpResponse

from tests.routes import FIXED, Row, rows, without_object
from tests.scene import LEAK, ROLES, Scene, scene  # noqa: F401
from tests.secrets import told_to

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TABLE = Path(__file__).with_name("permissions.csv")
WRITING = bool(os.environ.get("LIANLUO_WRITE"))
REFUSED = {"403", "404", "405", "登录"}
#: 不存在的对象只由这几种人问：没有这一行，就谈不上是谁的；其余的人照 404 记
MISSING_ASKED = ("anonymous", "stranger", "lead", "clerk", "unit_liaison", "sysadmin")
written: dict[tuple[str, str], dict[str, str]] = {}


@cache
def table() -> dict[tuple[str, str], dict[str, str]]:
    if not TABLE.exists():
        return {}
    with open(TABLE, encoding="utf-8", newline="") as file:
        return {(row.pop("route"), row.pop("method")): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module", autouse=True)
def keep_table():
    """要求重写时，跑过的行换成新的，没有了的路由删去。"""
    yield
    if WRITING:
        wanted = {(row.key, method) for row, method in CASES}
        cells = {key: found for key, found in {**table(), **written}.items() if key in wanted}
        with open(TABLE, "w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file, lineterminator="\n")
            sheet.writerow(["route", "method", *ROLES])
            sheet.writerows([*key, *(found[role] for role in ROLES)] for key, found in sorted(cells.items()))


def outcome(response: HttpResponse) -> str:
    """一个回答写成一格。"""
    to_login = response.status_code in (301, 302) and response["Location"].startswith("/login/")
    return "登录" if to_login or response.status_code == 401 else str(response.status_code)


def body(response: HttpResponse) -> str:
    """拿来比较的正文：去掉校验令牌与地址里的号码。"""
    text = response.content.decode("utf-8", "replace")
    text = re.sub(r'name="(?:csrfmiddlewaretoken|form_token)" value="[^"]*"|"X-CSRFToken": "[^"]*"', "", text)
    return re.sub(r"w{32}|[\w-]{32}(?![\w-])|\d+", "0", text)


def opens(key: str) -> bool:
    """这条路由有没有人能用 GET 打开。"""
    cells = written.get((key, "GET")) or ({} if WRITING else table().get((key, "GET"), {}))
    return any(one.partition("/")[0] in {"200", "302"} for one in cells.values())


def allowed(key: str, method: str = "GET") -> str:
    """用这种方法走得进去的头一个人，先看办公室；都不行则空。"""
    cells = table().get((key, method), {})
    return next((role for role in ("clerk", *ROLES) if cells.get(role, "405").partition("/")[0] not in REFUSED), "")


CASES = [(row, method) for row in rows() for method in row.route.methods]


@pytest.mark.parametrize(("row", "method"), CASES, ids=lambda one: one.key if isinstance(one, Row) else one)
def test_every_role_gets_what_the_table_says(scene, row, method):  # noqa: F811
    visit, found = Visit(scene, row, method), {}
    for role in ROLES:
        found[role] = visit.by(role, found)
    if visit.faults:
        pytest.fail("\n".join(dict.fromkeys(visit.faults)), pytrace=False)
    assert scene.changed() == [], "看一看、被拒绝，库却变了"
    written[row.key, method] = found
    if not WRITING:
        assert found == table()[row.key, method]


def test_the_check_sees_a_change(scene):  # noqa: F811
    """反证：准许的写留下来，写了哪张表一看便知。"""
    scene.ask("unit_liaison", "POST", f"/notices/{scene.a.notice.pk}/read/")
    assert scene.changed() == ["notices_notice"]


class Visit:
    """用一种方法走一行：逐个角色走甲组的、乙组的、不存在的。"""

    def __init__(self, scene: Scene, row: Row, method: str) -> None:  # noqa: F811
        self.scene, self.row, self.method, self.targets = scene, row, method, row.targets(scene)
        self.gate, self.faults = row.route.gate, []
        #: 同一页看得到看不到已由 GET 问过，POST 只问自己的那一件
        self.read_elsewhere = method == "POST" and not row.key.startswith("api:") and opens(row.key)

    def by(self, role: str, found: dict[str, str]) -> str:
        """这个角色得什么；必然与问过的人相同的不再问。"""
        twin = self._twin(role)
        if twin or set(found.values()) == {"405"}:
            return found[twin or "anonymous"]
        first = self._ask(role, self.targets[0])
        if len(self.targets) == 1 or self.read_elsewhere or self._stopped_at_the_gate(role, first):
            return outcome(first)
        answers = [first, self._ask(role, self.targets[1])]
        told = [outcome(one) for one in answers]
        if role in ("anonymous", "clerk") or "404" in told:
            told.append(self._missing(role, answers) if role in MISSING_ASKED else "404")
        return told[0] if len(set(told)) == 1 else "/".join(told)

    def _twin(self, role: str) -> str:
        """门只看角色：后台只看是不是工作人员，视图的门只看写着的角色。缺的人里问路人和单位联络员两个就够了。"""
        user = ROLES[role](self.scene.world)
        if user is None or role in ("stranger", "lead", "unit_liaison"):
            return ""
        shut = not user.is_staff if self.row.key.startswith("admin") else self.gate and not user.has_role(*self.gate)
        return "stranger" if shut else ""

    def _ask(self, role: str, url: str) -> HttpResponse:
        """拒绝的、只看的，改动留下来等着查；准许的写撤回。"""
        kept = lambda answer: self.method == "GET" or outcome(answer) in REFUSED  # noqa: E731
        response = self.scene.ask(role, self.method, url, keep=kept)
        what = f"{role} {self.method} {url}"
        self.faults += _faults(what, response)
        if not self.row.key.endswith("link") and not self.row.key.startswith("audit:"):
            # 个人链接认的是链接，不是登录的人；审计管理员看改前改后（等保安全审计 b）
            self.faults += [f"{what}：看到了“{words}”" for words in told_to(self.scene, role, response.content)]
        return response

    def _stopped_at_the_gate(self, role: str, response: HttpResponse) -> bool:
        """角色不对，视图还没有看是哪一个对象就拒绝了。"""
        user = ROLES[role](self.scene.world)
        return bool(self.gate) and user is not None and outcome(response) == "403" and not user.has_role(*self.gate)

    def _missing(self, role: str, answers: list[HttpResponse]) -> str:
        """不存在的对象得什么；两个 404 的页须一模一样：别人的与不存在的没有分别。"""
        missing = self._ask(role, self.targets[2])
        for one in answers:
            if outcome(one) == outcome(missing) == "404" and body(one) != body(missing):
                apart = set(body(one).splitlines()) ^ set(body(missing).splitlines())
                self.faults.append(f"{role} {self.method}：别人的与不存在的 404 不一样：{sorted(apart)}")
        return outcome(missing)


def _faults(what: str, response: HttpResponse) -> list[str]:
    """任何一格都不许有的：5xx，拒绝的页面上有件的内容。"""
    if response.status_code >= 500:
        return [f"{what}：{response.status_code} {getattr(response, 'exc_info', '')}"]
    leaked = LEAK.search(response.content.decode("utf-8", "replace")) if outcome(response) in REFUSED else None
    return [f"{what}：拒绝了，却漏出“{leaked[0]}”"] if leaked else []


# ── 表本身的规矩：表写错了，这里说 ──
SEEN = re.compile(r"^(200|302)")
OFFICES = {"clerk", "clerk2"}
OUTSIDERS = ("stranger", "sysadmin", "secadmin", "auditor", "unit_other_room")
ABOUT_CASES = ("suggestions:", "handlers:", "supervision:", "deputy:", "api:")
#: 不必登录就能开的：登录、公开页、个人链接、探活、显示方式
PUBLIC = ("accounts:", "public:", "operations:", "web:", "deputy:link", "suggestions:cosign_link", "api:schema")


def cells_of(prefix: str | tuple[str, ...], method: str = "GET") -> list[tuple[str, dict[str, str]]]:
    return [(key, cells) for (key, way), cells in table().items() if key.startswith(prefix) and way == method]


def test_every_route_has_its_rows_and_no_row_is_left_over():
    wanted = {(row.key, method) for row, method in CASES}
    assert sorted(wanted - set(table())) == [], "新路由没有写进表"
    assert sorted(set(table()) - wanted) == [], "表里有已经没有的路由"


def test_every_route_with_a_parameter_says_which_object_it_uses():
    assert without_object() == []


def test_nothing_opens_without_signing_in_but_the_public_pages():
    opened = [key for (key, method), cells in table().items() if SEEN.match(cells["anonymous"])]
    assert [key for key in opened if not key.startswith(PUBLIC)] == []


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsiders_open_no_case(role):
    """路人、三员、同单位别的处室：带对象的件上页面一张也打不开（等保访问控制 d）。"""
    aside = ("suggestions:cosign_link", "handlers:proposal", "api:unit", "api:deputy", "api:session", "api:category",
             "api:delegation", "api:resultclass", "api:notice",
             # 不在件上：全单位的服务活动、刊出的文章、代表由谁联系、制度；有关的件只给看得到的人连过去
             "handlers:service", "handlers:article", "handlers:served_deputy", "handlers:regulation",
             # 也不在件上：机制库、出差、专家库、全单位的成果；考核只列本处室公示以后的
             "handlers:mechanism", "handlers:trip", "handlers:expert_edit", "handlers:outcome_edit",
             "supervision:scheme")
    routes = {row.key for row in rows() if row.route.parameters and row.key not in FIXED}
    opened = [key for key, cells in cells_of(ABOUT_CASES) if key in routes and SEEN.match(cells[role])]
    assert [key for key in opened if not key.startswith(aside)] == []


def test_units_never_touch_an_evaluation():
    """承办单位不得填、改意见表，印不了评价单（重庆条例第三十八条）。"""
    units = [role for role in ROLES if role.startswith(("unit_", "assist_", "other_liaison"))]
    names = ("deputy:rate", "deputy:receipt", "handlers:proxy", "handlers:evaluation_", "handlers:again",
             "handlers:escalat")
    for method in ("GET", "POST"):
        for key, cells in cells_of(names, method):
            assert {cells[role] for role in units} <= {"403", "404", "405"}, key


def test_only_the_unit_itself_sees_its_drafts():
    """拟稿、核稿只给本单位；会办单位、办公室、代表都看不到。"""
    drafts = ("handlers:reply#written", "handlers:reply_version#written", "api:reply-detail#written")
    for key, cells in cells_of(drafts):
        inside = {role for role, told in cells.items() if told.startswith("200")}
        assert inside == {"unit_liaison", "unit_head", "unit_leader", "unit_director", "unit_officer"}, key


def test_only_the_npc_office_assigns_signs_off_and_publishes():
    names = ("handlers:unassign", "handlers:meeting_hand_over", "handlers:publish", "handlers:take_down",
             "supervision:ledger_decide", "supervision:ledger_reopen", "supervision:ledger_grant_many",
             "api:suggestion-assign", "api:reply-publish", "api:ledgerentry-grant")
    for key, cells in cells_of(names, "POST"):
        allowed = {role for role, told in cells.items() if told.partition("/")[0] not in REFUSED}
        assert allowed <= OFFICES or key == "handlers:publishing", key


def test_the_three_administrators_see_no_case_in_the_back_office():
    """三员的后台里没有件上的表（等保访问控制 d）。"""
    names = tuple(f"admin:{name}_" for name in (
        "suggestions_suggestion", "handlers_assignment", "handlers_activity", "handlers_reply", "handlers_evaluation",
        "supervision_ledgerentry", "notices_notice",
    ))
    pages = cells_of(names)
    assert len(pages) > 30
    assert [key for key, cells in pages if "200" in {cells["sysadmin"], cells["secadmin"], cells["auditor"]}] == []


def test_strangers_and_missing_things_look_the_same():
    """路人在带对象的页面上，甲的、乙的、不存在的一个样。"""
    assert [key for key, cells in cells_of(ABOUT_CASES) if "/" in cells["stranger"]] == []
