"""审查队列：看、定、下一件、撤销。"""
import re

import pytest
from django.urls import reverse

from suggestions.actions import drafting, registering
from suggestions.models import Category, SimilarityVerdict, Suggestion

from .drafts import AFTER, IN_SESSION, entered, registered, submitted


@pytest.fixture
def clerk(world, client):
    client.force_login(world.clerk)
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def url_of(case) -> str:
    return reverse("suggestions:review_one", args=[case.pk])


def decide(client, case, decision, **data):
    return client.post(url_of(case), {"decision": decision, **data})


def test_the_queue_is_in_order_of_arrival_and_the_first_is_open(world, clerk):
    first = entered(world, title="关于先来的建议")
    entered(world, title="关于后到的建议")
    page = text_of(clerk.get("/office/review/"))
    assert page.index("关于先来的建议") < page.index("关于后到的建议")
    assert f'action="{url_of(first)}"' in page
    assert "待审查 2 件" in page


def test_no_decision_is_chosen_beforehand(world, clerk):
    entered(world)
    page = text_of(clerk.get("/office/review/"))
    radios = re.findall(r'<input type="radio" name="decision"[^>]*>', page)
    assert len(radios) == 4
    assert not any("checked" in radio for radio in radios)
    assert [re.search(r'data-key="(\d)"', radio).group(1) for radio in radios] == ["1", "2", "3", "4"]


def test_deciding_without_choosing_is_refused(world, clerk):
    case = entered(world)
    answer = clerk.post(url_of(case), {})
    assert answer.status_code == 422
    assert "选择一种审查意见" in text_of(answer)


def test_registering_goes_on_to_the_next_and_counts_today(world, clerk):
    first, second = entered(world), entered(world)
    category = Category.objects.first()
    answer = decide(clerk, first, "register", category=category.pk)
    assert answer["Location"] == f"{url_of(second)}?last={first.pk}"
    first.refresh_from_db()
    assert (first.shown_number, first.category) == ("0001", category)
    page = text_of(clerk.get(answer["Location"]))
    assert "今天已审 1 件" in page
    assert "0001" in page
    assert 'data-key="u"' not in page


@pytest.mark.parametrize(
    ("decision", "data", "sentence"),
    [
        ("return", {}, "写明退回的理由"), ("merge", {"note": "同一水库"}, "填写并入哪一件的编号"),
        ("merge", {"into": "1"}, "写明并案的理由"), ("merge", {"into": "77", "note": "同"}, "没有编号“77”的件"),
        ("decline", {"note": "说明", "disposition": "letter"}, "选择不作为建议的法定理由"),
        ("decline", {"ground": "N2", "note": "说明"}, "选择这件的去向"),
        ("decline", {"ground": "N2", "disposition": "letter"}, "写明不作为建议的说明"),
    ],
)
def test_each_decision_asks_for_what_it_needs_and_keeps_what_was_typed(world, clerk, decision, data, sentence):
    registered(world)
    case = entered(world)
    answer = decide(clerk, case, decision, **data)
    page = text_of(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert re.search(rf'value="{decision}"[^>]*checked', page)
    for typed in data.values():
        assert typed in page


def test_returning_and_undoing(world, clerk):
    case = submitted(world)
    answer = decide(clerk, case, "return", note="具体建议写得再具体些")
    case.refresh_from_db()
    assert case.status == "returned"
    page = text_of(clerk.get(answer["Location"]))
    assert 'data-key="u"' in page
    assert "今天已审 1 件" in page
    back = clerk.post(reverse("suggestions:review_undo", args=[case.pk]))
    assert back["Location"] == url_of(case)
    case.refresh_from_db()
    assert case.status == "submitted"
    page = text_of(clerk.get(back["Location"]))
    assert "今天已审 0 件" in page, "撤销了的不算审过"
    assert "此前退回过" not in page, "收回了的不算退回"


def test_the_next_number_is_written_as_it_will_be(world, clerk):
    registered(world)
    registered(world, today=AFTER)
    shown = {
        entered(world): "下一个编号 0002", entered(world, today=AFTER): "下一个编号 闭0002",
        entered(world, converted_from_bill=True): "下一个编号 议转0002",
    }
    for case, words in shown.items():
        assert f"{words}<" in text_of(clerk.get(url_of(case)))


def test_undoing_after_the_deputy_has_changed_it_explains(world, clerk):
    case = submitted(world)
    decide(clerk, case, "return", note="写具体些")
    drafting.save_draft({"note": "改"}, suggestion=case, actor=world.lead_deputy.account, today=IN_SESSION)
    page = clerk.post(reverse("suggestions:review_undo", args=[case.pk]), follow=True)
    assert "代表已经改过，不能收回" in text_of(page)


def test_nobody_undoes_anothers_decision(world, client):
    case = submitted(world)
    client.force_login(world.second_clerk)
    decide(client, case, "return", note="写具体些")
    client.force_login(world.clerk)
    assert client.post(reverse("suggestions:review_undo", args=[case.pk])).status_code == 404


def test_merging_from_the_queue(world, clerk):
    main, case = registered(world), entered(world)
    decide(clerk, case, "merge", into="0001", note="同一水库")
    case.refresh_from_db()
    assert (case.status, case.merged_into, case.number) == ("merged", main, 2)


def test_declining_with_statutory_ground(world, clerk):
    case = submitted(world)
    decide(clerk, case, "decline", ground="N5", disposition="letter", note="所附为来信")
    case.refresh_from_db()
    assert (case.status, case.decline_ground) == ("declined", "N5")


def test_a_deputy_without_account_asks_how_he_was_told(world, clerk):
    assert "told_how" not in text_of(clerk.get(url_of(submitted(world))))
    world.lead_deputy.account = None
    world.lead_deputy.save()
    case = entered(world)
    assert 'name="told_how"' in text_of(clerk.get(url_of(case)))
    answer = decide(clerk, case, "decline", ground="N5", disposition="letter", note="来信")
    assert "写明怎样告知代表" in text_of(answer)


def test_a_third_return_warns(world, clerk):
    case = submitted(world)
    for time in range(3):
        registering.return_to_deputy(case, note=f"第{time}次", actor=world.clerk, today=IN_SESSION)
        drafting.submit_suggestion(case, actor=world.lead_deputy.account, today=IN_SESSION)
    assert "已退回 3 次" in text_of(clerk.get(url_of(case)))


def test_someone_was_first_says_who(world, clerk):
    case = entered(world)
    registering.register_suggestion(case, actor=world.second_clerk, today=IN_SESSION)
    answer = decide(clerk, case, "register")
    page = text_of(answer)
    assert answer.status_code == 409
    assert "已登记" in page
    assert Suggestion.objects.get(pk=case.pk).number == 1


def test_similar_ones_stand_beside_the_text_and_can_be_set_aside(world, clerk):
    one, case = registered(world), entered(world)
    page = text_of(clerk.get(url_of(case)))
    assert "可能相近的 1 件" in page
    assert "<mark>" in page
    url = reverse("suggestions:not_similar", args=[case.pk, one.pk])
    clerk.post(url, {"back": "review"})
    assert SimilarityVerdict.objects.count() == 1
    assert "可能相近的" not in text_of(clerk.get(url_of(case)))


def test_an_empty_queue_says_how_many_were_done(world, clerk):
    decide(clerk, entered(world), "register")
    assert "待审查 0 件，今天已审 1 件" in text_of(clerk.get("/office/review/"))


@pytest.mark.parametrize("who", ["gov", "delegation_staff", "committee", "stranger"])
def test_only_reviewers_review(world, client, who):
    case = entered(world)
    client.force_login(getattr(world, who))
    assert client.get("/office/review/").status_code == 403
    assert decide(client, case, "register").status_code == 403
    case.refresh_from_db()
    assert case.status == "submitted"


def test_queries_do_not_grow_with_the_queue(world, clerk, django_assert_max_num_queries):
    case = entered(world, cosigners=[world.cosigner])
    clerk.get(url_of(case))
    with django_assert_max_num_queries(60) as few:
        clerk.get(url_of(case))
    for number in range(12):
        entered(world, title=f"关于第{number}号公路养护的建议", cosigners=[world.cosigner, world.other_deputy])
    with django_assert_max_num_queries(len(few.captured_queries)):
        clerk.get(url_of(case))


# ── 相近、并案、编组各页 ──
def test_side_by_side_marks_shared_sentences(world, clerk):
    one, two = registered(world), registered(world)
    page = text_of(clerk.get(reverse("suggestions:similar", args=[two.pk])))
    assert page.count("<mark>") >= 2
    assert f"{reverse('suggestions:merge', args=[two.pk])}?into=0001" in page
    assert one.title in page


def test_merge_page_shows_the_refusal_at_the_field(world, clerk):
    case = registered(world)
    url = reverse("suggestions:merge", args=[case.pk])
    answer = clerk.post(url, {"into": "1", "reason": "同一水库"})
    assert answer.status_code == 422
    assert text_of(answer).count("不能并入自己，换一件作主件") == 2
    other = registered(world)
    clerk.post(url, {"into": other.shown_number, "reason": "同一水库"})
    case.refresh_from_db()
    assert case.merged_into == other
    clerk.post(reverse("suggestions:unmerge", args=[case.pk]), {"reason": "内容不同"})
    case.refresh_from_db()
    assert case.status == "registered"


def test_group_page_shows_every_text(world, clerk):
    one, two = registered(world), registered(world, body="另一件的正文，说的是另一座水库的事情。")
    answer = clerk.post(
        reverse("suggestions:group_with", args=[one.pk]), {"other": "2", "name": "水库除险"}, follow=True
    )
    page = text_of(answer)
    assert "水库除险" in page
    assert two.body in page
    clerk.post(reverse("suggestions:ungroup", args=[one.pk]))
    one.refresh_from_db()
    assert one.group is None


def test_the_government_office_cannot_group(world, client):
    case = registered(world)
    client.force_login(world.gov)
    assert client.post(reverse("suggestions:ungroup", args=[case.pk])).status_code == 403
