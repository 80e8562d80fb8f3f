"""提出一环的测试素材：经动作写出的草稿、录入件、已登记的件。"""
from __future__ import annotations

from datetime import date

from suggestions.actions import drafting, entering, registering
from suggestions.models import Suggestion
from tests.world import OPENED, World

IN_SESSION = OPENED
AFTER = date(2026, 3, 2)
TITLE = "关于加快病险水库除险加固的建议"
BODY = "全省还有一批水库带病运行，汛期风险很大，下游群众多次反映，资金和技术力量都跟不上，需要尽快研究解决。"
REQUESTS = ["三年内完成全部小型病险水库除险加固", "建立管护经费长效机制"]


def text(**changes) -> dict:
    return {"title": TITLE, "body": BODY, "requests": list(REQUESTS), "kind": "suggestion", **changes}


def draft(world: World, *, today: date = IN_SESSION, **changes) -> Suggestion:
    """领衔代表写的草稿。"""
    data = {"lead_deputy": world.lead_deputy, "publish_wish": "full", **text(**changes)}
    return drafting.save_draft(data, actor=world.lead_deputy.account, today=today)


def submitted(world: World, *, today: date = IN_SESSION, **changes) -> Suggestion:
    """代表自己提交的件。"""
    return drafting.submit_suggestion(
        draft(world, today=today, **changes), actor=world.lead_deputy.account, today=today
    )


def entered(world: World, *, today: date = IN_SESSION, actor=None, **changes) -> Suggestion:
    """工作人员录入的纸质件，已提交。"""
    data = {"session": world.session, "lead_deputy": world.lead_deputy, **text(**changes)}
    return entering.enter_suggestion(data, actor=actor or world.clerk, today=today)


def registered(world: World, *, today: date = IN_SESSION, number: int | None = None, **changes) -> Suggestion:
    """已登记的录入件。"""
    case = entered(world, today=today, **changes)
    return registering.register_suggestion(case, number=number, actor=world.clerk, today=today)


def cosigning(world: World, *deputies, today: date = IN_SESSION, **changes) -> Suggestion:
    """已送联名代表确认的草稿。"""
    case = draft(world, today=today, cosigners=list(deputies or [world.cosigner]), **changes)
    return drafting.open_cosigning(case, actor=world.lead_deputy.account, today=today)


def row_of(case: Suggestion, deputy):
    return case.cosigners.get(deputy=deputy)


def confirm(case: Suggestion, deputy, *, today: date = IN_SESSION):
    row = row_of(case, deputy)
    return drafting.confirm_cosign(row, text_hash=case.text_hash, actor=deputy.account, today=today)


