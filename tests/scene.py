"""一台布景：两组人各有一批走到不同步子的件，供权限矩阵、爬页、查询计数、响应头共用。

甲组：领衔代表、联名代表，省水利厅主办、省交通运输厅会办。乙组：另一名代表，省委宣传部独办。
同一角色对甲、对乙、对不存在的对象各走一遍，看得到看不到一目了然。
布景每个进程搭一次（tests/conftest.py 的 Stage）；请求各在自己的保存点里，要留要撤由测试决定。
"""
from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from handlers.actions.evaluation_links import issue_link
from handlers.actions.travelling import register_trip
from handlers.actions.waiving import ask_waiver
from handlers.models import Division, Duty, Post, Rank
from lianluo.accounts.actions import issue_token
from lianluo.accounts.models import ApiToken, User
from lianluo.accounts.roles import Role
from lianluo.documents.workbooks import write_workbook
from lianluo.notices.models import Notice
from lianluo.web.models import Draft
from lianluo.workdays import clock
from suggestions.actions.cosigning import issue_link as issue_cosign_link
from suggestions.actions.importing import apply_import, claim_import, start_import
from suggestions.importing import columns
from suggestions.models import Deputy, ImportBatch, Purpose
from tests import cases
from tests.cases import Journey
from tests.classified_side import classify
from tests.field_side import plan_field_work
from tests.scoring_side import appraise
from tests.serving_side import serve
from tests.world import OPENED, UnitCast, World, make_user

BACKEND = "lianluo.accounts.backends.AccountBackend"
NOWHERE = 987654321
WRITTEN = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "(\w+)"', re.I)
PURPOSES = tuple(Purpose.values)
#: 角色 → 怎样从布景里取账号。匿名是 None。
ROLES: dict[str, Callable[[World], User | None]] = {
    "anonymous": lambda world: None,
    "stranger": lambda world: world.stranger,
    "lead": lambda world: world.lead_deputy.account,
    "cosigner": lambda world: world.cosigner.account,
    "other_deputy": lambda world: world.other_deputy.account,
    "delegation": lambda world: world.delegation_staff,
    "secretariat": lambda world: world.secretariat,
    "clerk": lambda world: world.clerk,
    "clerk2": lambda world: world.second_clerk,
    "gov": lambda world: world.gov,
    "committee": lambda world: world.committee,
    "unit_liaison": lambda world: world.water.liaison,
    "unit_head": lambda world: world.water.head,
    "unit_leader": lambda world: world.water.leader,
    "unit_director": lambda world: world.water.director,
    "unit_officer": lambda world: world.water.officer,
    "unit_other_room": lambda world: world.other_room,
    "assist_liaison": lambda world: world.transport.liaison,
    "assist_officer": lambda world: world.transport.officer,
    "other_liaison": lambda world: world.publicity.liaison,
    "sysadmin": lambda world: world.sysadmin,
    "secadmin": lambda world: world.secadmin,
    "auditor": lambda world: world.auditor,
}


#: 步名在标题里的写法
TITLES = {
    "drafted": "草稿", "cosigning": "联名", "submitted": "提交", "declined": "不立案", "registered": "登记",
    "merged": "并案", "grouped": "编组", "proposed": "拟交", "objected": "异议", "meeting": "上会", "assigned": "交办",
    "returning": "退回", "accepted": "签收", "extending": "延期", "opining": "拟意见", "opined": "送意见",
    "written": "拟稿", "checking": "核稿", "signed": "签发", "delivered": "送达", "rated": "不满意",
    "solved": "方案", "blamed": "调查", "rectified": "整改",
    "escalated": "评估", "published": "公开", "applied": "待销", "concluded": "办结",
}


@dataclass
class Side:
    """一组人的全部件，按走到哪一步取名。"""

    world: World
    mark: str
    lead: Deputy
    cosigners: tuple[Deputy, ...]
    unit: UnitCast
    assist: UnitCast | None
    files: dict[str, int] = field(default_factory=dict)

    def journey(self, name: str, **more) -> Journey:
        """这一组的一件；标题、正文里带着组名与步名，漏没漏一查便知。"""
        return Journey(self.world, **self.titled(name, **more))

    def titled(self, name: str, **more) -> dict:
        return {
            "title": f"关于{self.mark}组{TITLES[name]}水库加固的建议", "body": f"{self.secret(name)}，盼尽快研究。",
            "secret": f"{self.mark}组{TITLES[name]}",
            "lead": self.lead, "cosigners": self.cosigners, "unit": self.unit, "assist": self.assist or False, **more,
        }

    def secret(self, name: str) -> str:
        """只该由看得到的人看到的一句话。"""
        return f"{self.mark}组{TITLES[name]}件的内容不外传"

    def build(self) -> None:
        world = self.world
        for name in ("drafted", "submitted", "registered", "proposed", "assigned", "accepted", "written", "checking"):
            setattr(self, name, self.journey(name).to(name))
        other = world.rare_deputy
        self.cosigning = self.journey("cosigning", cosigners=(*self.cosigners, other)).to("cosigning")
        self.declined = cases.declined(world, **self.titled("declined"))
        self.merged = cases.merged(world, **self.titled("merged"))
        self.grouped = cases.grouped(world, **self.titled("grouped"))
        self.objected = cases.objected(world, **self.titled("objected"))
        self.meeting, self.met = cases.meeting_for(world, **self.titled("meeting"))
        self.return_row, self.returning = cases.return_requested(world, **self.titled("returning"))
        self.extension_row, self.extending = cases.extension_requested(world, **self.titled("extending"))
        self.opining = self.journey("opining").to("opining")
        self.opined = self.journey("opined").to("opined")
        self.signed = self.journey("signed").to("signed")
        self.delivered = self.journey("delivered", result="B").to("delivered")
        self.rated = self.journey("rated", overall="dissatisfied").to("rated")
        self.escalated = cases.escalated(world, **self.titled("escalated"))
        self.published = self.journey("published").to("published")
        self.applied = self.journey("applied").to("applied")
        self.concluded = self.journey("concluded").to("signed_off")
        self.previewed, self.imported = self._batch(1), self._batch(2)
        claim_import(self.imported, good_rows_only=False, actor=world.clerk)
        apply_import(self.imported, actor=world.clerk, today=cases.TODAY)
        self._papers()
        self._people()
        self._mechanisms()
        serve(self)
        plan_field_work(self)
        classify(self)
        appraise(self)

    def _batch(self, number: int) -> ImportBatch:
        """一份预检过的表。"""
        lead, title = self.lead, f"关于{self.mark}组导入第{number}处水库加固的建议"
        cells = {"title": title, "deputy": lead.name, "delegation": lead.delegation.name, "body": "盼尽快研究。",
                 "certificate": lead.certificate_no, "submitted_on": OPENED, "phone": "13800000001"}
        content = write_workbook("建议", list(columns.template()), [cells])
        upload = SimpleUploadedFile("建议.xlsx", content)
        return start_import(upload, session=self.world.session, actor=self.world.clerk, today=cases.TODAY)

    def _mechanisms(self) -> None:
        """一份等批的例外、一次出差。"""
        unit, today = self.unit, cases.TODAY
        self.waiver = ask_waiver(
            self.written.assignment, code="CZ-22", reason="承办人住院", actor=unit.liaison, today=today
        )
        self.trip = register_trip(
            unit.unit, prefecture=self.lead.delegation.prefecture, happened_on=today, members=[unit.posts["officer"]],
            subject="防汛检查", actor=unit.officer, today=today,
        )

    def _papers(self) -> None:
        """每种用途一份附件，由该上传的人传、挂在该挂的记录上；答复还没有送达。"""
        unit, clerk, written = self.unit.liaison, self.world.clerk, self.written
        opinion = self._opinion_of(written)
        owners = {
            "material": (self.submitted, "", self.lead.account), "original": (self.submitted, "", clerk),
            "return": (self.returning, f"return:{self.return_row.pk}", unit),
            "extension": (self.extending, f"extension:{self.extension_row.pk}", unit),
            "contact": (written, f"activity:{written.activity.pk}", unit),
            "opinion": (written, f"opinion:{opinion or NOWHERE}", self.assist.officer if opinion else unit),
            "reply": (written, f"reply:{written.reply.pk}", unit),
            "sealed": (self.signed, f"reply:{self.signed.reply.pk}", unit),
            "evaluation": (self.delivered, f"delivery:{self.delivered.delivery.pk}", clerk),
            "evidence": (self.delivered, f"ledger:{self.delivered.entry.pk}", unit),
        }
        for purpose, (case, about, actor) in owners.items():
            name = f"{self.mark}组{Purpose(purpose).label}.txt"
            self.files[purpose] = case.attach(purpose, about=about, actor=actor, name=name).pk

    def _opinion_of(self, journey: Journey) -> int | None:
        return journey.opinion.pk if self.assist else None

    def _people(self) -> None:
        """各人自己的东西：通知、草稿、令牌、个人链接。"""
        owner = self.unit.liaison
        self.notice = Notice.objects.filter(recipient=owner).order_by("pk").first()
        self.draft = Draft.objects.create(
            account=owner, key=f"reply:{self.mark}", title=f"{self.mark}组草稿", url="/unit/", saved_at=clock.now()
        )
        issue_token(owner, f"{self.mark}组的令牌", days=30, actor=owner)
        self.token = ApiToken.objects.filter(account=owner).latest("pk")
        row = self.cosigning.suggestion.cosigners.get(deputy=self.world.rare_deputy)
        self.cosign_row, self.cosign_token = row, issue_cosign_link(row)
        self.rate_token = issue_link(self.delivered.delivery, actor=self.world.clerk, today=cases.TODAY)


def _more_people(world: World) -> None:
    """世界之外再添：同一单位另一个处室的人、安全管理员。三员与办公室的人进得了后台。"""
    room = Division.objects.create(unit=world.water.unit, name="人事处")
    world.other_room = make_user("slt-room", "省水利厅人事处长")
    Post.objects.create(
        unit=world.water.unit, division=room, account=world.other_room, name="省水利厅人事处长", title="处长",
        duty=Duty.DIVISION_HEAD, rank=Rank.DIVISION, valid_from=world.term.starts_on,
    )
    world.secadmin = make_user("secadmin", "安全管理员", Role.SECADMIN, congress=world.congress)
    for one in (world.clerk, world.second_clerk, world.sysadmin, world.secadmin, world.auditor):
        one.is_staff = True
        one.save(update_fields=["is_staff"])


class Scene:
    """搭好的布景和各角色的浏览器。"""

    def __init__(self) -> None:
        self.world = world = World()
        _more_people(world)
        self.a = Side(world, "甲", world.lead_deputy, (world.cosigner,), world.water, world.transport)
        self.b = Side(world, "乙", world.other_deputy, (), world.publicity, None)
        self.a.build()
        self.b.build()
        for owner in (self.a.unit.liaison, self.b.unit.liaison):
            _signed_in(owner)  # 另一台电脑上的登录，供“结束登录”试
        self._cookies = {name: _signed_in(getter(world)) for name, getter in ROLES.items()}
        self.touched: set[str] = set()
        self.digest = digest()

    def client(self, role: str, **more) -> Client:
        """这个角色刚登录好的浏览器；每次都是新的一个。"""
        browser = Client(raise_request_exception=False, **more)
        browser.cookies.load(self._cookies[role])
        return browser

    def ask(
        self, role: str, method: str, url: str, *, keep: Callable[[HttpResponse], bool] | None = None,
        strict: bool = False, **more,
    ):
        """发一个请求；``keep`` 说不留的，改动撤回；``strict`` 照真的查校验令牌。流式的回答先读完。"""
        cache.clear()
        point = transaction.savepoint()
        with connection.execute_wrapper(self._watch):
            response = self.client(role, enforce_csrf_checks=strict).generic(method, url, **more)
            if response.streaming:
                response = _read(response)
        kept = keep is None or keep(response)
        (transaction.savepoint_commit if kept else transaction.savepoint_rollback)(point)
        return response

    def _watch(self, execute, sql, params, many, context):
        """记下写过的表。"""
        self.touched.update(WRITTEN.findall(sql))
        return execute(sql, params, many, context)

    def changed(self) -> list[str]:
        """写过的表里，内容与搭好时不同的；没有写过的不必再读。"""
        now = digest(self.touched)
        self.touched.clear()
        return sorted(name for name, one in now.items() if one != self.digest[name])


def _signed_in(user: User | None) -> dict[str, str]:
    browser = Client()
    if user is not None:
        browser.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def _read(response) -> HttpResponse:
    whole = HttpResponse(b"".join(response.streaming_content), status=response.status_code)
    whole.headers = response.headers
    return whole


# ── 库里的全部内容 ──
#: 看一眼就会变的：会话、最近访问、第一次打开与阅读的时刻、越权留痕和它的计数
PASSING_TABLES = {"django_session", "accounts_usersession", "axes_accessattempt", "axes_accesslog",
                  "axes_accessfailurelog"}
PASSING_COLUMNS = {
    "accounts_user": {"last_seen_at", "last_login"}, "accounts_personallink": {"opened_at"},
    "handlers_delivery": {"read_at"},
}
PASSING_ROWS = {
    "audit_auditevent": "event <> 'account.refused'",
    "documents_counter": "scope <> 'audit:system'",
}


def digest(tables: set[str] | None = None) -> dict[str, str]:
    """每张表（或指定的几张）一个摘要；只略去 PASSING 里的。"""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        skipped = meta.db_table in PASSING_TABLES or tables is not None and meta.db_table not in tables
        if skipped or not meta.managed or meta.proxy:
            continue
        columns = [one.column for one in meta.local_concrete_fields
                   if one.column not in PASSING_COLUMNS.get(meta.db_table, ())]
        found[meta.db_table] = _digest_of(meta.db_table, columns, meta.pk.column)
    return found


def _digest_of(table: str, columns: list[str], key: str) -> str:
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    where = f" WHERE {PASSING_ROWS[table]}" if table in PASSING_ROWS else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}{where} ORDER BY {key}")  # noqa: S608
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()


@pytest.fixture(scope="module")
def scene(standing, django_db_blocker) -> Iterator[Scene]:
    """台上的布景；一个文件改动的，出了这个文件就撤回。期间不写日志：拒绝成千上万次，每次一份栈很费时。"""
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        yield standing.kept
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


LEAK = re.compile(r"[甲乙]组\w+(?:件的内容不外传|水库加固的建议)")
