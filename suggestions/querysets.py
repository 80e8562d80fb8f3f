"""向库里提的问题，读起来像一句话。"""
from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from lianluo.accounts import visibility
from lianluo.text import fold

#: 已离开代表之手、由办理机构经手的状态
FILED = (
    "submitted", "returned", "declined", "registered", "merged", "assigned", "handling", "replied", "rehandling",
    "escalated", "concluded", "withdrawn",
)
#: 已登记在册
ON_RECORD = ("registered", "merged", "assigned", "handling", "replied", "rehandling", "escalated", "concluded")
#: 在办
UNDER_WAY = ("assigned", "handling", "replied", "rehandling", "escalated")


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """此人看得到的件；各层各加一份范围。"""
        return visibility.visible(self, user)

    def of_session(self, session):
        return self.filter(session=session)

    def filed(self):
        return self.filter(status__in=FILED)

    def on_record(self):
        return self.filter(status__in=ON_RECORD)

    def awaiting_review(self):
        return self.filter(status="submitted")

    def awaiting_assignment(self):
        return self.filter(status="registered")

    def overdue(self, today: date):
        return self.filter(due_on__lt=today).exclude(status__in=("concluded", "withdrawn", "declined", "merged"))


class DeputyQuerySet(models.QuerySet):
    def named(self, name: str):
        """按姓名找，间隔号与全角写法不同视作同一人。"""
        return self.filter(name_folded=fold(name))

    def matching(self, words: str, *, private: bool = True):
        """姓名、拼音（全拼或首字母）、代表证号、电话尾号（至少四位）任一相符；后两样只给看得到它们的人找。"""
        words = words.strip()
        folded = fold(words)
        wanted = Q(name_folded__contains=folded)
        if folded.isascii() and folded.isalpha():
            wanted |= Q(initials__startswith=folded) | Q(pinyin__startswith=folded)
        if private:
            wanted |= Q(certificate_no__iexact=words)
        if private and words.isdecimal() and len(words) >= 4:
            wanted |= Q(phone__endswith=words)
        return self.filter(wanted)
