"""全部路由，从 URL 表里走出来；带参数的路由各用布景里的哪个对象，在 OBJECTS 里写明。

新添的路由没有写进 OBJECTS，或者没有写进 tests/permissions.csv，测试就不过。
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from handlers.models import ResultClass
from suggestions.models import Category
from tests.scene import NOWHERE, PURPOSES, Scene, Side

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
API_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """一条路由。``name`` 没有名字时就是它的写法；``gate`` 是视图门上写的角色。"""

    name: str
    pattern: str
    methods: tuple[str, ...]
    gate: tuple[str, ...] = ()

    @property
    def parameters(self) -> list[str]:
        return [one or other for one, other in CONVERTER.findall(self.pattern)]

    def url(self, values: dict) -> str:
        """填上参数后的地址。"""
        path = CONVERTER.sub(lambda found: str(values[found[1] or found[2]]), self.pattern)
        return "/" + path.replace("^", "").replace("$", "").replace("\\.", ".").replace("\\", "")


def all_routes() -> list[Route]:
    """URL 表里的每一条。"""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns, prefix: str, namespace: str) -> Iterator[Route]:
    for one in patterns:
        pattern = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one.url_patterns, pattern, inner)
        elif isinstance(one, URLPattern):
            name = f"{namespace}{one.name}" if one.name else pattern
            yield Route(name, pattern, _methods(one.callback), getattr(one.callback, "roles", ()))


def _methods(view) -> tuple[str, ...]:
    """页面都试 GET 与 POST；接口试它接受的，以及 GET 与 POST。"""
    accepted = set(getattr(view, "actions", None) or ())
    cls = getattr(view, "cls", None)
    if cls is not None and not accepted:
        accepted = {name for name in API_METHODS if hasattr(cls, name)}
    return tuple(name.upper() for name in API_METHODS if name in accepted | {"get", "post"})


# ── 每条路由用哪个对象 ──
Chooser = Callable[[Side], dict]


def pk(choose: Callable[[Side], object]) -> Chooser:
    """取对象的主键。"""
    return lambda side: {"pk": getattr(found := choose(side), "pk", found)}


def _case(choose: Callable[[Side], object], **more) -> Chooser:
    """件页的地址：次会代号与编号。"""
    def values(side: Side) -> dict:
        case = choose(side).suggestion
        return {"code": case.session.code, "number": f"{case.number or NOWHERE:04d}", **more}

    return values


def _delivery_contact(side: Side):
    return side.written.activity.deputies.get()


OBJECTS: dict[str, Chooser] = {}


def _use(chooser: Chooser, *names: str) -> None:
    OBJECTS.update(dict.fromkeys(names, chooser))


# 提出
_use(pk(lambda s: s.drafted), *(f"suggestions:my_{name}" for name in (
    "edit", "cosigners", "ask", "check", "discard",
)))
_use(pk(lambda s: s.cosigning), "suggestions:my_take_back")
_use(pk(lambda s: s.submitted), "suggestions:my_done", "suggestions:entered", "suggestions:edit",
     "suggestions:review_one")
_use(lambda s: {"pk": s.cosigning.pk, "row": s.cosign_row.pk},
     "suggestions:my_cosigner_remove", "suggestions:my_cosigner_remind")
_use(pk(lambda s: s.cosign_row), "suggestions:cosign")
_use(lambda s: {"token": s.cosign_token}, "suggestions:cosign_link")
_use(pk(lambda s: s.declined), "suggestions:review_undo")
_use(pk(lambda s: s.registered), "suggestions:similar", "suggestions:merge", "suggestions:group_with",
     "suggestions:withdraw", "handlers:board_act", "handlers:board_resume")
_use(pk(lambda s: s.drafted), "suggestions:withdraw#drafted")
_use(pk(lambda s: s.merged), "suggestions:unmerge")
_use(pk(lambda s: s.grouped), "suggestions:ungroup")
_use(lambda s: {"pk": s.registered.pk, "other": s.grouped.pk}, "suggestions:not_similar")
_use(pk(lambda s: s.grouped.suggestion.group), "suggestions:group")
_use(lambda s: {"pk": s.submitted.pk, "purpose": "material"}, "suggestions:attach")
for _purpose in PURPOSES:
    _use(lambda s, purpose=_purpose: {"pk": s.files[purpose]},
         f"suggestions:attachment#{_purpose}", f"suggestions:attachment_remove#{_purpose}")

_use(pk(lambda s: s.previewed), *(f"suggestions:import_{name}" for name in (
    "columns", "check", "adopt", "options", "discard", "start", "annotated",
)))
_use(pk(lambda s: s.imported), *(f"suggestions:import_{name}" for name in ("run", "resume", "stop", "undo")))

# 交办、签收、退回、延期
_use(pk(lambda s: s.assigned), "handlers:unassign")
_use(pk(lambda s: s.meeting), *(f"handlers:meeting{name}" for name in (
    "", "_edit", "_announce", "_hand_over", "_print",
)))
_use(lambda s: {"pk": s.meeting.pk, "unit_pk": s.unit.unit.pk}, "handlers:meeting_print_unit")
_use(pk(lambda s: s.objected.proposal), "handlers:objection")
_use(pk(lambda s: s.proposed.proposal), "handlers:proposal")
_use(pk(lambda s: s.return_row), "handlers:return_decision", "handlers:return_done")
_use(pk(lambda s: s.extension_row), "handlers:extension_decision", "handlers:extension_done")
_use(pk(lambda s: s.assigned.assignment), "handlers:return_request", "handlers:late_return")
_use(pk(lambda s: s.accepted.assignment), "handlers:extension_request", "handlers:allot")
_use(lambda s: {"kind": "assignment", "pk": s.written.assignment.dues.first().pk}, "handlers:due")
_use(lambda s: {"kind": "suggestion", "pk": s.submitted.suggestion.dues.first().pk}, "handlers:due#submitted")

# 办理
_use(pk(lambda s: s.written.assignment), "handlers:activity_new", "handlers:opinions", "handlers:reply_edit")
_use(pk(lambda s: (s.opining.helper if s.assist else s.opining.assignment)), *(f"handlers:opinion{name}" for name in (
    "", "_send", "_urge",
)))
_use(pk(lambda s: s.opined.opinion if s.assist else NOWHERE), "handlers:opinion_adopt", "handlers:opinion_again")
_use(pk(lambda s: s.written.activity), "handlers:activity", "handlers:activity_edit")
_use(pk(lambda s: s.written.reply), "handlers:reply_submit", "handlers:reply#written", "handlers:reply_print#written")
_use(lambda s: {"pk": s.written.reply.pk, "number": 1}, "handlers:reply_version#written")
_use(lambda s: {"pk": s.delivered.reply.pk, "number": 1}, "handlers:reply_version#delivered")
_use(pk(lambda s: s.checking.reply), "handlers:reply_approve")
_use(pk(lambda s: s.signed.reply), "handlers:reply_void", "handlers:deliver", "handlers:reply_sealed",
     "handlers:reply#signed")
_use(pk(lambda s: s.delivered.reply), "handlers:reply", "handlers:reply_delivered", "handlers:reply_print",
     "handlers:publish", "deputy:reply")
_use(pk(lambda s: s.published.reply), "handlers:take_down")

# 机制库与办理单
_use(pk(lambda s: s.written.assignment), *(f"handlers:{name}" for name in (
    "sheet", "sheet_edit", "disagreement", "leader_letter",
)))
_use(lambda s: {"pk": s.written.assignment.pk, "code": "CZ-24"}, "handlers:waiver")
_use(pk(lambda s: s.waiver), "handlers:waiver_decide")
_use(lambda s: {"code": "JT-08"}, "handlers:mechanism", "handlers:adopt")
_use(pk(lambda s: s.trip), "handlers:trip")

# 服务代表与制度库
_use(pk(lambda s: s.service), "handlers:service")
_use(pk(lambda s: s.unit.division), "handlers:room_liaison")
_use(pk(lambda s: s.room_liaison), "handlers:post_end")
_use(pk(lambda s: s.counterpart), "handlers:counterpart", "handlers:counterpart_replace")
_use(pk(lambda s: s.lead), "handlers:thread", "handlers:served_deputy")
_use(pk(lambda s: s.article), "handlers:article")
_use(pk(lambda s: s.regulation), "handlers:regulation", "handlers:regulation_revise")
_use(pk(lambda s: s.unit.unit), "deputy:thread")
_use(pk(lambda s: s.invited), "deputy:invitation")

# 现场办理、主题活动、市州局协助、困难、督查
_use(lambda s: {"pk": s.plan.pk}, "handlers:field_plan", "handlers:field_plan_edit")
_use(pk(lambda s: s.tag), "handlers:tag")
_use(pk(lambda s: s.written.assignment), "handlers:bureaus", "supervision:difficulty_new")
_use(pk(lambda s: s.bureau), "handlers:bureau_receipt")
_use(pk(lambda s: s.difficulty), "supervision:difficulty_coordinate", "supervision:difficulty_settle")
_use(pk(lambda s: s.check), "supervision:check")
_use(pk(lambda s: s.check.cases.order_by("pk").first()), "supervision:check_result")

# 分类办理
for _name in ("plan", "plan_edit"):
    for _kind, _stage in (("solution", "solved"), ("investigation", "blamed"), ("rectification", "rectified")):
        _use(lambda s, kind=_kind, stage=_stage: {"pk": getattr(s, stage).assignment.pk, "kind": kind},
             f"handlers:{_name}#{_kind}")
_use(lambda s: {"pk": s.blamed.assignment.pk, "kind": "investigation"}, "handlers:plan_finish")
_use(pk(lambda s: s.solved.assignment), *(f"handlers:{name}" for name in (
    "plan_consent", "plan_progress", "feasibility", "consult", "likeness", "partner_card",
)))
_use(pk(lambda s: s.inquiry_step), "handlers:step_receipt")
_use(pk(lambda s: s.to_hold), "handlers:step_report", "supervision:accountability_new")
_use(pk(lambda s: s.reported), "handlers:step_verify")
_use(pk(lambda s: s.held), "supervision:accountability_show")
_use(pk(lambda s: s.expert), "handlers:expert_edit")
_use(pk(lambda s: s.outcome), "handlers:outcome_edit")

# 处室考核
_use(pk(lambda s: s.scheme), *(f"supervision:scheme{name}" for name in ("", "_edit", "_compute", "_publish")),
     "supervision:score_mark_new")
_use(pk(lambda s: s.mark), "supervision:score_mark_withdraw")
_use(pk(lambda s: s.sheet), "supervision:score_sheet", "supervision:score_confirm", "supervision:score_lock")
_use(pk(lambda s: s.sheet.items.first()), "supervision:score_correct")

# 评价与再办理
_use(pk(lambda s: s.delivered.delivery), "handlers:evaluation_urge", "handlers:proxy", "handlers:evaluation_slip")
_use(pk(lambda s: s.rated.first_delivery), "handlers:proxy_done")
_use(pk(lambda s: s.delivered.reply), "handlers:evaluation_links")
_use(pk(lambda s: s.concluded.assignment), "handlers:again")
_use(pk(lambda s: s.rated.assignment), "handlers:again_done")
_use(pk(lambda s: s.escalated), "handlers:escalation", "handlers:escalation_done")
_use(_case(lambda s: s.published), "public:reply")
_use(_case(lambda s: s.delivered), "public:reply#unpublished")

# 代表自己的页
_use(pk(lambda s: s.delivered), "deputy:case")
_use(pk(lambda s: s.written), "deputy:case#written")
_use(pk(_delivery_contact), "deputy:deny", "deputy:take_back_denial")
_use(pk(lambda s: s.delivered.delivery), "deputy:rate")
_use(pk(lambda s: s.rated.first_delivery), "deputy:receipt")
_use(lambda s: {"token": s.rate_token}, "deputy:link")

# 件页与督办
_use(pk(lambda s: s.rated), "supervision:case_reminders")
for _stage in ("drafted", "cosigning", "submitted", "declined"):
    _use(pk(lambda s, stage=_stage: getattr(s, stage)), f"supervision:case_by_id#{_stage}")
for _stage in ("registered", "written", "concluded"):
    _use(_case(lambda s, stage=_stage: getattr(s, stage)), f"supervision:case#{_stage}")
for _tab in ("overview", "text", "handling", "contacts", "replies", "evaluations", "ledger", "events"):
    _use(_case(lambda s: s.rated, tab=_tab), f"supervision:case_tab#{_tab}")
_use(pk(lambda s: s.delivered.entry), "supervision:ledger_entry", "supervision:ledger_apply",
     "supervision:ledger_progress")
_use(pk(lambda s: s.applied.entry), "supervision:ledger_decide")
_use(pk(lambda s: s.concluded.entry), "supervision:ledger_reopen")

# 公共部分
_use(pk(lambda s: s.token), "accounts:token_revoke")
_use(pk(lambda s: s.unit.liaison.sessions.last()), "accounts:session_end")
_use(pk(lambda s: s.draft), "web:draft_drop")
_use(pk(lambda s: s.notice), "notices:read", "notices:done")
_use(lambda s: {"kind": "singles", "pk": NOWHERE}, "notices:retry")
_use(lambda s: {"year": 2026}, "workdays:year", "workdays:cover")
_use(lambda s: {"day": "2026-10-01"}, "workdays:day")
_use(pk(lambda s: NOWHERE), "workdays:change")


# 接口
for _stage, _names in {
    "drafted": "detail#drafted ask-cosigners submit", "cosigning": "detail#cosigning take-back cosign",
    "submitted": "detail#submitted register return decline attachments",
    "registered": "detail merge propose assign withdraw", "merged": "unmerge", "assigned": "unassign",
    "rated": "timeline", "written": "timeline#written",
}.items():
    _use(pk(lambda s, stage=_stage: getattr(s, stage)), *(f"api:suggestion-{name}" for name in _names.split()))
_use(pk(lambda s: s.assigned.assignment), "api:assignment-detail", "api:assignment-accept",
     "api:assignment-return-requests")
_use(pk(lambda s: s.accepted.assignment), "api:assignment-extensions", "api:assignment-allot")
_use(pk(lambda s: s.written.assignment), "api:assignment-reply")
_use(pk(lambda s: s.opining.helper if s.assist else s.opining.assignment), "api:assignment-opinion",
     "api:assignment-urge-opinion")
_use(pk(lambda s: s.return_row), "api:returnrequest-detail", "api:returnrequest-decide")
_use(pk(lambda s: s.extension_row), "api:extension-detail", "api:extension-decide")
_use(pk(lambda s: s.written.activity), "api:activity-detail", "api:activity-correct")
_use(pk(lambda s: s.opining.opinion if s.assist else NOWHERE), "api:opinion-detail#draft", "api:opinion-send")
_use(pk(lambda s: s.opined.opinion if s.assist else NOWHERE), "api:opinion-detail", "api:opinion-ask-again",
     "api:opinion-adopt")
_use(pk(lambda s: s.written.reply), "api:reply-detail#written", "api:reply-submit")
_use(pk(lambda s: s.checking.reply), "api:reply-approve", "api:reply-send-back", "api:reply-delegate")
_use(pk(lambda s: s.signed.reply), "api:reply-deliver", "api:reply-void", "api:reply-detail#signed")
_use(pk(lambda s: s.delivered.reply), "api:reply-detail", "api:reply-publish", "api:reply-withhold")
_use(pk(lambda s: s.published.reply), "api:reply-take-down")
_use(pk(lambda s: s.rated.evaluation), "api:evaluation-detail")
_use(pk(lambda s: s.delivered.entry), "api:ledgerentry-detail", "api:ledgerentry-apply", "api:ledgerentry-progress")
_use(pk(lambda s: s.applied.entry), "api:ledgerentry-grant", "api:ledgerentry-refuse")
_use(pk(lambda s: s.concluded.entry), "api:ledgerentry-reopen")
_use(pk(lambda s: s.notice), "api:notice-detail", "api:notice-read", "api:notice-done")
_use(pk(lambda s: s.unit.unit), "api:unit-detail")
_use(pk(lambda s: s.lead), "api:deputy-detail")
_use(pk(lambda s: s.lead.delegation), "api:delegation-detail")
_use(pk(lambda s: s.world.session), "api:session-detail")
_use(pk(lambda s: Category.objects.first()), "api:category-detail")
_use(pk(lambda s: ResultClass.objects.first()), "api:resultclass-detail")
_use(lambda s: {"kind": "assignment", "pk": s.written.assignment.dues.first().pk}, "api:due")


# ── 后台：对象按模型取第一行 ──
ADMIN_OBJECT = re.compile(r"^admin/(\w+)/(\w+)/<path:object_id>/")


def admin_values(route: Route) -> dict | None:
    """后台的单个对象页；不是则 None。"""
    found = ADMIN_OBJECT.match(route.pattern)
    if not found:
        return None
    first = apps.get_model(found[1], found[2])._default_manager.order_by("pk").values_list("pk", flat=True).first()
    return {"object_id": first or NOWHERE}


FIXED = {
    "admin:app_list": {"app_label": "accounts"},
    "admin:view_on_site": {"content_type_id": 1, "object_id": 1},
    "admin/(?P<url>.*)$": {"url": "nowhere/"},
}


@dataclass(frozen=True)
class Row:
    """矩阵的一行：一条路由的一种对象。"""

    key: str
    route: Route

    def targets(self, scene: Scene) -> list[str]:
        """[甲组的地址、乙组的地址、不存在的地址]；没有对象的只有一个。"""
        if not self.route.parameters:
            return [self.route.url({})]
        shared = FIXED.get(self.route.name) or admin_values(self.route)
        if shared:
            return [self.route.url(shared)]
        choose = OBJECTS[self.key]
        mine, theirs = choose(scene.a), choose(scene.b)
        return [self.route.url(values) for values in (mine, theirs, _missing(mine))]


def _missing(values: dict) -> dict:
    """同样的参数，指到不存在的东西上。"""
    gone = {"token": "w" * 32, "number": "9999", "year": 1900, "day": "1900-01-01"}
    return {name: NOWHERE if isinstance(value, int) and name not in gone else gone.get(name, value)
            for name, value in values.items()}


def rows() -> list[Row]:
    """矩阵该有的全部行。"""
    found = []
    for route in all_routes():
        keys = [key for key in OBJECTS if key.partition("#")[0] == route.name] or [route.name]
        found += [Row(key, route) for key in keys]
    return sorted(found, key=lambda row: row.key)


def without_object() -> list[str]:
    """带参数却没有说明用哪个对象的路由。"""
    return [
        row.key for row in rows()
        if row.route.parameters and row.key not in OBJECTS and row.route.name not in FIXED
        and not ADMIN_OBJECT.match(row.route.pattern)
    ]
