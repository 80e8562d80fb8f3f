"""演示里的服务代表：省财政厅的十五个处室、联络员、对口联系、服务活动、留言、栏目，两个厅的制度。

自己掷自己的骰子，不动一年里别的事；制度的正文照《联络动态》2018 年第 11 期写，不添内容。
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from handlers.actions import liaising, messaging, regulating
from handlers.actions import serving as actions
from handlers.actions.liaising import Person
from handlers.models import Activity, Assignment, Division, Duty, Matter, Post
from lianluo.workdays import arithmetic
from suggestions.models import Delegation, Deputy

from .accounts import shown_deputy
from .agenda import Agenda
from .people import GIVEN, SURNAMES, Province, UnitPeople

FINANCE, CIVIL = "HN-CZT", "HN-MZT"
#: 与原有的四个业务处室合成十五个；办公室不对口联系
MORE_ROOMS = (
    "预算处", "国库处", "行政政法处", "教科文处", "经济建设处", "农业农村处", "社会保障处", "自然资源和生态环境处",
    "资产管理处", "企业处", "绩效管理处",
)
COLUMN = ("新理财（湖南财政）", "连心桥")
REGULATIONS = (
    (FINANCE, "代表建议办理工作规定", ["allot", "research", "reply", "supervise", "assess"], (
        "厅长为建议办理工作第一责任人，处长为主要责任人，各处室安排一名专门联络员。",
        "厅领导每年必须带队开展现场办理；凡有承办任务的处室，处长在履行组织领导责任的同时，原则上必须亲自撰稿答复2—3件建议。",
        "建立督办台账，实行“销号制”，办结一件、销号一件。办公室定期进行专项督查。",
        "实行定人员、定任务、定时间、定质量、定责任领导的目标管理制度，将办理工作按“百分制+附加分”进行量化，"
        "考核结果纳入各处室年度绩效考评范围。",
    )),
    (FINANCE, "加强与代表沟通联系工作的意见", ["contact"], (
        "与人大代表沟通联系时，要求处级以上领导进行直接沟通。",
        "各处室安排一名专门联络员，做好办理工作衔接和日常联络。",
    )),
    (FINANCE, "服务代表工作规则", ["serve"], (
        "成立服务工作领导小组，由15个处室对口联系，负责做好办理工作衔接和日常联络。",
        "完善联合调研、集中走访、邀请列席重大会议活动、寄送文件资料等工作机制。",
        "在《新理财（湖南财政）》杂志上设置“连心桥”栏目，与代表良性互动。",
    )),
    (CIVIL, "代表建议分类办理办法", ["allot", "research", "reply"], (
        "将主办件分为“意见”“建议”“批评”3类来办理，点对点、一对一分类办理。",
        "“意见”着重解决“依法办事”，按政策解决问题：坚持一事一议，逐一制定解决方案，提出办理预期，与代表沟通征得同意后，"
        "细化落实措施，明确责任领导和责任人，持续跟踪问效。",
        "“建议”着重解决“无法可依”，突出政策创制：与政策创制、全面深化改革、地方立法工作相结合，办理中进行可行性评估，"
        "邀请专家学者集中会诊。",
        "“批评”着重解决“有法不依”，督查整改落实：设立“问题调查”环节，责成相关单位以问题为导向深入调查，"
        "认真开展问题整改，整改不到位的严肃追责。",
    )),
)


def begin(province: Province, agenda: Agenda, day: date) -> None:
    """开年就有的：制度、处室、联络员、领导小组、对口联系；一年里的活动排上日程。"""
    for code, title, stages, lines in REGULATIONS:
        if code in province.units:
            regulating.add_regulation(
                province.units[code].unit, title=title, text="\n".join(lines), stages=stages, in_force_on=day,
                actor=None, today=day,
            )
    if FINANCE in province.units:
        Serving(province, agenda).begin(day)


class Serving:
    """省财政厅服务代表的一年。"""

    def __init__(self, province: Province, agenda: Agenda) -> None:
        self.province, self.agenda, self.rng = province, agenda, Random(555)
        self.people: UnitPeople = province.units[FINANCE]
        self.unit = self.people.unit

    @property
    def liaison(self):
        return self.people.account(Duty.LIAISON)

    def begin(self, day: date) -> None:
        rooms = [*self.people.divisions[1:], *self._more_rooms()]
        self._liaisons(rooms, day)
        self._group(rooms, day)
        self._counterparts(rooms, day)
        actions.add_column(self.unit, publication=COLUMN[0], name=COLUMN[1], actor=None, today=day)
        for days, deed in (
            (40, self.mail), (75, self.research), (110, self.visit), (150, self.publish), (180, self.write_first),
            (200, self.mail), (230, self.visit),
        ):
            self.agenda.at(day + timedelta(days=days), deed, hour=15)
        for days, deed in ((30, self.invite_held), (9, self.ask_late), (6, self.log), (3, self.ask)):
            self.agenda.at(arithmetic.roll_back(self.agenda.until - timedelta(days=days), self.agenda.calendar), deed)
        self.agenda.at(arithmetic.roll_back(self.agenda.until, self.agenda.calendar), self.invite, hour=19)

    # ── 人 ──
    def _more_rooms(self) -> list[Division]:
        first = len(self.people.divisions)
        return [
            Division.objects.create(unit=self.unit, name=name, position=first + place)
            for place, name in enumerate(MORE_ROOMS)
        ]

    def _name(self) -> str:
        return self.rng.choice(SURNAMES) + "".join(self.rng.sample(GIVEN, self.rng.choice((1, 2, 2))))

    def _phone(self) -> str:
        return f"0731-8516{self.rng.randrange(1000, 9999)}"

    def _known(self, duty: str, room: Division) -> Post | None:
        return next((post for post in self.people.posts[duty] if post.division_id == room.pk), None)

    def _person(self, room: Division, duty: str, title: str) -> Person:
        """处室里有账号的用本人，没有的写姓名。"""
        known = self._known(duty, room)
        return Person(known) if known else Person(None, self._name(), title, self._phone())

    def _liaisons(self, rooms: list[Division], day: date) -> None:
        """各处室一名联络员；最后一个处室空着，责任人员一页看得到预警。半年后有一个处室换人。"""
        for room in [self.people.divisions[0], *rooms[:-1]]:
            liaising.appoint_liaison(
                room, person=self._person(room, Duty.OFFICER, "主任科员"), from_on=day, actor=None, today=day
            )
        new = Person(None, self._name(), "主任科员", self._phone())
        self.agenda.at(day + timedelta(days=160), lambda on: liaising.appoint_liaison(
            rooms[4], person=new, from_on=on, actor=self.liaison, today=on
        ))

    def _group(self, rooms: list[Division], day: date) -> None:
        members = [self._person(room, Duty.DIVISION_HEAD, "处长") for room in rooms[:4]]
        plan = [
            (Duty.SERVICE_HEAD, Person(self.people.post(Duty.HEAD)), None),
            (Duty.SERVICE_DEPUTY, Person(self.people.post(Duty.DEPUTY_HEAD)), None),
            *((Duty.SERVICE_MEMBER, one, room) for one, room in zip(members, rooms, strict=False)),
        ]
        for duty, person, room in plan:
            liaising.appoint_service(
                self.unit, duty=duty, person=person, division=room, from_on=day, actor=None, today=day
            )

    def _counterparts(self, rooms: list[Division], day: date) -> None:
        """十四个代表团一处一个，最后一处单独联系几名代表。"""
        teams = list(Delegation.objects.filter(congress=self.unit.congress_id).order_by("position"))
        for room, team in zip(rooms, teams, strict=False):
            liaising.appoint_counterpart(
                room, person=self._person(room, Duty.DIVISION_HEAD, "处长"), delegations=[team], from_on=day,
                actor=None, today=day,
            )
        if len(rooms) > len(teams):
            liaising.appoint_counterpart(
                rooms[len(teams)], person=Person(None, self._name(), "处长", self._phone()),
                deputies=self._deputies(6), from_on=day, actor=None, today=day,
            )

    # ── 活动 ──
    def _deputies(self, count: int) -> list[Deputy]:
        return self.rng.sample(self.province.deputies, count)

    def _log(self, matter: str, deputies: list[Deputy], day: date, **more) -> Activity:
        members = [self.people.post(Duty.DEPUTY_HEAD), self.people.post(Duty.DIVISION_HEAD)]
        values = {"happened_on": day, "members": members, "actor": self.liaison, "today": day, **more}
        return actions.log_service(self.unit, matter=matter, deputies=deputies, **values)

    def mail(self, day: date) -> None:
        """寄送资料：整个代表团，过半签收。"""
        team = self.rng.choice(self.province.deputies).delegation_id
        deputies = [one for one in self.province.deputies if one.delegation_id == team]
        subject = f"{day.year} 年省级预算报告和财政工作简报"
        activity = self._log(Matter.MAILING, deputies, day, subject=subject, members=())
        rows = list(activity.deputies.order_by("pk"))
        for row in rows[: len(rows) * 2 // 3]:
            actions.mark_received(row, received_on=day, actor=self.liaison, today=day)

    def research(self, day: date) -> None:
        self._log(
            Matter.RESEARCH, self._deputies(5), day, subject="县级基本财力保障联合调研", place="湘西州",
            content="与代表一起看了三个县的财政运行，收集到完善转移支付的意见，已转预算处研究。",
        )

    def visit(self, day: date) -> None:
        self._log(
            Matter.GROUP_VISIT, self._deputies(8), day, subject="集中走访省人大代表", place="代表所在单位",
            content="通报财政工作，听取对预算编制的意见。",
        )

    def log(self, day: date) -> None:
        self._log(
            Matter.LIAISON, self._deputies(1), day, kind="phone", members=[self.people.post(Duty.OFFICER)],
            content="电话通报所提建议的办理进度，代表没有新的意见。",
        )

    def invite_held(self, day: date) -> None:
        """已经开过的会：有回执，有出席。"""
        activity = self._log(
            Matter.INVITATION, self._deputies(6), day, subject="省级部门预算编制座谈会", place="省财政厅", content=""
        )
        for place, row in enumerate(activity.deputies.order_by("pk")):
            coming = "coming" if place < 4 else "not_coming"
            actions.answer_invitation(row, answer=coming, actor=self.liaison, today=day)
            actions.mark_attendance(row, attended=place < 4, actor=self.liaison, today=day)

    def invite(self, day: date) -> None:
        """就要开的会：有的回了，有的还没有；演示登录的代表也在里面，打开就看得到。"""
        on = self.agenda.until + timedelta(days=3)
        activity = self._log(
            Matter.INVITATION, [*self._deputies(5), shown_deputy()], day, happened_on=on, subject="全省财政工作会议",
            place="省财政厅", content="通报全年预算执行，听取代表意见。",
        )
        for row in list(activity.deputies.order_by("pk"))[:2]:
            actions.answer_invitation(row, answer="coming", actor=self.liaison, today=day)

    # ── 留言与栏目 ──
    def _asker(self, place: int) -> Deputy:
        """省财政厅办着他的件的代表。"""
        rows = Assignment.objects.live().answering().filter(unit=self.unit)
        leads = list(dict.fromkeys(rows.order_by("pk").values_list("suggestion__lead_deputy", flat=True)))
        return Deputy.objects.select_related("account", "delegation").get(pk=leads[place % len(leads)])

    def write_first(self, day: date) -> None:
        """问过、答过的一段往来。"""
        deputy = self._asker(0)
        messaging.send_message(
            self.unit, deputy, text="县里的转移支付什么时候能下达？基层等着安排项目。", actor=deputy.account, today=day
        )
        messaging.send_message(
            self.unit, deputy, text="已于本月下达到县，明细请看财政厅门户网站；有具体项目的，欢迎随时来电。",
            actor=self.liaison, today=day,
        )

    def ask_late(self, day: date) -> None:
        deputy = self._asker(1)
        messaging.send_message(
            self.unit, deputy, text="所提建议的资金安排有没有进展？想先了解一下。", actor=deputy.account, today=day
        )

    def ask(self, day: date) -> None:
        deputy = self._asker(2)
        messaging.send_message(
            self.unit, deputy, text="下周到长沙开会，能不能顺便当面谈一谈？", actor=deputy.account, today=day
        )

    def publish(self, day: date) -> None:
        """“连心桥”两篇：代表来稿，单位回应。"""
        column, deputy = self.unit.columns.get(name=COLUMN[1]), self._asker(0)
        issue = f"{day.year} 年第 {day.month} 期"
        for title, by_deputy, text in (
            ("盼把钱用在刀刃上", True, "基层财政紧，盼省里在安排转移支付时多听基层的意见。"),
            ("关于转移支付的回应", False, "今年的转移支付向财力薄弱的县倾斜，分配办法和结果都已公开，欢迎监督。"),
        ):
            actions.add_article(
                column, issue=issue, title=title, text=text, published_on=day, by_deputy=by_deputy, deputy=deputy,
                actor=self.liaison, today=day,
            )
