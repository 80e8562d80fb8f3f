"""单位自查：责任、督办、服务、考核四制各到哪一步（财政厅 CZ-02）。没有起用的机制只列数、不评灯。"""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from handlers import counterparts, responsibility, serving
from handlers.mechanisms import policies
from handlers.mechanisms.catalogue import CATALOGUE
from handlers.models import (
    Activity,
    ActivityCase,
    Allotment,
    AllotmentRole,
    Assignment,
    Duty,
    Matter,
    Post,
    Rank,
    Unit,
)
from handlers.upcoming import UNANSWERED
from lianluo.workdays.lights import Light

from ..models import DirectiveCase, DirectiveKind, LedgerEntry, LedgerKind, ScoreSheet, ScoreStatus
from ..querysets import OWED, of_light
from ..scoring import facts
from . import rates

GREEN, YELLOW, RED = Light("green", "达到"), Light("yellow", "还不够"), Light("red", "没有做到")
UNJUDGED = Light("grey", "没有起用，不评")
#: 党组会、厅务会一年至少研究几次（KJ-02“多次研究”）
MEETINGS_A_YEAR = 2
#: 从这个月起，一次也没有带队的亮红灯；此前亮黄灯提醒（CZ-06“每年”）
LAST_QUARTER = 10
#: 本系统本来就有的，不问借鉴没有
EVERYONE = ("CZ-10", "CZ-11")
LEADERS = (Duty.HEAD, Duty.DEPUTY_HEAD)


@dataclass(frozen=True)
class Figure:
    """一个数：哪条机制、多少、灯、一句话、点开去哪里；``rows`` 是逐人逐项的小账。"""

    code: str
    label: str
    value: str
    light: Light
    sentence: str
    url: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Panel:
    """四制之一。"""

    name: str
    figures: list[Figure]


# ── 责任 ──
def first_responsible(unit: Unit, today: date) -> Figure:
    """厅长是第一责任人：此刻恰好一名主要负责人（CZ-03）。"""
    heads = list(Post.objects.valid(today).filter(unit=unit, duty=Duty.HEAD).order_by("id"))
    names = "、".join(post.name for post in heads)
    said = f"第一责任人是{names}" if len(heads) == 1 else (
        f"有 {len(heads)} 名：{names}，只能有一名" if heads else "没有在任的主要负责人，请人大办事机构在任职里补上"
    )
    lamp = GREEN if len(heads) == 1 else RED
    return Figure("CZ-03", "第一责任人", f"{len(heads)} 人", lamp, said)


def leaders_on_site(unit: Unit, today: date) -> Figure:
    """厅领导每年带队现场办理至少一次：逐人数（CZ-06）。"""
    leaders = list(Post.objects.valid(today).filter(unit=unit, duty__in=LEADERS).order_by("-rank", "id"))
    counted = Counter(leader for leader, _ in (
        ActivityCase.objects.standing().face_to_face().filter(
            activity__unit=unit, activity__leader__in=leaders, activity__happened_on__year=today.year
        ).order_by("activity").values_list("activity__leader", "activity").distinct()
    ))
    idle = [post.name for post in leaders if not counted[post.pk]]
    lamp = GREEN if not idle else RED if today.month >= LAST_QUARTER else YELLOW
    said = f"{'、'.join(idle)}今年还没有带队现场办理" if idle else "每位厅领导今年都带队办理过"
    return Figure(
        "CZ-06", "厅领导带队", f"{len(leaders) - len(idle)}/{len(leaders)} 人", lamp, said,
        reverse("handlers:field_plans"), tuple((post.name, f"{counted[post.pk]} 次") for post in leaders),
    )


def unit_meetings(unit: Unit, today: date) -> Figure:
    """党组会、厅务会等一年至少研究两次；不足两次亮黄灯（KJ-02）。"""
    rows = Activity.objects.filter(unit=unit, matter=Matter.UNIT_MEETING, happened_on__year=today.year)
    number = rows.count()
    enough = number >= MEETINGS_A_YEAR
    said = f"今年研究过 {number} 次" if enough else f"今年研究过 {number} 次，至少要 {MEETINGS_A_YEAR} 次"
    lamp = GREEN if enough else YELLOW
    return Figure("KJ-02", "会议研究", f"{number} 次", lamp, said, reverse("handlers:unit_meetings"))


def division_heads(unit: Unit, today: date) -> Figure:
    """处长是主要责任人：有在办件的牵头处室都有在任的处长（CZ-04）。"""
    busy = dict(Allotment.objects.filter(
        assignment__unit=unit, assignment__status__in=UNANSWERED, role=AllotmentRole.LEAD
    ).values_list("division", "division__name"))
    heads = Post.objects.valid(today).filter(division__in=busy, duty=Duty.DIVISION_HEAD)
    headed = set(heads.filter(rank__gte=Rank.DIVISION).values_list("division", flat=True))
    lacking = [name for pk, name in busy.items() if pk not in headed]
    said = f"{'、'.join(lacking)}没有在任的处长" if lacking else "牵头的处室都有在任的处长"
    lamp = RED if lacking else GREEN
    return Figure(
        "CZ-04", "主要责任人", f"{len(busy) - len(lacking)}/{len(busy)} 个处室", lamp, said,
        reverse("handlers:responsibility"),
    )


def spread(unit: Unit, today: date) -> Figure:
    """责任细分到厅领导和处室：没有定领导、没有分派的件（KJ-10）。"""
    found = responsibility.matrix(unit)
    loose = sum(line.total for line in found.lines if line.pk == responsibility.NOBODY)
    said = f"{loose} 件还没有定责任领导" if loose else "每件都定了责任领导"
    return Figure(
        "KJ-10", "责任矩阵", f"{found.total - loose}/{found.total} 件", YELLOW if loose else GREEN, said,
        reverse("handlers:responsibility"),
    )


def room_liaisons(unit: Unit, today: date) -> Figure:
    """各处室恰好一名专门联络员（CZ-05）。"""
    rooms = serving.rooms(unit, today)
    vacant = [room.division.name for room in rooms if room.now is None]
    said = f"{'、'.join(vacant[:6])}{'等' if len(vacant) > 6 else ''}没有联络员" if vacant else "各处室都有专门联络员"
    return Figure(
        "CZ-05", "处室联络员", f"{len(rooms) - len(vacant)}/{len(rooms)} 个处室", YELLOW if vacant else GREEN, said,
        reverse("handlers:unit_people"),
    )


def own_drafts(unit: Unit, today: date) -> Figure:
    """凡有主办任务的处室，处长亲自撰稿答复二至三件：至少 min(2, 本处承办数)，准了例外的件不算（CZ-07）。"""
    rooms = [one for one in facts.gather_drafts(unit, today.year, today) if one.drafts_owed]
    short = [one.division.name for one in rooms if len(one.own_drafts) < one.drafts_owed]
    said = f"{'、'.join(short)}的处长撰稿还不够" if short else "各处处长撰稿都够了"
    lamp = GREEN if not short else RED if today.month >= LAST_QUARTER else YELLOW
    return Figure(
        "CZ-07", "处长撰稿", f"{len(rooms) - len(short)}/{len(rooms)} 个处室", lamp, said,
        reverse("supervision:schemes"),
        tuple((one.division.name, f"{len(one.own_drafts)}/{one.drafts_owed} 件") for one in rooms),
    )


# ── 督办 ──
def ledger(unit: Unit, today: date) -> Figure:
    """台账在账多少、逾期多少（CZ-10）。"""
    found = LedgerEntry.objects.filter(unit=unit).aggregate(
        owed=Count("pk", filter=OWED), red=Count("pk", filter=of_light("red", today))
    )
    said = f"在账 {found['owed']} 条，其中逾期 {found['red']} 条"
    page = reverse("supervision:ledger") + ("?light=red" if found["red"] else "?state=owed")
    return Figure("CZ-10", "督办台账", f"逾期 {found['red']} 条", RED if found["red"] else GREEN, said, page)


def struck_off(unit: Unit, today: date) -> Figure:
    """办结一件、销号一件：办结了的和销号了的承办条目（CZ-11）。"""
    rows = LedgerEntry.objects.filter(unit=unit, kind=LedgerKind.HANDLING, closed_on__isnull=True)
    found = rows.aggregate(
        signed=Count("pk", filter=Q(status="signed_off")), waiting=Count("pk", filter=Q(status="ready")),
        answered=Count("pk", filter=Q(status="open", assignment__status__in=("answered", "concluded"))),
    )
    said = f"已销号 {found['signed']} 条，等核准 {found['waiting']} 条，答复了还没有申请的 {found['answered']} 条"
    lamp = YELLOW if found["answered"] else GREEN
    page = reverse("supervision:ledger") + "?state=signed_off"
    return Figure("CZ-11", "销号", f"{found['signed']} 条", lamp, said, page)


def difficulties(unit: Unit, today: date) -> Figure:
    """困难：在账几个、超期几个（KJ-06）。"""
    rows = LedgerEntry.objects.filter(unit=unit, kind=LedgerKind.DIFFICULTY)
    found = rows.aggregate(owed=Count("pk", filter=OWED), red=Count("pk", filter=of_light("red", today)))
    said = f"没有解决的 {found['owed']} 个，其中超期 {found['red']} 个"
    page = reverse("supervision:ledger") + "?state=owed&kind=difficulty"
    return Figure("KJ-06", "困难", f"超期 {found['red']} 个", RED if found["red"] else GREEN, said, page)


def checks(unit: Unit, today: date) -> Figure:
    """今年的专项督查：列了几件、查了几件（CZ-12）。"""
    rows = DirectiveCase.objects.filter(
        directive__unit=unit, directive__kind=DirectiveKind.CHECK, directive__issued_on__year=today.year
    )
    found = rows.aggregate(total=Count("pk"), done=Count("pk", filter=~Q(result="")))
    left = found["total"] - found["done"]
    rest = f"{left} 件次还没有录入结果" if left else "都录了结果"
    said = f"列入 {found['total']} 件次，{rest}" if found["total"] else "今年还没有开过督查单"
    page = reverse("supervision:checks")
    lamp = YELLOW if left else GREEN
    return Figure("CZ-12", "专项督查", f"{found['done']}/{found['total']} 件次", lamp, said, page)


# ── 服务 ──
def coverage(unit: Unit, today: date) -> Figure:
    """每名代表恰好一个对口处室（CZ-14）。"""
    found = counterparts.coverage(unit, today)
    said = (
        f"{len(found.uncovered)} 名代表没有对口处室，{len(found.twice)} 名重了"
        if found.covered < found.total else "每名代表都有一个对口处室"
    )
    lamp = GREEN if found.covered == found.total else YELLOW
    return Figure(
        "CZ-14", "对口联系", f"{found.covered}/{found.total} 名", lamp, said, reverse("handlers:counterparts")
    )


def services(unit: Unit, today: date) -> Figure:
    """今年服务代表的各种活动几次（CZ-16 至 CZ-19）。"""
    found = serving.figures(unit, today.year)
    number = sum(one.times for one in found)
    said = "，".join(f"{one.matter.label} {one.times} 次" for one in found if one.times) or "今年还没有服务活动"
    lamp = GREEN if number else YELLOW
    return Figure("CZ-16", "服务活动", f"{number} 次", lamp, said, reverse("handlers:services"))


# ── 考核 ──
def appraisal(unit: Unit, today: date) -> Figure:
    """今年处室考核到哪一步：核算、公示、确认、锁定各几个处室（CZ-27）。"""
    rows = ScoreSheet.objects.filter(scheme__unit=unit, scheme__year=today.year)
    counted = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    said = "，".join(f"{label} {counted[code]} 个" for code, label in ScoreStatus.choices if code in counted)
    locked, whole = counted.get(ScoreStatus.LOCKED, 0), sum(counted.values())
    return Figure(
        "CZ-27", "处室考核", f"锁定 {locked}/{whole} 个处室", GREEN if whole else YELLOW, said or "今年还没有核算",
        reverse("supervision:schemes"),
    )


def meeting(unit: Unit, today: date) -> Figure:
    """首次答复前的见面率（JT-19）；没有到百分之百的亮黄灯。"""
    found = rates.facts_of_meeting(Assignment.objects.filter(unit=unit, assigned_on__year=today.year))
    share = rates.meeting_rate(found, today)
    late = rates.backfilled(found, today)
    said = f"{share.fraction} 件次见了面" + (f"，其中补录 {late} 件次" if late else "")
    lamp = GREEN if share.part == share.whole else YELLOW
    return Figure("JT-19", "见面率", share.percent, lamp, said, reverse("supervision:meeting_rates"))


PANELS = (
    ("责任", (
        first_responsible, leaders_on_site, own_drafts, division_heads, room_liaisons, spread, unit_meetings, meeting,
    )),
    ("督办", (ledger, struck_off, difficulties, checks)),
    ("服务", (coverage, services)),
    ("考核", (appraisal,)),
)


def four(unit: Unit, today: date) -> list[Panel]:
    """四制各一块；数照实列，灯只评起用了的。"""
    active = policies.active_codes(unit, today)
    return [Panel(name, [judged(one(unit, today), active) for one in figures]) for name, figures in PANELS]


def is_judged(code: str, active: dict) -> bool:
    """评不评：能开关的看开没开；记录类的看这个单位有没有借鉴过那一家，台账和销号人人都评。"""
    if CATALOGUE[code].is_switch:
        return code in active
    adopted = {one[:2] for one in active if one not in policies.DEFAULT}
    return code in EVERYONE or code[:2] in adopted


def judged(figure: Figure, active: dict) -> Figure:
    """没有起用的不评，数照列。"""
    return figure if is_judged(figure.code, active) else replace(figure, light=UNJUDGED)
