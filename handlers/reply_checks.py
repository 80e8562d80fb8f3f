"""送审前的检查：沟通、会办意见、逐条回应、类别、承诺与理由、公开、联系人、抄送、脱敏。

编辑页的检查栏、送审页与送审动作问的是同一个 :func:`checks`，按钮按下之前就看得到全部缺项。
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import cached_property

from lianluo.audit.models import AuditEvent
from lianluo.statemachine import Missing

from . import letters, privacy
from .letter_facts import Recipient, assistants, facts_of, recipients
from .mechanisms import gates
from .mechanisms.base import GUARDS, Door
from .mechanisms.facts import Case
from .models import Activity, Assignment, AssistOpinion, OpinionStatus, Publication, Reply

MET, MISSING, NOT_APPLICABLE = "met", "missing", "na"


@dataclass(frozen=True)
class Check:
    """一项检查：名称、结论、一句话、到哪里补。"""

    name: str
    state: str
    sentence: str
    url: str = ""
    code: str = ""

    @property
    def is_missing(self) -> bool:
        return self.state == MISSING


class Checker:
    """一份答复的检查。要用的东西各取一次，编辑页也用它成的文。"""

    def __init__(self, reply: Reply, today: date) -> None:
        self.reply, self.today = reply, today
        self.edit = reverse("handlers:reply_edit", args=[reply.assignment_id])

    @cached_property
    def helpers(self) -> list[Assignment]:
        return list(assistants(self.reply.assignment))

    @cached_property
    def people(self) -> list[Recipient]:
        return recipients(self.reply.assignment.suggestion)

    @cached_property
    def letter(self) -> letters.Letter:
        return letters.write(facts_of(self.reply), self.people)

    def checks(self) -> list[Check]:
        """全部检查，按页面顺序。"""
        reply, edit = self.reply, self.edit
        return [
            _contacts(reply), *_opinions(self), _assist_note(self), *_answers(reply, edit), _class(reply, edit),
            *_class_terms(reply, self.today, edit), _publication(reply, edit), _contact(reply, edit),
            _copies(reply, edit), *_privacy(self), *self.mechanisms(),
        ]

    def mechanisms(self) -> list[Check]:
        """单位用着的机制守在送审之前的：缺的逐条列出，都齐了说一句。"""
        case = Case(self.reply.assignment, self.today)
        case.reply = self.reply
        lacking = gates.missing(case, Door.SUBMIT)
        asked = [code for code, guard in GUARDS.items() if Door.SUBMIT in guard.doors and code in case.active]
        if asked and not lacking:
            return [Check("机制", MET, f"本单位的 {len(asked)} 条机制都已做到")]
        return [Check("机制", MISSING, one.sentence, one.url, one.code) for one in lacking]


def checks(reply: Reply, today: date) -> list[Check]:
    """送审前的全部检查。"""
    return Checker(reply, today).checks()


def missing(found: Iterable[Check]) -> list[Missing]:
    """缺项，交给领域错误列出。"""
    return [Missing(check.sentence, check.url, check.code) for check in found if check.is_missing]


def _contacts(reply: Reply) -> Check:
    """至少一次沟通；再办理的，上次答复之后至少一次。"""
    url = reverse("handlers:activity_new", args=[reply.assignment_id])
    made = Activity.objects.standing_for(reply.assignment_id)
    last = answered_before(reply) if reply.round > 1 else None
    if last:
        made = made.filter(happened_on__gte=last)
    count = made.count()
    if count:
        return Check("沟通", MET, f"已与代表沟通 {count} 次")
    return Check("沟通", MISSING, "上次答复后还没有与代表沟通" if last else "还没有与代表沟通", url)


def answered_before(reply: Reply) -> date | None:
    """上一轮答复送达的日子。"""
    earlier = Reply.objects.delivered().filter(assignment=reply.assignment_id, round__lt=reply.round)
    return earlier.order_by("-round").values_list("delivered_on", flat=True).first()


def _opinions(checker: Checker) -> list[Check]:
    """会办意见到齐并处理；逾期且催过的，说明理由后可以先答复，不无限期等。"""
    reply, helpers = checker.reply, checker.helpers
    if not helpers:
        return [Check("会办意见", NOT_APPLICABLE, "没有会办单位")]
    url = reverse("handlers:opinions", args=[reply.assignment_id])
    opinions = {row.assignment_id: row for row in AssistOpinion.objects.filter(assignment__in=helpers)}
    urged = urged_opinions([one.pk for one in helpers])
    return [_opinion(one, opinions.get(one.pk), one.pk in urged, reply, checker.today, url) for one in helpers]


def _opinion(helper, opinion, was_urged: bool, reply: Reply, today: date, url: str) -> Check:
    name = helper.unit_name
    if opinion is not None and opinion.status == OpinionStatus.ADOPTED:
        return Check("会办意见", MET, f"{name}：{opinion.get_adoption_display()}")
    if opinion is not None and opinion.status == OpinionStatus.SENT:
        return Check("会办意见", MISSING, f"选定{name}会办意见的采纳情况", url)
    if helper.due_on is None or helper.due_on >= today:
        due = f"（{helper.due_on} 到期）" if helper.due_on else ""
        return Check("会办意见", MISSING, f"等{name}送来会办意见{due}", url)
    if not was_urged:
        return Check("会办意见", MISSING, f"{name}的会办意见已逾期，先催办一次", url)
    if not reply.missing_opinions_reason:
        return Check("会办意见", MISSING, f"{name}的会办意见已逾期，填写未齐先答复的理由后可以先答复", url)
    return Check("会办意见", MET, f"{name}逾期未送，已注明理由先答复")


def urged_opinions(assignment_ids: list[int]) -> set[int]:
    """催办过的会办关系。"""
    events = AuditEvent.objects.filter(
        event="opinion.urged", target_type="handlers.assignment", target_id__in=assignment_ids
    )
    return set(events.values_list("target_id", flat=True))


def _assist_note(checker: Checker) -> Check:
    """答复中说明会办意见（上海第十七条、浙江第十八条）。"""
    if not checker.helpers:
        return Check("会办说明", NOT_APPLICABLE, "没有会办单位，不必说明")
    url = f"{checker.edit}#id_assist_note"
    return _filled("会办说明", checker.reply.assist_note, "填写会办意见采纳情况", url)


def _answers(reply: Reply, edit: str) -> list[Check]:
    """逐条回应（青岛第二十九条）。"""
    items = {item.request_id: item for item in reply.items.all()}
    asked = list(reply.assignment.suggestion.requests.order_by("position")) or [None]
    lacking = [
        Check("逐条回应", MISSING, sentence, f"{edit}#item-{row.pk if row else 0}")
        for row in asked if (sentence := _lacks(items.get(row.pk if row else None), row))
    ]
    return lacking or [Check("逐条回应", MET, f"{len(asked)} 条都已回应")]


def _lacks(item, request) -> str:
    which = f"第 {request.position} 条具体建议" if request else "所提建议"
    if item is None or not item.text.strip():
        return f"回应{which}"
    return "" if item.adoption else f"选定{which}的采纳情况"


def _class(reply: Reply, edit: str) -> Check:
    if reply.result_class_id is None:
        return Check("结果类别", MISSING, "选定办理结果类别", f"{edit}#id_result_class")
    return Check("结果类别", MET, str(reply.result_class))


def _class_terms(reply: Reply, today: date, edit: str) -> list[Check]:
    """须有承诺的列出承诺和期限，须说明理由的写明理由。"""
    chosen = reply.result_class
    if chosen is None:
        return []
    found = []
    if chosen.needs_promise:
        found.append(_promises(reply, today, f"{edit}#promises"))
    if chosen.needs_explanation:
        found.append(_filled("不能解决的原因", reply.explanation, "写明暂不能解决的原因", f"{edit}#id_explanation"))
    return found


def _promises(reply: Reply, today: date, url: str) -> Check:
    promises = list(reply.promises.all())
    if not promises:
        return Check("承诺事项", MISSING, f"{reply.result_class.code} 类答复列出承诺事项、完成时限和责任人", url)
    late = next((row for row in promises if row.due_on < today), None)
    if late:
        return Check("承诺事项", MISSING, f"承诺“{late.text[:20]}”的完成时限已过，改为以后的日期", url)
    return Check("承诺事项", MET, f"承诺 {len(promises)} 项")


def _publication(reply: Reply, edit: str) -> Check:
    """公开与答复同步审查（国办发〔2014〕46号）。"""
    if not reply.publication:
        return Check("公开", MISSING, "选定是否公开", f"{edit}#id_publication")
    if reply.publication == Publication.NONE and not reply.publication_reason:
        return Check("公开", MISSING, "填写不公开的理由", f"{edit}#id_publication_reason")
    if reply.publication == Publication.SUMMARY and not reply.summary.strip():
        return Check("公开", MISSING, "填写公开摘要", f"{edit}#id_summary")
    return Check("公开", MET, reply.get_publication_display())


def _contact(reply: Reply, edit: str) -> Check:
    if not reply.contact_name:
        return Check("联系人", MISSING, "填写联系人姓名", f"{edit}#id_contact_name")
    return _filled("联系人", reply.contact_phone, "填写联系电话", f"{edit}#id_contact_phone")


def _copies(reply: Reply, edit: str) -> Check:
    return _filled("抄送", "、".join(reply.copied_to), "填写抄送单位", f"{edit}#id_copied_to")


def _filled(name: str, text: str, sentence: str, url: str) -> Check:
    return Check(name, MET, "已填写") if text.strip() else Check(name, MISSING, sentence, url)


def _privacy(checker: Checker) -> list[Check]:
    """要公开的文字里不能有个人信息，在这里改最省事，签发后就改不了了。"""
    reply = checker.reply
    if not reply.publication:
        return [Check("脱敏", NOT_APPLICABLE, "选定是否公开以后检查")]
    if reply.publication not in (Publication.FULL, Publication.SUMMARY):
        return [Check("脱敏", NOT_APPLICABLE, "不公开，不检查")]
    text = letters.public_version(checker.letter, reply).text()
    sure = privacy.blocking(found_in(text, reply, checker.people))
    rows = [Check("脱敏", MISSING, one.sentence, checker.edit) for one in sure]
    return rows or [Check("脱敏", MET, "公开的文字里没有发现个人信息")]


def public_findings(reply: Reply, text: str) -> list[privacy.Finding]:
    """对照单位的联系电话和代表本人的信息检查一段文字。"""
    return found_in(text, reply, recipients(reply.assignment.suggestion))


def found_in(text: str, reply: Reply, people: Iterable[Recipient]) -> list[privacy.Finding]:
    deputies = [one.deputy for one in people]
    private = [
        value for one in deputies for value in (one.phone, one.certificate_no, one.address, one.email) if len(value) > 4
    ]
    return privacy.findings(text, allowed=(reply.contact_phone,), private=private)
