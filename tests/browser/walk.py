"""全程的每一步：谁、在哪一页、按什么。三条路（有脚本、不满意、无脚本）共用。"""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from handlers.models import Assignment, Reply
from lianluo.workdays import clock
from suggestions.models import CoSigner, Suggestion
from supervision.models import LedgerEntry

from .driver import DESK, PHONE, Person

TITLE = "关于加快城市污水管网更新换代的建议"


@dataclass
class Walk:
    """一件建议和它的七个以上的人。``script`` 为假时全程不用 JavaScript。"""

    person: object
    cast: object
    folder: Path
    script: bool = True
    people: dict = field(default_factory=dict)

    def who(self, name: str, account, size=DESK) -> Person:
        """同一个人一直用同一个浏览器会话。"""
        if name not in self.people:
            self.people[name] = self.person(account, size=size, script=self.script)
        return self.people[name]

    @property
    def case(self) -> Suggestion:
        return Suggestion.objects.select_related("session").get(title=TITLE)

    def assignment(self, unit) -> Assignment:
        return Assignment.objects.get(suggestion=self.case, unit=unit.unit)

    @property
    def reply(self) -> Reply:
        return Reply.objects.exclude(status="void").order_by("-round", "-pk").first()

    def paper(self, name: str) -> Path:
        path = self.folder / name
        path.write_text("佐证：现场照片和验收记录", encoding="utf-8")
        return path

    # ── 提出 ──
    def raise_it(self) -> None:
        """代表在手机上写，请一位代表联名，对方确认，再提交。"""
        deputy = self.who("deputy", self.cast.lead_deputy.account, PHONE)
        deputy.go("/my/").follow("写一件新建议")
        deputy.pick("kind", "suggestion").fill("标题", TITLE)
        deputy.fill("情况和问题", "部分老城区管网年久失修，雨季内涝，群众反映强烈。")
        deputy.set("requests_1", "将老旧管网改造纳入年度计划").set("requests_2", "明确资金来源和完成时限")
        deputy.pick("publish_wish", "full").press("邀请联名代表")
        deputy.fill("姓名、拼音首字母或代表团", "贺景").press("查找代表").press("添加")
        deputy.press("送联名代表确认")
        row = CoSigner.objects.get()
        mate = self.who("mate", self.cast.cosigner.account, PHONE)
        mate.go(f"/my/cosign/{row.pk}/").sees(TITLE, "将老旧管网改造纳入年度计划")
        mate.tick("同意联名").press("答复黄岳若代表")
        deputy.go(f"/my/{self.case.pk}/check/").sees(TITLE)
        deputy.page.check("input[name=one_matter]")
        deputy.press("提交")
        assert self.case.status == "submitted"

    def register(self) -> None:
        clerk = self.who("clerk", self.cast.clerk)
        clerk.go(f"/office/review/{self.case.pk}/").sees(TITLE)
        clerk.pick("decision", "register").press("定了，看下一件")
        assert self.case.shown_number == "闭0001"

    def assign(self) -> None:
        """主办省水利厅，会办省交通运输厅。"""
        clerk = self.who("clerk", self.cast.clerk)
        clerk.go(f"/office/board/?pk={self.case.pk}").sees(TITLE)
        clerk.choose_unit("lead", self.cast.water.unit).choose_units("assists", self.cast.transport.unit)
        clerk.press_exact("交办")
        assert self.case.status == "assigned", clerk.text

    # ── 承办 ──
    def accept(self) -> None:
        for unit in (self.cast.water, self.cast.transport):
            liaison = self.who(f"{unit.unit.code}-liaison", unit.liaison)
            liaison.go("/unit/").sees("要签收", TITLE).press("签收")
            self.allot(unit, liaison)

    def allot(self, unit, liaison: Person) -> None:
        one = self.assignment(unit)
        liaison.go(f"/unit/assignments/{one.pk}/allot/")
        liaison.select("lead_division", str(unit.division.pk)).select("officer", str(unit.posts["officer"].pk))
        liaison.select("responsible_leader", str(unit.posts["leader"].pk))
        liaison.fill("内部时限", (one.due_on - timedelta(days=10)).isoformat()).fill("任务要点", "逐条研究")
        liaison.press("分派处室")
        assert self.assignment(unit).status == "handling"

    def contact(self, stage: str = "before", kind: str = "visit") -> None:
        officer = self.who("officer", self.cast.water.officer)
        officer.go(f"/unit/assignments/{self.assignment(self.cast.water).pk}/contacts/new/")
        officer.fill("日期", clock.today().isoformat()).select("kind", kind).select("stage", stage)
        officer.pick("deputies", str(self.cast.lead_deputy.pk))
        officer.page.locator("textarea[name=content]").fill("当面听取代表意见，介绍改造计划。")
        officer.press("记下这次沟通")

    def opine(self) -> None:
        liaison = self.who("HN-JTT-liaison", self.cast.transport.liaison)
        liaison.go(f"/unit/assignments/{self.assignment(self.cast.transport).pk}/opinion/")
        liaison.page.locator("textarea[name=text]").fill("我厅将配合道路开挖审批，统筹施工时间。")
        liaison.set("document_number", "湘交函〔2026〕8号").set("signed_by", "副厅长").press("核对并送主办单位")
        liaison.press("送省水利厅")
        assert self.assignment(self.cast.transport).status == "answered"

    def draft(self) -> None:
        officer = self.who("officer", self.cast.water.officer)
        officer.go(f"/unit/assignments/{self.assignment(self.cast.water).pk}/reply/")
        officer.page.locator("input[name=result_class]").first.check()
        for box in officer.page.locator("textarea[name$='-text']").all():
            if box.is_visible():
                box.fill("已列入年度改造计划，年底前完成。")
        for name in officer.names("input[type=radio][name$='-adoption']"):
            officer.pick(name, "full")
        officer.page.locator("textarea[name=assist_note]").fill("已采纳省交通运输厅意见。")
        officer.pick("publication", "full").set("contact_name", "张三").set("contact_phone", "0731-82210001")
        officer.press("保存并核对送审").press("送审")
        assert self.reply.status == "checking", officer.text

    def approve(self) -> None:
        """处长、办公室、分管领导、厅长逐环审签；领导在手机上签。"""
        water = self.cast.water
        for name, account, size in (
            ("director", water.director, DESK), ("HN-SLT-liaison", water.liaison, DESK),
            ("leader", water.leader, PHONE), ("head", water.head, PHONE),
        ):
            signer = self.who(name, account, size)
            signer.go(f"/unit/replies/{self.reply.pk}/approve/").sees("年底前完成")
            signer.press("签发答复" if name == "head" else "同意，送下一环")
        assert self.reply.status == "signed", self.reply.status
        assert "〔" in self.reply.document_number

    def deliver(self) -> None:
        liaison = self.who("HN-SLT-liaison", self.cast.water.liaison)
        liaison.go(f"/unit/replies/{self.reply.pk}/deliver/")
        liaison.select("all_means", "post").fill("其余代表的送达日期", clock.today().isoformat())
        liaison.press("核对送达情况").press("登记送达")
        assert self.reply.status == "delivered"

    def publish(self) -> None:
        clerk = self.who("clerk", self.cast.clerk)
        clerk.go(f"/office/publishing/{self.reply.pk}/").pick("decision", "full")
        clerk.press("核对公开内容").press("公开这份答复")
        assert self.reply.published_at

    # ── 测评与销号 ──
    def rate(self, overall: str) -> None:
        """领衔代表一题一屏，三下选完，再核对提交。"""
        deputy = self.who("deputy", self.cast.lead_deputy.account, PHONE)
        row = self.reply.deliveries.get(is_lead=True)
        deputy.go(f"/my/rate/{row.pk}/")
        words = {"satisfied": "满意", "dissatisfied": "不满意"}
        deputy.press_exact("满意").press_exact(words[overall]).press_exact(words[overall])
        if overall == "dissatisfied":
            deputy.page.locator("textarea[name=opinion]").fill("第二条没有写明资金来源。")
            deputy.press("下一步：核对")
        deputy.press("提交，可以公开")

    def sign_off(self) -> None:
        """单位逐条申请，办公室另一个人核准。"""
        liaison = self.who("HN-SLT-liaison", self.cast.water.liaison)
        entry = LedgerEntry.objects.get(assignment=self.assignment(self.cast.water), kind="handling")
        liaison.go(f"/ledger/{entry.pk}/apply/")
        liaison.page.locator("textarea[name=statement]").fill("管网改造已列入计划，答复送达，代表满意。")
        liaison.upload("evidence", self.paper("佐证.txt")).press("申请销号")
        other = self.who("second_clerk", self.cast.second_clerk)
        for one in LedgerEntry.objects.filter(suggestion=self.case, status="ready"):
            other.go(f"/ledger/{one.pk}/decide/").press_exact("核准销号")
        assert self.case.status == "concluded"
        assert not LedgerEntry.objects.filter(suggestion=self.case).on_account().exists()
