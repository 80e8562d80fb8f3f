"""起草答复：逐条回应，缺什么在按钮之前列明，存一版留一版，别人存过新版就不覆盖。"""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from handlers import reply_checks
from handlers.actions.replying import save_reply, submit_reply
from handlers.letters import opening_for
from handlers.models import Reply, ResultClass
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, Incomplete, NotAllowed, Stale
from lianluo.web.models import Draft
from lianluo.workdays import clock
from tests.handlers.handling import (
    WRITTEN,
    allotted,
    contacted,
    content,
    drafted,
    handed_to,
    lead_and_helper,
    opined,
    ready,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(world):
    return allotted(handed_to(world), world.water)


def test_every_save_keeps_a_version_of_the_whole_text(world, assignment):
    reply = drafted(assignment, world.water)
    reply = drafted(assignment, world.water, closing="感谢支持。")
    assert reply.version == 2
    texts = dict(reply.versions.values_list("number", "text"))
    assert "感谢您对我们工作的关心和支持。" in texts[1] and "感谢支持。" in texts[2]
    assert reply.written_by == world.water.officer
    assert [event.data["version"] for event in AuditEvent.objects.filter(event="reply.saved").order_by("id")] == [1, 2]


def test_a_stale_version_is_refused_and_names_who_was_first(world, assignment):
    drafted(assignment, world.water)
    save_reply(assignment, data=content(assignment), version=1, actor=world.water.director, today=WRITTEN)
    with pytest.raises(Stale, match=f"{world.water.director.name}已于.*第 2 版"):
        save_reply(assignment, data=content(assignment), version=1, actor=world.water.officer, today=WRITTEN)
    assert Reply.objects.get().version == 2


def test_the_standard_opening_is_not_stored_so_that_it_follows_the_case(world, assignment):
    reply = drafted(assignment, world.water, opening=opening_for(assignment))
    assert reply.opening == ""
    assert drafted(assignment, world.water, opening="另写的开头：").opening == "另写的开头："


def test_default_copies_are_there_from_the_first_save(world, assignment, settings):
    reply = save_reply(assignment, data={}, actor=world.water.officer, today=WRITTEN)
    assert reply.copied_to[0] == settings.ORGAN_NAME and "省人民政府办公厅" in reply.copied_to


def test_only_an_answering_unit_at_work_drafts(world):
    lead, helper = lead_and_helper(world)
    with pytest.raises(NotAllowed, match="不答复代表"):
        save_reply(helper, data={}, actor=world.transport.officer, today=WRITTEN)
    fresh = handed_to(world, title="另一件")
    with pytest.raises(NotAllowed, match="分派处室后"):
        save_reply(fresh, data={}, actor=world.water.officer, today=WRITTEN)


def test_after_submission_nothing_can_be_edited(world):
    reply = submitted(world)
    with pytest.raises(NotAllowed, match="送审后不能修改"):
        save_reply(reply.assignment, data={}, version=reply.version, actor=world.water.officer, today=WRITTEN)


def test_answers_of_another_case_are_refused(world, assignment):
    other = allotted(handed_to(world, title="另一件"), world.water)
    with pytest.raises(DomainError, match="一一对应"):
        save_reply(assignment, data={"items": content(other)["items"]}, actor=world.water.officer, today=WRITTEN)


def test_a_case_without_numbered_requests_gets_one_general_answer(world):
    assignment = allotted(handed_to(world), world.water)
    assignment.suggestion.requests.all().delete()
    contacted(assignment, world.water)
    reply = drafted(assignment, world.water)
    assert reply.items.get().request_id is None
    assert submit_reply(reply, actor=world.water.officer, today=WRITTEN).status == "checking"


# ── 检查 ──
def sentences(reply, today=WRITTEN) -> list[str]:
    reply.refresh_from_db()
    return [check.sentence for check in reply_checks.checks(reply, today) if check.is_missing]


def test_an_empty_draft_lists_everything_that_is_missing(world, assignment):
    reply = save_reply(assignment, data={"copied_to": []}, actor=world.water.officer, today=WRITTEN)
    assert sentences(reply) == [
        "还没有与代表沟通", "回应第 1 条具体建议", "回应第 2 条具体建议", "选定办理结果类别", "选定是否公开",
        "填写联系人姓名", "填写抄送单位",
    ]
    with pytest.raises(Incomplete) as error:
        submit_reply(reply, actor=world.water.officer, today=WRITTEN)
    assert len(error.value.missing) == 7 and all(item.url for item in error.value.missing)


def test_a_complete_draft_lacks_nothing(world):
    assert sentences(ready(world)) == []


@pytest.mark.parametrize(("change", "sentence"), [
    ({"contact_phone": ""}, "填写联系电话"), ({"publication": "none"}, "填写不公开的理由"),
    ({"publication": "summary"}, "填写公开摘要"), ({"copied_to": []}, "填写抄送单位"),
    ({"closing": "电话 13873101402"}, "出现手机号“13873101402”，公开的文字里要去掉"),
    ({"closing": "证号 HN140001"}, "出现代表个人信息“HN140001”，公开的文字里要去掉"),
])
def test_each_gap_is_named(world, assignment, change, sentence):
    contacted(assignment, world.water)
    assert sentences(drafted(assignment, world.water, **change)) == [sentence]


def test_what_is_not_published_is_not_searched_for_private_things(world, assignment):
    contacted(assignment, world.water)
    more = {"closing": "电话 13873101402", "publication": "none", "publication_reason": "涉及个人隐私"}
    assert sentences(drafted(assignment, world.water, **more)) == []


def test_the_adoption_of_each_request_is_needed(world, assignment):
    contacted(assignment, world.water)
    first = assignment.suggestion.requests.get(position=1)
    reply = drafted(assignment, world.water, items={
        **content(assignment)["items"], first.pk: ("", "写了回应没选采纳")
    })
    assert sentences(reply) == ["选定第 1 条具体建议的采纳情况"]


def test_class_b_needs_promises_in_the_future(world, assignment):
    contacted(assignment, world.water)
    b = ResultClass.objects.get(code="B")
    reply = drafted(assignment, world.water, result_class=b)
    assert sentences(reply) == ["B 类答复列出承诺事项、完成时限和责任人"]
    drafted(assignment, world.water, result_class=b, promises=[("清淤", WRITTEN - timedelta(days=1), "规划处 李工")])
    assert "完成时限已过" in sentences(reply)[0]
    drafted(assignment, world.water, result_class=b, promises=[("清淤", WRITTEN + timedelta(days=90), "规划处 李工")])
    assert sentences(reply) == []


def test_class_c_needs_an_explanation(world, assignment):
    contacted(assignment, world.water)
    c = ResultClass.objects.get(code="C")
    assert sentences(drafted(assignment, world.water, result_class=c)) == ["写明暂不能解决的原因"]
    assert sentences(drafted(assignment, world.water, result_class=c, explanation="财力有限。")) == []


def test_a_contact_the_deputy_denies_does_not_count(world, assignment):
    activity = contacted(assignment, world.water)
    reply = drafted(assignment, world.water)
    assert sentences(reply) == []
    activity.deputies.update(denied_at=clock.now())
    assert sentences(reply) == ["还没有与代表沟通"]


def test_opinions_are_adopted_on_the_reply_page(world):
    lead, helper = lead_and_helper(world)
    contacted(lead, world.water)
    opinion = opined(helper, world.transport)
    reply = drafted(lead, world.water)
    assert sentences(reply) == ["选定湖南省交通运输厅会办意见的采纳情况", "填写会办意见采纳情况"]
    reply = drafted(lead, world.water, assist_note="全部采纳。", adoptions={opinion.pk: ("full", "")})
    opinion.refresh_from_db()
    assert (opinion.status, sentences(reply)) == ("adopted", [])


# ── 页面 ──
def posted(page, **changes) -> dict:
    """把编辑页上的表单原样交回去，只改几处。"""
    bundle = page.context["bundle"]
    data = {}
    for form in (bundle.main, *bundle.items, bundle.promises.management_form, *bundle.promises.forms,
                 *(form for _, form in bundle.opinions)):
        for bound in form:
            value = bound.value()
            data[bound.html_name] = "" if value is None else value
    return data | changes


def test_the_editor_saves_and_goes_on_to_the_check_page(world, assignment, client):
    contacted(assignment, world.water)
    client.force_login(world.water.officer)
    url = reverse("handlers:reply_edit", args=[assignment.pk])
    page = client.get(url)
    first, second = assignment.suggestion.requests.order_by("position")
    data = posted(
        page, do="submit", result_class=ResultClass.objects.get(code="B").pk, publication="full", contact_name="李工",
        contact_phone="0731-82210001", **{
            f"item-{first.pk}-adoption": "full", f"item-{first.pk}-text": "已办理",
            f"item-{second.pk}-adoption": "part", f"item-{second.pk}-text": "部分办理",
            "promise-0-text": "出台办法", "promise-0-due_on": f"{clock.today() + timedelta(days=60):%Y.%m.%d}",
            "promise-0-responsible": "规划处 李工",
        },
    )
    response = client.post(url, data)
    reply = Reply.objects.get()
    check = reverse("handlers:reply_submit", args=[reply.pk])
    assert response["Location"] == check
    assert (reply.promises.get().text, reply.opening, reply.closing) == ("出台办法", "", "")
    page = client.get(check)
    assert page.context["missing"] == []
    assert [stage.step for stage in page.context["stages"]] == ["division", "office", "leader", "head"]
    assert client.post(check)["Location"] == reply.get_absolute_url()
    reply.refresh_from_db()
    assert reply.status == "checking"
    assert client.get(url)["Location"] == reply.get_absolute_url()  # 送审以后编辑页打不开


def test_blockers_stand_before_the_button_and_pressing_it_anyway_says_the_same(world, assignment, client):
    reply = drafted(assignment, world.water)
    client.force_login(world.water.officer)
    url = reverse("handlers:reply_submit", args=[reply.pk])
    assert "还没有与代表沟通" in client.get(url).content.decode()
    response = client.post(url)
    assert response.status_code == 422 and "还差 1 项" in response.content.decode()


def test_two_editors_the_second_keeps_the_text_and_is_told_who_was_first(world, assignment, client):
    drafted(assignment, world.water)
    client.force_login(world.water.officer)
    url = reverse("handlers:reply_edit", args=[assignment.pk])
    mine = posted(client.get(url), closing="我写的结尾")
    save_reply(assignment, data={"closing": "处长写的结尾"}, version=1, actor=world.water.director, today=WRITTEN)
    response = client.post(url, mine)
    page = response.content.decode()
    assert response.status_code == 409 and world.water.director.name in page and "我写的结尾" in page
    again = client.post(url, mine | {"version": 2})  # 看过新版，再按保存
    assert again.status_code == 302 and Reply.objects.get().closing == "我写的结尾"


def test_a_half_written_promise_is_not_lost_and_says_what_is_missing(world, assignment, client):
    client.force_login(world.water.officer)
    url = reverse("handlers:reply_edit", args=[assignment.pk])
    response = client.post(url, posted(client.get(url), **{"promise-0-text": "出台办法"}))
    page = response.content.decode()
    assert response.status_code == 422 and "填写完成时限" in page and "出台办法" in page and not Reply.objects.exists()


def test_the_autosaved_draft_comes_back(world, assignment, client):
    client.force_login(world.water.officer)
    url = reverse("handlers:reply_edit", args=[assignment.pk])
    first = assignment.suggestion.requests.get(position=1)
    data = posted(client.get(url), **{
        f"item-{first.pk}-text": "写到一半的回应", "promise-1-text": "第二行承诺",
        "draft_key": f"reply:{assignment.pk}:1", "draft_rev": "0",
    })
    assert client.post(reverse("web:draft_save"), data).status_code == 200
    page = client.get(url).content.decode()
    assert "写到一半的回应" in page and "第二行承诺" in page
    assert client.post(url, data).status_code == 422  # 承诺没写全
    assert client.post(url, data | {"promise-1-text": ""}).status_code == 302
    assert not Draft.objects.exists()


def test_an_old_autosaved_draft_does_not_cover_a_newer_version(world, assignment, client):
    client.force_login(world.water.officer)
    url = reverse("handlers:reply_edit", args=[assignment.pk])
    data = posted(client.get(url), closing="旧草稿", draft_key=f"reply:{assignment.pk}:1", draft_rev="0")
    client.post(reverse("web:draft_save"), data)
    save_reply(assignment, data={"closing": "新版的结尾"}, actor=world.water.director, today=WRITTEN)
    page = client.get(url).content.decode()
    assert "新版的结尾" in page and "旧草稿" not in page


def test_someone_else_editing_is_named(world, assignment, client):
    Draft.objects.create(
        account=world.water.director, key=f"reply:{assignment.pk}:1", data={}, saved_at=clock.now()
    )
    client.force_login(world.water.officer)
    page = client.get(reverse("handlers:reply_edit", args=[assignment.pk])).content.decode()
    assert f"{world.water.director.name} " in page and "也在改这份答复" in page


def test_versions_are_compared_side_by_side(world, assignment, client):
    drafted(assignment, world.water)
    reply = drafted(assignment, world.water, closing="换了结尾。")
    client.force_login(world.water.officer)
    page = client.get(reverse("handlers:reply_version", args=[reply.pk, 2])).content.decode()
    assert '<ins class="diff-ins">换了结尾。</ins>' in page
    assert client.get(reverse("handlers:reply_version", args=[reply.pk, 9])).status_code == 404


def test_who_may_open_the_editor(world, client):
    lead, helper = lead_and_helper(world)
    url = reverse("handlers:reply_edit", args=[lead.pk])
    table = {
        world.water.officer: 200, world.water.director: 200, world.water.liaison: 200, world.transport.liaison: 403,
        world.clerk: 403, world.lead_deputy.account: 404, world.stranger: 404,
    }
    for user, status in table.items():
        client.force_login(user)
        assert client.get(url).status_code == status, user
    client.force_login(world.transport.officer)
    assert client.get(reverse("handlers:reply_edit", args=[helper.pk])).status_code == 404


def test_a_draft_is_seen_by_its_own_unit_only(world, client):
    reply = ready(world)
    for user, status in ((world.water.officer, 200), (world.clerk, 404), (world.transport.liaison, 404),
                         (world.lead_deputy.account, 404)):
        client.force_login(user)
        assert client.get(reply.get_absolute_url()).status_code == status, user


def test_the_list_counts_what_waits(world, client):
    submitted(world)
    client.force_login(world.water.director)
    page = client.get(reverse("handlers:replies"))
    assert page.context["tab"] == "mine" and len(page.context["page"].items) == 1
    client.force_login(world.water.officer)
    page = client.get(reverse("handlers:replies"))
    assert page.context["tab"] == "review", "没有等着自己审签的，先看有事的一栏"
    assert len(client.get(reverse("handlers:replies") + "?tab=mine").context["page"].items) == 0
    assert len(client.get(reverse("handlers:replies") + "?tab=review").context["page"].items) == 1
    page = client.get(reverse("handlers:replies") + "?tab=review&q=支流")
    assert len(page.context["page"].items) == 1 and 'name="tab" value="review"' in page.content.decode()
    assert not client.get(reverse("handlers:replies") + "?tab=review&q=没有").context["page"].items


def test_the_title_says_when_something_is_wrong_wherever_it_is(world, assignment, client):
    """错在承诺那一组，标题一样说“错误”。"""
    client.force_login(world.water.officer)
    url = reverse("handlers:reply_edit", args=[assignment.pk])
    assert "<title>写答复" in client.get(url).content.decode()
    data = {"version": 0, "promise-TOTAL_FORMS": 2, "promise-INITIAL_FORMS": 0, "promise-0-text": "清淤", "do": "save"}
    assert "<title>错误：写答复" in client.post(url, data).content.decode()


def test_private_things_are_not_said_to_be_unpublished_before_that_is_chosen(world, assignment):
    reply = drafted(assignment, world.water, publication="")
    said = [check.sentence for check in reply_checks.checks(reply, WRITTEN) if check.name == "脱敏"]
    assert said == ["选定是否公开以后检查"]
