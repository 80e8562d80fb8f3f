"""办理层向库里提的问题。"""
from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from lianluo.accounts import visibility

ANSWERING = ("sole", "lead", "separate")
#: 单位里的本职；处室联络员、对口联系、领导小组可以兼
MAIN_DUTIES = ("head", "deputy_head", "liaison", "division_head", "officer")


class UnitQuerySet(models.QuerySet):
    def active(self, day: date):
        """当日有效的单位；撤并当天起失效。"""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))

    def named(self, name: str):
        """全称、简称、编码任一相符。"""
        name = name.strip()
        return self.filter(Q(name=name) | Q(short=name) | Q(code__iexact=name))


class PostQuerySet(models.QuerySet):
    def valid(self, day: date):
        """当日有效的任职；止日当天起失效，与授权同例。"""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))

    def of(self, account):
        return self.filter(account=account)

    def with_duty(self, *duties: str):
        return self.filter(duty__in=duties)

    def staff(self, day: date):
        """当日在本单位任职的人，一人一次：兼着的差事、市州局的协助人不列，兼处室联络员的只列本职。"""
        main = self.model.objects.valid(day).filter(
            account=models.OuterRef("account"), unit=models.OuterRef("unit"), duty__in=MAIN_DUTIES
        )
        liaison = Q(duty="room_liaison") & ~models.Exists(main)
        return self.valid(day).filter(Q(duty__in=MAIN_DUTIES) | liaison)


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)

    def live(self):
        """仍有效：未改办。"""
        return self.exclude(status="reassigned")

    def answering(self):
        """应答复代表的：独办、主办、分办。"""
        return self.filter(role__in=ANSWERING)

    def assisting(self):
        return self.filter(role="assist")

    def pending(self):
        return self.filter(status="pending")

    def unanswered(self):
        return self.filter(status__in=("pending", "accepted", "return_requested", "handling"))

    def overdue(self, today: date):
        """逾期：过了到期日还没有答复（派生，不入库）。"""
        return self.unanswered().filter(due_on__lt=today)

    def of_unit(self, unit):
        return self.filter(unit=unit)


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)

    def contacts(self):
        """与代表的沟通：内部会商、服务代表不算。"""
        return self.filter(matter__in=("contact", "consent"))

    def standing_for(self, assignment: int):
        """对这一件算数的沟通，见 ActivityCaseQuerySet.standing。"""
        from .models import ActivityCase

        return self.filter(pk__in=ActivityCase.objects.standing().filter(assignment=assignment).values("activity"))

    def of_assignment(self, pk: int):
        return self.filter(cases__assignment=pk)


class ActivityCaseQuerySet(models.QuerySet):
    """一次沟通落到一件上。"""

    def standing(self):
        """对这一件算数的沟通：有人说“未联系过我”的，这一件的代表里还有到场而没有这样说的才算。"""
        from suggestions.models import Suggestion

        from .models import ActivityDeputy

        own = Suggestion.objects.filter(
            Q(pk=models.OuterRef(models.OuterRef("assignment__suggestion")))
            | Q(merged_into=models.OuterRef(models.OuterRef("assignment__suggestion")))
        ).filter(Q(lead_deputy=models.OuterRef("deputy")) | Q(cosigners__deputy=models.OuterRef("deputy")))
        here = ActivityDeputy.objects.filter(activity=models.OuterRef("activity"))
        kept = here.filter(models.Exists(own), denied_at__isnull=True)
        return self.filter(activity__matter__in=("contact", "consent")).filter(
            ~models.Exists(here.filter(denied_at__isnull=False)) | models.Exists(kept)
        )

    def face_to_face(self):
        return self.filter(activity__face_to_face=True)


class PolicyQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)

    def in_effect(self, day: date):
        """到这一天已经起用（或停用）的。"""
        return self.filter(valid_from__lte=day)


class RegulationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)

    def in_force(self, day: date):
        """当日有效的制度；废止当天起失效。"""
        return self.filter(in_force_on__lte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)

    def current(self):
        return self.exclude(status="void")


class ReplyQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)

    def current(self):
        return self.exclude(status="void")

    def delivered(self):
        return self.filter(status="delivered")

    def published(self):
        """已公开：送达、经审定、未撤下。"""
        return self.filter(published_at__isnull=False, taken_down_at__isnull=True, status="delivered")


class DeliveryQuerySet(models.QuerySet):
    def reached(self):
        """送到了的。"""
        return self.filter(reply__status="delivered", delivered_on__isnull=False)

    def rateable(self):
        """现在可以评价的：送到了、没有填过、没有进入下一轮；领衔的还要件次没有办结。"""
        open_lead = Q(is_lead=False) | Q(reply__assignment__status="answered")
        return self.reached().filter(open_lead, evaluation__isnull=True, reply__round=F("reply__assignment__round"))

    def of_leads(self):
        return self.filter(is_lead=True)


class EvaluationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)

    def of_leads(self):
        """计入满意率的：领衔代表的。"""
        return self.filter(is_lead=True)

    def dissatisfied(self):
        return self.filter(overall="dissatisfied")

    def of_current_round(self):
        """承办关系现在这一轮的；进入下一轮后，旧的只作历史。"""
        return self.filter(round=F("reply__assignment__round"))
