"""送审、审签、签发、作废。编辑止于送审；退回后重新送审另起一组，旧意见留作历史、不再算数。"""
from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import BigIntegerField, Max

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, Incomplete, NotAllowed, Stale, move, require
from lianluo.statements import Blank, Statement
from lianluo.workdays import clock
from suggestions.locking import lock_case

from .. import approvals, document_numbers, letters, lifecycle, reply_checks
from ..approvals import Chain
from ..mechanisms import gates
from ..mechanisms.base import Door
from ..models import Approval, Post, Reply, ReplyItem, ReplyPromise, ReplyStatus, ReplyVersion
from .delivering import prepare_deliveries
from .drafting_reply import COLUMNS, keep_version

#: 一份答复连同它的件、单位、结果类别；审签的每一步都要取
BY_PK = Statement(lambda: Reply.objects.select_related(
    "assignment__suggestion__session__term", "assignment__suggestion__congress", "assignment__unit", "result_class"
).filter(pk=Blank("pk", BigIntegerField())).order_by())


def reply_under_lock(reply: Reply) -> Reply:
    """锁件，取最新的答复。"""
    lock_case(reply.assignment.suggestion_id)
    return BY_PK.first(pk=reply.pk)


@transaction.atomic
def submit_reply(reply: Reply, *, actor, today: date) -> Reply:
    """送审：缺项齐了才走得动；开头结尾就此定稿，审签链按此刻的任职排好。"""
    reply = reply_under_lock(reply)
    require(reply, lifecycle.SUBMIT_REPLY)
    lacking = reply_checks.missing(reply_checks.checks(reply, today))
    if lacking:
        raise Incomplete("送审", lacking)

    _settle_wording(reply, actor)
    stages = Chain(reply, today).stages
    if not stages:
        raise DomainError("本单位没有可以审签的人：撰稿人以外，至少要有一位能登录的办公室、分管领导或主要负责人")
    attempt = (reply.approvals.aggregate(last=Max("attempt"))["last"] or 0) + 1
    Approval.objects.bulk_create(
        Approval(reply=reply, attempt=attempt, position=place, step=stage.step, version=reply.version)
        for place, stage in enumerate(stages, 1)
    )
    move(
        reply, lifecycle.SUBMIT_REPLY, actor=actor, fields={"submitted_at": clock.now()},
        attempt=attempt, version=reply.version, steps=[stage.step for stage in stages],
    )
    _pass_check_if_done(reply, None)
    return reply


def _settle_wording(reply: Reply, actor) -> None:
    """开头结尾写进列里，此后会办单位等变动不再改动信文；版本的字与此一致。"""
    letter = letters.compose(reply)
    if (reply.opening, reply.closing) != (letter.opening, letter.closing):
        reply.opening, reply.closing = letter.opening, letter.closing
        reply.save(update_fields=["opening", "closing", "changed_at"])
    if _latest_digest(reply) != letter.digest():
        keep_version(reply, actor)


def _latest_digest(reply: Reply) -> str:
    return reply.versions.values_list("digest", flat=True).first() or ""


@transaction.atomic
def approve_reply(reply: Reply, *, version: int, opinion: str = "", actor, today: date) -> Reply:
    """同意，转下一环；最后一环的同意就是签发。``version`` 是审签人看到的版次。"""
    reply = reply_under_lock(reply)
    chain = Chain(reply, today)
    step = _mine_to_decide(chain, version, actor)
    last = chain.is_last
    if last:
        _refuse_changed(reply, step)
        gates.check(reply.assignment, Door.SIGN, today)
    _decide(step, reply, True, opinion, actor)
    if last:
        return _sign(reply, opinion, actor, today)
    record(
        "reply.step_agreed", actor=actor, target=reply, reason=opinion.strip(), stage=step.get_step_display(),
        attempt=step.attempt, position=step.position,
    )
    _pass_check_if_done(reply, actor)
    return reply


@transaction.atomic
def sign_reply(reply: Reply, *, version: int, opinion: str = "", actor, today: date) -> Reply:
    """签发：审签链的最后一环。前面还有人没审的，不能越过。"""
    chain = Chain(reply, today)
    if chain.step is not None and not chain.is_last:
        raise NotAllowed(f"还没有到签发，现在是“{chain.step.get_step_display()}”")
    return approve_reply(reply, version=version, opinion=opinion, actor=actor, today=today)


@transaction.atomic
def send_back_reply(reply: Reply, *, version: int, opinion: str, actor, today: date) -> Reply:
    """退回修改：写明要改什么。这一组的意见就此作废，改好重新送审。"""
    reply = reply_under_lock(reply)
    step = _mine_to_decide(Chain(reply, today), version, actor)
    if not opinion.strip():
        raise DomainError("写明要修改什么", field="opinion")
    _decide(step, reply, False, opinion, actor)
    move(
        reply, lifecycle.SEND_BACK, actor=actor, reason=opinion.strip(), stage=step.get_step_display(),
        attempt=step.attempt,
    )
    return reply


@transaction.atomic
def delegate_approval(reply: Reply, *, post: Post, note: str, actor, today: date) -> Reply:
    """转请本单位另一人代审，留痕；没有动过稿的人才能受托。"""
    reply = reply_under_lock(reply)
    chain = Chain(reply, today)
    step = _waiting(chain)
    if not chain.may_hand_over(actor):
        raise Forbidden("这一环不归此账号办理")
    if not chain.stand_ins().filter(pk=post.pk).exists():
        raise DomainError(f"不能转请{post.name}：选本单位有审签职责、没有动过稿的人", field="post")
    if not note.strip():
        raise DomainError("写明转请的原因", field="note")
    if Approval.objects.filter(pk=step.pk, agreed__isnull=True).update(delegate=post) != 1:
        raise Stale("这一环刚刚有人办过，刷新后再看")
    record("reply.approval_delegated", actor=actor, target=reply, reason=note.strip(), to=str(post),
           stage=step.get_step_display(), attempt=step.attempt, position=step.position, post=post.pk)
    return reply


def _waiting(chain: Chain) -> Approval:
    """等着审签的一环。"""
    if chain.step is None:
        raise NotAllowed(f"答复现在是“{chain.reply.get_status_display()}”，没有等着审签的环节")
    return chain.step


def _mine_to_decide(chain: Chain, version: int, actor) -> Approval:
    """现在轮到此人，且他看到的正是送审的那一版。"""
    step = _waiting(chain)
    if not chain.may_decide(actor):
        raise Forbidden(f"现在是“{step.get_step_display()}”，不归此账号办理")
    if step.version != version:
        raise Stale(f"打开的是第 {version} 版，送审的已是第 {step.version} 版，看过新版再审")
    return step


def _decide(step: Approval, reply: Reply, agreed: bool, opinion: str, actor) -> None:
    """写下意见；两人同时点，只有先到的算数。"""
    post = approvals.post_in(actor, reply.assignment.unit_id)
    name = f"{actor.name}（{post.title or post.get_duty_display()}）" if post else actor.name
    rows = Approval.objects.filter(pk=step.pk, agreed__isnull=True).update(
        agreed=agreed, opinion=opinion.strip(), decided_by=actor, decider_name=name, decided_at=clock.now()
    )
    if rows != 1:
        raise Stale("这一环刚刚有人办过，刷新后再看")


def _pass_check_if_done(reply: Reply, actor) -> None:
    """核稿各环都过了，转入审核；没有核稿环节的由系统直接转。"""
    step = approvals.current(reply)
    if reply.status == ReplyStatus.CHECKING and step is not None and step.step not in approvals.CHECKING_STEPS:
        move(reply, lifecycle.PASS_CHECK, actor=actor, attempt=step.attempt, position=step.position)


def _refuse_changed(reply: Reply, step: Approval) -> None:
    """签发的信文须与审过的一字不差；有变动的，旧意见作废，重新送审。"""
    approved = ReplyVersion.objects.get(reply=reply, number=step.version)
    if letters.compose(reply).digest() != approved.digest:
        raise Stale("送审以后件上的信息有变动，信文与审过的一版不同，退回修改后重新送审")


def _sign(reply: Reply, opinion: str, actor, today: date) -> Reply:
    """签发：取文号、定日期、冻结全文，列出要送达的每一名代表。"""
    post = approvals.post_in(actor, reply.assignment.unit_id)
    reply.document_number = document_numbers.take_number(reply.assignment.unit, today.year)
    reply.signed_on = today
    letter = letters.compose(reply)
    signed = ReplyVersion.objects.create(
        reply=reply, number=reply.version + 1, text=letter.text(), digest=letter.digest(), saved_by=actor
    )
    fields = {
        "document_number": reply.document_number, "signed_on": today, "signed_by": actor,
        "signer_name": f"{actor.name}（{post.title or post.get_duty_display()}）" if post else actor.name,
        "content_hash": signed.digest, "version": signed.number,
    }
    prepare_deliveries(reply)
    move(reply, lifecycle.SIGN, actor=actor, reason=opinion.strip(), fields=fields,
         number=reply.document_number, digest=signed.digest)
    return reply


@transaction.atomic
def void_reply(reply: Reply, *, reason: str, actor, today: date) -> Reply:
    """签发后要改：作废原件（文号不再用），照原样另起一稿，重新送审签发。返回新稿。"""
    reply = reply_under_lock(reply)
    if not reason.strip():
        raise DomainError("写明作废的理由", field="reason")
    require(reply, lifecycle.VOID)
    sent = list(reply.deliveries.filter(delivered_on__isnull=False).values_list("deputy__name", flat=True))
    if sent:
        raise NotAllowed(f"已送达{'、'.join(sent)}，不能作废；送完其余代表后，以再次答复更正")
    move(reply, lifecycle.VOID, actor=actor, reason=reason.strip(), fields={"void_reason": reason.strip()},
         number=reply.document_number)
    return _copy(reply, actor)


def _copy(reply: Reply, actor) -> Reply:
    """同一轮另起一稿，内容照抄，文号、审签、送达从头来。"""
    fresh = Reply.objects.create(
        assignment=reply.assignment, round=reply.round, written_by=reply.written_by,
        **{name: getattr(reply, name) for name in COLUMNS},
    )
    ReplyItem.objects.bulk_create(
        ReplyItem(reply=fresh, request_id=row.request_id, adoption=row.adoption, text=row.text)
        for row in reply.items.all()
    )
    ReplyPromise.objects.bulk_create(
        ReplyPromise(reply=fresh, position=row.position, text=row.text, due_on=row.due_on, responsible=row.responsible)
        for row in reply.promises.all()
    )
    record("reply.drafted", actor=actor, target=fresh, round=fresh.round, replaces=reply.document_number)
    keep_version(fresh, actor)
    return fresh
