"""测评：代表本人填或办公室凭纸质表代录；提交即为最终。不满意在同一事务里启动再办理，只启动一次。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from lianluo.accounts.roles import Role
from lianluo.audit import record
from lianluo.documents import counters
from lianluo.statemachine import DomainError, Forbidden, NotAllowed, Stale
from lianluo.workdays.models import RuleCode
from suggestions.locking import lock_case
from suggestions.models import Attachment, Deputy, Purpose

from .. import deadlines
from ..models import (
    Assignment,
    ContactMeans,
    Delivery,
    Dissatisfaction,
    Evaluation,
    OnPoint,
    Reply,
    ReplyStatus,
    Satisfaction,
)
from . import concluding, rehandling

#: 三问：字段 → 还没有选时说什么
QUESTIONS = {
    "attitude": "选择对办理态度是否满意", "outcome": "选择对办理结果是否满意", "overall": "选择总体评价",
}


@transaction.atomic
def record_evaluation(
    delivery: Delivery, *, attitude: str, outcome: str, overall: str, opinion: str = "", reasons: Iterable[str] = (),
    contact_means: Iterable[str] = (), on_point: str = "", agrees_to_publish: bool | None = None,
    by_proxy: bool = False, scan: Attachment | None = None, signed_on: date | None = None, actor, today: date,
) -> Evaluation:
    """记下一份办理意见表。

    只有领衔代表的总体评价计入满意率并启动再办理；联名代表的另列。
    不满意须写明意见（上海条例第二十一条）；代录须有纸质扫描件并记代录人。
    """
    delivery = locked(delivery)
    refuse_if_closed(delivery)
    answers = {"attitude": attitude, "outcome": outcome, "overall": overall}
    _refuse_unknown(answers, reasons, contact_means, on_point)
    _refuse_without_reason(overall, opinion, reasons)
    _refuse_wrong_hand(delivery, actor, by_proxy)
    if by_proxy:
        _refuse_without_scan(delivery, scan)
    signed_on = _checked_day(delivery, signed_on, today)
    evaluation = Evaluation.objects.create(
        delivery=delivery, reply=delivery.reply, deputy=delivery.deputy, is_lead=delivery.is_lead,
        round=delivery.reply.round, **answers, opinion=opinion.strip(), reasons=list(reasons),
        contact_means=list(contact_means), on_point=on_point, agrees_to_publish=agrees_to_publish, by_proxy=by_proxy,
        proxy=actor if by_proxy else None, scan=scan, signed_on=signed_on, receipt_number=_receipt_number(today),
    )
    record(
        "evaluation.submitted", actor=actor, target=evaluation, reason=evaluation.opinion, **answers,
        deputy=delivery.deputy.name, by_proxy=by_proxy, lead=delivery.is_lead, round=evaluation.round,
    )
    if delivery.is_lead:
        _follow(evaluation, actor=actor, today=today)
    return evaluation


def locked(delivery: Delivery) -> Delivery:
    """锁住办理的件和代表所属的件（并案时不同，按内部号从小到大），取最新的一行。"""
    found = Delivery.objects.select_related(
        "reply__assignment__suggestion__session__profile", "reply__assignment__unit", "deputy__account", "suggestion"
    )
    pks = {delivery.suggestion_id, Delivery.objects.values_list("reply__assignment__suggestion").get(pk=delivery.pk)[0]}
    for pk in sorted(pks):
        lock_case(pk)
    return found.get(pk=delivery.pk)


def refuse_if_closed(delivery: Delivery) -> None:
    """送达之后、尚未提交、没有进入下一轮的才能填。"""
    first = Evaluation.objects.filter(delivery=delivery).first()
    if first is not None:
        raise Stale(f"这份办理意见表已于 {first.signed_on} 提交，回执号 {first.receipt_number}，提交后不能再改")
    sentence = closed_because(delivery)
    if sentence:
        raise DomainError(sentence)


def closed_because(delivery: Delivery) -> str:
    """为什么现在不能填；能填则空串。"""
    reply = delivery.reply
    if reply.status != ReplyStatus.DELIVERED or delivery.delivered_on is None:
        return "答复送达后才能填办理意见表"
    if reply.assignment.round > reply.round:
        return f"这件已进入第 {reply.assignment.round} 轮办理，等新的答复送达后再评价"
    if delivery.is_lead and reply.assignment.status != "answered":
        return "这件已经办结，不再收办理意见表；有新的意见时拨打联系电话"
    return ""


def _refuse_unknown(answers: dict, reasons: Iterable[str], means: Iterable[str], on_point: str) -> None:
    """三问都要答，选的都在名单里；没有缺省。"""
    for name, sentence in QUESTIONS.items():
        if answers[name] not in Satisfaction.values:
            raise DomainError(sentence, field=name)
    if not set(reasons) <= set(Dissatisfaction.values):
        raise DomainError("从列出的里面选不满意的方面", field="reasons")
    if not set(means) <= set(ContactMeans.values):
        raise DomainError("从列出的里面选联系方式", field="contact_means")
    if on_point and on_point not in OnPoint.values:
        raise DomainError("选择答复是否针对所提问题", field="on_point")


def _refuse_without_reason(overall: str, opinion: str, reasons: Iterable[str]) -> None:
    """不满意须有具体意见；选了“其他”的要写出来。"""
    if overall != Satisfaction.DISSATISFIED or opinion.strip():
        return
    if not set(reasons) - {Dissatisfaction.OTHER}:
        raise DomainError("填写不满意的具体意见，单位要据此再办理", field="opinion")


def _refuse_wrong_hand(delivery: Delivery, actor, by_proxy: bool) -> None:
    """本人填的只能是本人；代录只能由办事机构凭纸质表（重庆条例第三十八条：不得影响代表评价）。"""
    if not by_proxy:
        if actor is not None and actor.pk != delivery.deputy.account_id:
            raise Forbidden("办理意见表由代表本人填写")
        return
    if actor is None or not actor.has_role(Role.NPC_OFFICE):
        raise Forbidden("纸质意见表由人大办事机构代录")


def _refuse_without_scan(delivery: Delivery, scan: Attachment | None) -> None:
    """代录须有代表签名的纸质表。"""
    if scan is None:
        raise DomainError("上传代表签名的纸质意见表扫描件", field="scan")
    cases = (delivery.suggestion_id, delivery.reply.assignment.suggestion_id)
    if scan.purpose != Purpose.EVALUATION or scan.suggestion_id not in cases:
        raise DomainError("上传的不是这一件的纸质意见表扫描件", field="scan")


def refuse_incomplete(delivery: Delivery, data: dict, scan: Attachment | None, today: date) -> None:
    """代录核对之前：意见、扫描件、签名日期齐不齐。"""
    _refuse_without_reason(data["overall"], data["opinion"], data["reasons"])
    _refuse_without_scan(delivery, scan)
    _checked_day(delivery, data["signed_on"], today)


def _checked_day(delivery: Delivery, signed_on: date | None, today: date) -> date:
    """签名日期在送达之后、今天以前；不写就是今天。"""
    if signed_on is None:
        return today
    if signed_on > today:
        raise DomainError("签名日期不能晚于今天", field="signed_on")
    if signed_on < delivery.delivered_on:
        raise DomainError(f"签名日期不能早于送达日期 {delivery.delivered_on}", field="signed_on")
    return signed_on


def _receipt_number(today: date) -> str:
    return f"PJ{today.year}{counters.take(f'evaluation:{today.year}'):05d}"


def _follow(evaluation: Evaluation, *, actor, today: date) -> None:
    """评价之后：不满意再办理或转协调评估；各领衔代表都不是不满意则承办关系办结。"""
    reply, assignment = evaluation.reply, evaluation.reply.assignment
    if evaluation.overall == Satisfaction.DISSATISFIED:
        deadlines.meet_due(assignment, RuleCode.FEEDBACK, evaluation.signed_on, round=evaluation.round)
        rehandling.answer_dissatisfaction(evaluation, actor=actor, today=today)
    elif not awaiting_leads(reply) and not displeased_leads(reply):
        deadlines.meet_due(assignment, RuleCode.FEEDBACK, evaluation.signed_on, round=evaluation.round)
        concluding.conclude_assignment(assignment, actor=actor, today=today)


def awaiting_leads(reply: Reply) -> bool:
    """还有领衔代表（含并入各件的）没有填的。送不到的不等。"""
    return reply.deliveries.of_leads().filter(delivered_on__isnull=False, evaluation__isnull=True).exists()


def displeased_leads(reply: Reply) -> bool:
    """已有领衔代表对这份答复不满意：在等协调评估，别人满意也不办结。"""
    return reply.evaluations.of_leads().dissatisfied().exists()


@transaction.atomic
def urge_evaluation(delivery: Delivery, *, actor, today: date) -> Delivery:
    """催填一次；一天最多一次，催两次仍不反馈的不纳入满意率（重庆条例第二十九条）。"""
    delivery = locked(delivery)
    refuse_if_closed(delivery)
    if delivery.urged_on == today:
        raise NotAllowed(f"今天已经催过{delivery.deputy.name}代表一次")
    delivery.urged_times, delivery.urged_on = delivery.urged_times + 1, today
    delivery.save(update_fields=["urged_times", "urged_on"])
    record("evaluation.urged", actor=actor, target=delivery, times=delivery.urged_times, deputy=delivery.deputy.name)
    return delivery


@transaction.atomic
def close_unreturned(reply: Reply, *, actor, today: date) -> bool:
    """反馈期满、催过两次仍未反馈：承办关系办结，不计入满意率。返回是否办结。"""
    lock_case(reply.assignment.suggestion_id)
    found = Reply.objects.select_related("assignment__suggestion__session__profile", "assignment__unit")
    reply = found.get(pk=reply.pk)
    assignment = reply.assignment
    if assignment.status != "answered" or assignment.round != reply.round or displeased_leads(reply):
        return False
    period = assignment.dues.open().filter(rule_code=RuleCode.FEEDBACK, round=reply.round, due_on__lt=today)
    waiting = reply.deliveries.of_leads().filter(delivered_on__isnull=False, evaluation__isnull=True)
    if not period.exists() or waiting.filter(urged_times__lt=urges_needed(assignment)).exists():
        return False
    names = list(waiting.values_list("deputy__name", flat=True))
    deadlines.close_dues(assignment, "反馈期满未反馈", today, codes=[RuleCode.FEEDBACK])
    record("evaluation.unreturned", actor=actor, target=reply, deputies=names, round=reply.round)
    concluding.conclude_assignment(assignment, reason="反馈期满，催填后仍未反馈", actor=actor, today=today)
    return True


def urges_needed(assignment: Assignment) -> int:
    """催几次仍不反馈的不纳入满意率；取自规则组，默认 2（重庆条例第二十九条）。"""
    return int(assignment.suggestion.session.profile.setting("feedback_urges"))


@transaction.atomic
def report_pressure(evaluation: Evaluation, *, note: str, deputy: Deputy, actor, today: date) -> Evaluation:
    """代表反映有人干预评价：只告诉办事机构，不记在件的留痕里（重庆条例第三十八条）。"""
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if evaluation.deputy_id != deputy.pk:
        raise Forbidden("只能反映对自己评价的干预")
    if evaluation.pressure_note:
        raise Stale("已经反映过，办事机构会与您联系")
    if not note.strip():
        raise DomainError("写明什么人怎样要求的", field="note")
    evaluation.pressure_note = note.strip()
    evaluation.save(update_fields=["pressure_note"])
    record(
        "evaluation.pressure_reported", actor=actor, target=deputy, reason=evaluation.pressure_note,
        evaluation=evaluation.pk, receipt=evaluation.receipt_number,
    )
    return evaluation
