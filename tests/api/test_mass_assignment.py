"""A6 批量赋值：任何写操作，多交任何一列（状态、编号、到期、归属……）都被拒收并指出是哪一项，库里一行不动。"""
from __future__ import annotations

import pytest
from django.apps import apps
from django.core import serializers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.serializers import Serializer

from handlers.api import inputs as handling_inputs
from handlers.models import Assignment, Delivery, Reply
from lianluo import api
from lianluo.rest.inputs import CARRIED, Nothing, Strict
from lianluo.rest.resources import Writing
from suggestions.api import inputs as intake_inputs
from suggestions.models import Suggestion
from supervision.api import inputs as ledger_inputs
from supervision.models import LedgerEntry
from tests.handlers import cases, handling

from .conftest import refused

pytestmark = pytest.mark.once
#: 名单以外再添几样没有这一列的
EXTRA = ["is_superuser", "password", "score", "deadline", "owner", "assigned_by", "attachments", "pk", "__class__"]
FLOORS = ("suggestions", "handlers", "supervision")
MODELS = [model for name in FLOORS for model in apps.get_app_config(name).get_models()]
COLUMNS = sorted({field.name for model in MODELS for field in model._meta.concrete_fields} | {"created_at", *EXTRA})
VALUES = st.one_of(
    st.integers(0, 10**6), st.booleans(), st.none(), st.sampled_from(["concluded", "delivered", "2099-01-01", ""]),
    st.just([{"id": 1}]), st.just({"id": 1}),
)


def writable(input_class: type[Serializer]) -> set[str]:
    return set(input_class().fields) | CARRIED


@pytest.fixture
def stage(world):
    """各类对象各一：够资格的人对着它们办事。"""
    reply = handling.answered(world)
    pending = cases.assigned(world, number=50, today=handling.TODAY)[1][0]
    lead, helper = handling.lead_and_helper(world, title="关于桥梁的建议")
    opinion = handling.opined(helper, world.transport)
    submitted = cases.registered(world, 60)
    ledger = LedgerEntry.objects.get(assignment=reply.assignment, kind="handling")
    clerk, water, deputy = world.clerk, world.water.liaison, world.lead_deputy.account
    case, one = f"/suggestions/{submitted.pk}", f"/replies/{reply.pk}"
    own = f"/suggestions/{Suggestion.objects.get(pk=reply.assignment.suggestion_id).pk}"
    return [
        (clerk, "post", "/suggestions/", intake_inputs.NewIntake),
        (deputy, "post", "/suggestions/", intake_inputs.DraftInput),
        (clerk, "patch", f"{case}/", intake_inputs.IntakeChange),
        *((clerk, "post", f"{case}/{step}/", kind) for step, kind in {
            "register": intake_inputs.RegisterInput, "return": intake_inputs.NoteInput,
            "decline": intake_inputs.DeclineInput, "merge": intake_inputs.MergeInput,
            "withdraw": intake_inputs.WithdrawInput, "unmerge": intake_inputs.ReasonInput,
            "propose": handling_inputs.ProposeInput, "assign": handling_inputs.AssignInput,
            "unassign": handling_inputs.UnassignInput,
        }.items()),
        *((deputy, "post", f"{own}/{step}/", kind) for step, kind in {
            "submit": intake_inputs.SubmitInput, "withdraw": intake_inputs.WithdrawInput,
        }.items()),
        *((water, "post", f"/assignments/{pending.pk}/{step}/", kind) for step, kind in {
            "accept": Nothing, "allot": handling_inputs.AllotInput, "return-requests": handling_inputs.ReturnInput,
            "extensions": handling_inputs.ExtensionInput, "reply": handling_inputs.ReplyInput,
            "opinion": handling_inputs.OpinionInput,
        }.items()),
        (water, "post", "/activities/", handling_inputs.ActivityInput),
        (water, "post", f"/opinions/{opinion.pk}/adopt/", handling_inputs.AdoptionInput),
        (water, "post", f"/opinions/{opinion.pk}/ask-again/", handling_inputs.AskAgainInput),
        *((water, "post", f"{one}/{step}/", kind) for step, kind in {
            "submit": Nothing, "approve": handling_inputs.ApprovalInput, "send-back": handling_inputs.SendBackInput,
            "deliver": handling_inputs.DeliverInput, "void": handling_inputs.VoidInput,
            "delegate": handling_inputs.DelegateInput,
        }.items()),
        *((clerk, "post", f"{one}/{step}/", kind) for step, kind in {
            "publish": handling_inputs.PublishInput, "withhold": handling_inputs.WithholdInput,
            "take-down": handling_inputs.TakeDownInput,
        }.items()),
        (deputy, "post", "/evaluations/", handling_inputs.EvaluationInput),
        (clerk, "post", "/evaluations/", handling_inputs.ProxyEvaluationInput),
        *((clerk, "post", f"/ledger/{ledger.pk}/{step}/", kind) for step, kind in {
            "grant": ledger_inputs.GrantInput, "refuse": ledger_inputs.RefuseInput, "reopen": ledger_inputs.ReopenInput,
        }.items()),
        *((water, "post", f"/ledger/{ledger.pk}/{step}/", kind) for step, kind in {
            "apply": ledger_inputs.ApplyInput, "progress": ledger_inputs.ProgressInput,
        }.items()),
    ]


def dump() -> str:
    """库里与件有关的全部行。"""
    models = (Suggestion, Assignment, Reply, Delivery, LedgerEntry)
    return "".join(serializers.serialize("json", model.objects.order_by("pk")) for model in models)


@pytest.fixture
def before(stage) -> str:
    """布好景时的样子。"""
    return dump()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_column_outside_the_list_is_ever_taken(stage, before, call, data):
    account, method, path, takes = data.draw(st.sampled_from(stage))
    names = data.draw(st.lists(st.sampled_from([one for one in COLUMNS if one not in writable(takes)]), min_size=1,
                               max_size=8))
    sent = {name: data.draw(VALUES) for name in names}
    body = refused(getattr(call(account), method)(path, sent), 400)
    assert set(sent) <= set(body["errors"]) and all("没有可填写的" in body["errors"][name][0] for name in sent)
    assert dump() == before


def test_without_the_rule_a_column_would_be_swallowed_silently(stage, call, monkeypatch):
    """反证：去掉“没有列出的一律拒收”，多交的列就不再被指出。"""
    monkeypatch.setattr(Strict, "_writable_names", lambda self: set(COLUMNS) | set(self.fields))
    account, method, path, _ = next(row for row in stage if row[2].endswith("/accept/"))
    assert getattr(call(account), method)(path, {"status": "concluded"}).status_code == 200


def test_every_input_of_every_endpoint_is_strict():
    """新添的写操作也守这条规矩：收的内容都是 Strict。"""
    found = {view.input_class for view in _views()}
    for view in _views():
        steps = view.get_extra_actions() if hasattr(view, "get_extra_actions") else []
        found |= {step.kwargs["input_class"] for step in steps}
    for module in (intake_inputs, handling_inputs, ledger_inputs):
        found |= {one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Serializer)}
    assert len(found) > 40 and [one for one in found if not issubclass(one, Strict)] == []


def _views() -> set[type[Writing]]:
    """接口里全部会写的视图。"""
    views = {getattr(pattern.callback, "cls", None) for pattern in api.v1}
    return {view for view in views if view is not None and issubclass(view, Writing)}


def test_readers_of_many_columns_list_them_one_by_one():
    """序列化器逐项列出，不用“全部字段”（ASVS 15.3.1）。"""
    for pattern in api.v1:
        view = getattr(pattern.callback, "cls", None)
        for name in ("row_class", "output_class"):
            meta = getattr(getattr(view, name, None), "Meta", None)
            assert meta is None or (isinstance(meta.fields, list) and "__all__" not in meta.fields)
