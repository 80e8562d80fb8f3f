"""布景里一组人的服务代表：联络员、对口联系人、一次邀请、一段留言、一篇文章、一项制度。"""
from __future__ import annotations

from datetime import timedelta

from handlers.actions import liaising, messaging, regulating, serving
from handlers.actions.liaising import Person
from handlers.models import Division, Matter
from lianluo.workdays import clock

BEFORE = clock.today() - timedelta(days=100)


def serve(side) -> None:
    """甲、乙两组用自己的综合处和代表团；再来的组另设处室、另有代表，不抢前面的。"""
    world, unit, actor, today = side.world, side.unit.unit, side.unit.liaison, clock.today()
    first = side.mark in "甲乙"
    room = side.unit.division if first else Division.objects.create(unit=unit, name=f"{side.mark}处")
    deputies = [] if first else [world.deputy(f"{side.mark}代表", f"HN14900{ord(side.mark) % 10}", world.changsha)]
    common = {"actor": actor, "today": today}
    side.room_liaison = liaising.appoint_liaison(room, person=Person(name="处联络员"), from_on=BEFORE, **common)
    side.counterpart = liaising.appoint_counterpart(
        room, person=Person(name="对口联系人"), delegations=[side.lead.delegation] if first else [], deputies=deputies,
        from_on=BEFORE, **common,
    )
    side.service = serving.log_service(
        unit, matter=Matter.INVITATION, happened_on=today + timedelta(days=5), deputies=[side.lead],
        subject="工作座谈会", **common,
    )
    side.invited = side.service.deputies.get()
    messaging.send_message(unit, side.lead, text="问一件事", actor=side.lead.account, today=today)
    column = unit.columns.first() or serving.add_column(unit, publication="工作简报", name="连心桥", **common)
    side.article = serving.add_article(
        column, issue="第 4 期", title="来稿", text="盼把山塘管起来。", published_on=today, by_deputy=True,
        deputy=side.lead, suggestion=side.written.suggestion, **common,
    )
    side.regulation = regulating.add_regulation(
        unit, title=f"{side.mark}项工作规定", text="逐条回应。", stages=["reply"], in_force_on=BEFORE, **common
    )
