"""服务代表的提醒：邀请会前三天还没有回执，代表留言过了期限没有回应。唯一键保证一件事一人一条，重跑不重复。"""
from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse

from lianluo.notices import posting

from . import audiences, serving
from .models import Activity, ActivityDeputy, DeputyMessage


@transaction.atomic
def write(today: date) -> int:
    """写下今天该有的提醒，返回新写条数。"""
    return _silent_invitations(today) + _owed_messages(today)


def _silent_invitations(today: date) -> int:
    """请代表回个话；同一次活动还有几名没有回执，告诉登记人和联络员。"""
    written, waiting = 0, {}
    for row in serving.unanswered(today).order_by("activity", "pk"):
        waiting.setdefault(row.activity, []).append(row)
    for activity, rows in waiting.items():
        written += sum(_ask(row) for row in rows)
        written += _tell_unit(activity, rows, today)
    return written


def _ask(row: ActivityDeputy) -> int:
    return posting.post(
        "invitation.reminded", about=f"invitation:{row.pk}", recipients=[row.deputy.account],
        congress=row.deputy.congress, url=reverse("deputy:invitation", args=[row.pk]),
        context={"activity": row.activity, "unit": row.activity.unit},
    )


def _tell_unit(activity: Activity, rows: list[ActivityDeputy], today: date) -> int:
    people = audiences.liaisons([activity.unit_id], today).get(activity.unit_id, [])
    return posting.post(
        "invitation.unanswered", about=f"service:{activity.pk}", recipients=[*people, activity.recorded_by],
        congress=activity.unit.congress, url=reverse("handlers:service", args=[activity.pk]),
        context={"activity": activity, "names": [row.deputy.name for row in rows], "count": len(rows)},
    )


def _owed_messages(today: date) -> int:
    """代表留言过了期限没有回应：每条一次，告诉联络员（CZ-21）。"""
    owed = DeputyMessage.objects.filter(from_deputy=True, answered_at__isnull=True, answer_by_on__lt=today)
    rows = list(owed.select_related("unit__congress", "deputy").order_by("pk"))
    people = audiences.liaisons({row.unit_id for row in rows}, today)
    return sum(
        posting.post(
            "message.unanswered", about=f"message:{row.pk}", recipients=people.get(row.unit_id, []),
            congress=row.unit.congress, urgent=True, url=reverse("handlers:thread", args=[row.deputy_id]),
            context={"message": row, "deputy": row.deputy, "days": (today - row.answer_by_on).days},
        )
        for row in rows
    )
