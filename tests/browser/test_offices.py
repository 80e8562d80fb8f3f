"""四个厅各照自己的机制办一件，从签收到送达：至少两处走不过去，照页面说的做了才过去。"""
import pytest
from django.urls import reverse

from handlers.actions import adopting
from handlers.actions.assigning import assign_suggestion
from handlers.choosing import Choice
from handlers.models import ResultClass
from lianluo.workdays import clock
from tests.handlers import handling

from .driver import DESK, PHONE
from .walk import TITLE, Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class OfficeWalk(Walk):
    """省水利厅借鉴一个厅的整套机制，独办一件。"""

    def begin(self, office: str) -> None:
        today = clock.today()
        adopting.adopt_preset(self.cast.water.unit, office, valid_from=today, actor=None, today=today)
        case = handling.registered(self.cast, title=TITLE)
        assign_suggestion(case, choices=[Choice(self.cast.water.unit, "sole")], actor=self.cast.clerk, today=today)
        liaison = self.who("HN-SLT-liaison", self.cast.water.liaison)
        liaison.go("/unit/").sees("要签收", TITLE).press("签收")

    @property
    def mine(self):
        return self.assignment(self.cast.water)

    def page(self, name: str, *more) -> str:
        return reverse(f"handlers:{name}", args=[self.mine.pk, *more])

    def officer(self):
        return self.who("officer", self.cast.water.officer)

    def allot_it(self) -> None:
        self.allot(self.cast.water, self.who("HN-SLT-liaison", self.cast.water.liaison))

    def talk(self, person, *, kind: str = "visit", **more: str) -> None:
        """在打开的“记一次沟通”上填好、记下；``more`` 是收起来的各项。"""
        person.fill("日期", clock.today().isoformat()).select("kind", kind)
        person.page.locator("textarea[name=content]").fill("听取代表意见，介绍办理打算。")
        details = person.page.locator("details.disclosure").first
        if more and details.get_attribute("open") is None:
            details.locator("summary").click()
        for name, value in more.items():
            if person.page.locator(f"select[name={name}]").count():
                person.select(name, value)
            else:
                person.page.locator(f"[name={name}]").fill(value)
        person.press("记下这次沟通")

    def write(self, code: str = "A", explanation: str = "") -> None:
        """填好一稿，不管存不存得上。"""
        officer = self.officer()
        officer.go(self.page("reply_edit"))
        officer.pick("result_class", str(ResultClass.objects.get(code=code).pk))
        for box in officer.page.locator("textarea[name$='-text']").all():
            if box.is_visible():
                box.fill("已列入年度改造计划，年底前完成。")
        for name in officer.names("input[type=radio][name$='-adoption']"):
            officer.pick(name, "full")
        if explanation:
            officer.page.locator("textarea[name=explanation]").fill(explanation)
        officer.pick("publication", "full").set("contact_name", "张三").set("contact_phone", "0731-82210001")
        officer.press("保存并核对送审")

    def deliver(self) -> None:
        """只有领衔代表一人：填他那一行。"""
        liaison, row = self.who("HN-SLT-liaison", self.cast.water.liaison), self.reply.deliveries.get()
        liaison.go(f"/unit/replies/{self.reply.pk}/deliver/").select(f"means_{row.pk}", "post")
        liaison.set(f"delivered_on_{row.pk}", clock.today().isoformat())
        liaison.press("核对送达情况").press("登记送达")

    def agree(self, *names: str) -> None:
        """依次审签。"""
        water = self.cast.water
        people = {"director": water.director, "HN-SLT-liaison": water.liaison, "leader": water.leader,
                  "head": water.head}
        for name in names:
            signer = self.who(name, people[name], PHONE if name in ("leader", "head") else DESK)
            signer.go(f"/unit/replies/{self.reply.pk}/approve/")
            signer.press("签发答复" if name == "head" else "同意，送下一环")


def test_transport_the_letter_and_the_talks_come_first(person, cast, tmp_path):
    """交通厅：没有办前沟通不能起草，没有协商、领导批注不能送审，C 类没有厅长信不能签发，没有告知不能送达。"""
    walk = OfficeWalk(person, cast, tmp_path)
    walk.begin("JT")
    walk.allot_it()
    officer = walk.officer()
    walk.write()
    officer.sees("起草答复", "办理前期还没有与代表联系", "JT-08")
    officer.follow("办理前期还没有与代表联系")
    walk.talk(officer, intent="想知道钱从哪里来")
    walk.write("C", "资金来源尚未确定，明年再行研究。")
    officer.sees("承办处室主要负责人与代表沟通一次", "JT-05", "办理中与代表协商一次", "JT-10")
    director = walk.who("director", cast.water.director)
    director.go(walk.page("sheet")).sees("承办处室主要负责人", "想知道钱从哪里来")
    director.follow("办理中与代表协商一次")
    walk.talk(director, kind="talk", explained="省级没有这项资金", agreed_measures="先摸清底数", agreement="none")
    leader = walk.who("leader", cast.water.leader, PHONE)
    leader.go(walk.page("sheet")).follow("与代表没有达成一致")
    leader.page.locator("textarea[name=note]").fill("再报厅务会研究，如期答复")
    leader.press("存批注")
    officer.go(f"/unit/replies/{walk.reply.pk}/submit/").press("送审")
    assert walk.reply.status == "checking", officer.text
    walk.agree("director", "HN-SLT-liaison", "leader", "head")
    head = walk.who("head", cast.water.head, PHONE)
    head.sees("厅长还没有就这件写信给代表", "JT-03")
    liaison = walk.who("HN-SLT-liaison", cast.water.liaison)
    liaison.go(walk.page("leader_letter"))
    liaison.page.locator("textarea[name=text]").fill("黄岳若代表：\n您提的事我们研究过了，资金今年落实不了。")
    liaison.press("登记已送出").sees("厅长信〔")
    walk.agree("head")
    assert walk.reply.status == "signed"
    walk.deliver()
    liaison.sees("正式意见告知代表", "JT-11").follow("正式意见告知代表")
    walk.talk(liaison, kind="phone")
    walk.deliver()
    assert walk.reply.status == "delivered"


def test_finance_five_things_fixed_and_a_leaders_talk(person, cast, tmp_path):
    """财政厅：五定缺一样不能分派，处级以上领导没有直接沟通不能起草。"""
    walk = OfficeWalk(person, cast, tmp_path)
    walk.begin("CZ")
    liaison = walk.who("HN-SLT-liaison", cast.water.liaison)
    liaison.go(walk.page("allot"))
    liaison.select("lead_division", str(cast.water.division.pk)).select("officer", str(cast.water.posts["officer"].pk))
    liaison.select("responsible_leader", str(cast.water.posts["leader"].pk))
    late = walk.mine.due_on.replace(year=walk.mine.due_on.year + 1)
    liaison.fill("内部时限", late.isoformat()).fill("任务要点", "逐条研究").press("分派处室")
    liaison.sees("内部时限不能晚于到期日")
    walk.allot_it()
    officer = walk.officer()
    officer.go(walk.page("activity_new"))
    walk.talk(officer)
    walk.write()
    officer.sees("处级以上领导还没有与代表直接沟通", "CZ-08")
    director = walk.who("director", cast.water.director)
    director.go(walk.page("sheet")).follow("处级以上领导还没有与代表直接沟通")
    walk.talk(director, kind="phone")
    walk.write()
    officer.press("送审")
    walk.agree("director", "HN-SLT-liaison", "leader", "head")
    walk.deliver()
    assert walk.reply.status == "delivered"
