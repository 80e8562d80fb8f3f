"""提出这一层告诉谁什么。通知与动作同一事务写下，文字在 templates/notices/，操作人自己不收。"""
from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from lianluo.accounts.models import RoleGrant, User
from lianluo.accounts.roles import Role
from lianluo.audit import listen
from lianluo.audit.models import AuditEvent
from lianluo.notices.posting import post
from lianluo.notices.settling import settled_by
from lianluo.workdays import clock

from .actions.cosigning import issue_link
from .actions.registering import DISPOSITIONS
from .models import CoSigner, Suggestion

settled_by(
    "suggestion.registered", "suggestion.returned", "suggestion.declined", "suggestion.merged", "suggestion.withdrawn",
    kinds=("suggestion.submitted",), about=lambda suggestion: f"suggestion:{suggestion.pk}",
)
settled_by("suggestion.submitted", "suggestion.withdrawn",
           kinds=("suggestion.returned",), about=lambda suggestion: f"suggestion:{suggestion.pk}")
settled_by("cosigner.confirmed", "cosigner.refused",
           kinds=("cosigner.invited",), about=lambda row: f"cosigner:{row.pk}")


def holders(*codes: str) -> Iterable[User]:
    """此刻担任这些角色的人。"""
    granted = RoleGrant.objects.active(clock.today()).filter(role__in=codes).values("account")
    return User.objects.filter(is_active=True, pk__in=granted)


def signers(suggestion: Suggestion) -> list[User]:
    """领衔与联名代表的账号。"""
    joined = suggestion.cosigners.filter(refused_at__isnull=True).select_related("deputy__account")
    people = [suggestion.lead_deputy.account, *(row.deputy.account for row in joined)]
    return [person for person in people if person]


def own_url(suggestion: Suggestion) -> str:
    """代表看自己这一件的页面（在办理层，按地址名找；缺那一层时退回件页）。"""
    try:
        return reverse("deputy:case", args=[suggestion.pk])
    except NoReverseMatch:
        return suggestion.get_absolute_url()


def _tell_signers(event: AuditEvent, suggestion: Suggestion, **context) -> int:
    """告诉这件的领衔与联名代表。"""
    return _tell(event, suggestion, signers(suggestion), url=own_url(suggestion), **context)


def _tell(event: AuditEvent, suggestion: Suggestion, recipients: Iterable, *, rung: str = "", url: str = "", **context):
    """一件上的一条通知。同一事件可以多次发生的（退回、送确认），用留痕序号区分。"""
    return post(
        event.event, about=f"suggestion:{suggestion.pk}", recipients=recipients, rung=rung or str(event.seq),
        context={"case": suggestion, "reason": event.reason, **context}, actor=event.actor, case_id=suggestion.pk,
        congress=suggestion.congress, url=url or suggestion.get_absolute_url(),
    )


@listen("suggestion.submitted")
def tell_office(event: AuditEvent, suggestion: Suggestion) -> None:
    """代表自己提交的，告诉办事机构；工作人员录入的，队列里自会看到。"""
    if event.actor_id is None or suggestion.lead_deputy.account_id != event.actor_id:
        return
    _tell(event, suggestion, holders(Role.NPC_OFFICE), url=reverse("suggestions:review_one", args=[suggestion.pk]))
    joined = suggestion.cosigners.select_related("deputy__account")
    post(
        "cosigner.submitted", about=f"suggestion:{suggestion.pk}", rung=str(event.seq), actor=event.actor,
        recipients=[row.deputy.account for row in joined], context={"case": suggestion}, case_id=suggestion.pk,
        congress=suggestion.congress, url=own_url(suggestion),
    )


@listen("suggestion.returned")
def tell_returned(event: AuditEvent, suggestion: Suggestion) -> None:
    """退回修改：告诉领衔代表和录入人。"""
    lead = suggestion.lead_deputy.account
    own = lead is not None and suggestion.made_by_id == lead.pk
    url = reverse("suggestions:my_edit", args=[suggestion.pk]) if own else own_url(suggestion)
    _tell(event, suggestion, [lead], url=url)
    if suggestion.made_by and not own:
        _tell(event, suggestion, [suggestion.made_by], url=reverse("suggestions:edit", args=[suggestion.pk]))


@listen("suggestion.declined")
def tell_declined(event: AuditEvent, suggestion: Suggestion) -> None:
    """不作为建议须告知代表，说明理由与去向。"""
    _tell_signers(
        event, suggestion, ground=suggestion.get_decline_ground_display(),
        disposition=DISPOSITIONS[event.data["disposition"]],
    )


@listen("suggestion.review_reopened", "suggestion.return_recalled")
def tell_reviewed_again(event: AuditEvent, suggestion: Suggestion) -> None:
    """先前的决定收回了，代表也要知道。"""
    _tell_signers(event, suggestion)


@listen("suggestion.registered")
def tell_registered(event: AuditEvent, suggestion: Suggestion) -> None:
    """受理后通知代表（浙江第十条）。"""
    _tell_signers(event, suggestion)


@listen("suggestion.merged")
def tell_merged(event: AuditEvent, suggestion: Suggestion) -> None:
    """并案通知两边的代表。"""
    main = suggestion.merged_into
    _tell_signers(event, suggestion, main=main)
    _tell(event, suggestion, signers(main), url=own_url(main), main=main)


@listen("suggestion.unmerged")
def tell_unmerged(event: AuditEvent, suggestion: Suggestion) -> None:
    _tell_signers(event, suggestion)
    _tell(event, suggestion, holders(Role.NPC_OFFICE))


@listen("suggestion.withdrawn")
def tell_withdrawn(event: AuditEvent, suggestion: Suggestion) -> None:
    """撤回：告诉代表；提交过的还告诉办事机构。承办单位由办理层另行通知。"""
    _tell_signers(event, suggestion)
    _tell(event, suggestion, holders(Role.NPC_OFFICE) if suggestion.submitted_on else [])


@listen("suggestion.main_changed")
def tell_main_changed(event: AuditEvent, suggestion: Suggestion) -> None:
    """主件撤回，子件改换主件：告诉代表与办事机构。"""
    _tell_signers(event, suggestion, main=suggestion.main)
    _tell(event, suggestion, holders(Role.NPC_OFFICE), main=suggestion.main)


@listen("cosigner.invited")
def tell_invited(event: AuditEvent, row: CoSigner) -> None:
    """请联名代表确认：本人登录可以确认，也可以用邮件里的个人链接，不必登录。"""
    account = row.deputy.account
    if account is None:
        return
    link = settings.SITE_URL + reverse("suggestions:cosign_link", args=[issue_link(row)])
    post(
        event.event, about=f"cosigner:{row.pk}", rung=str(event.seq), recipients=[account], actor=event.actor,
        context={"case": row.suggestion, "lead": row.suggestion.lead_deputy, "link": link},
        case_id=row.suggestion_id, congress=row.suggestion.congress, urgent=True,
        url=reverse("suggestions:cosign", args=[row.pk]),
    )


@listen("cosigner.confirmed", "cosigner.refused")
def tell_lead(event: AuditEvent, row: CoSigner) -> None:
    """联名代表答复了，告诉领衔代表；全部确认的，提醒可以提交。"""
    suggestion = row.suggestion
    left = suggestion.cosigners.filter(confirmed_hash="", refused_at__isnull=True).count()
    post(
        event.event, about=f"cosigner:{row.pk}", rung=str(event.seq), recipients=[suggestion.lead_deputy.account],
        actor=event.actor, context={"case": suggestion, "deputy": row.deputy, "left": left, "reason": event.reason},
        case_id=suggestion.pk, congress=suggestion.congress,
        url=reverse("suggestions:my_cosigners", args=[suggestion.pk]),
    )
