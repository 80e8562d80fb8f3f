"""全部建议：筛选每一列、页签、条件、排序、附加列、导出、打印。"""
import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from suggestions import columns
from suggestions.filters import SuggestionFilter
from suggestions.models import Category, Suggestion, SuggestionStatus

from .drafts import AFTER, entered, registered

LIST = "/office/suggestions/"


@pytest.fixture
def clerk(world, client):
    client.force_login(world.clerk)
    return client


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def several(world):
    """五件各不相同的。"""
    first, second = Category.objects.filter(parent=None).order_by("position")[:2]
    child = Category.objects.create(parent=first, name="能源规划")
    rows = {
        "dam": registered(world, title="关于水库除险的建议", category=first, regions=["长沙市", "湘西州"]),
        "road": registered(
            world, title="关于农村公路5G覆盖的建议", lead_deputy=world.other_deputy, kind="criticism", category=second
        ),
        "energy": registered(world, title="关于储能的意见", kind="opinion", category=child, wished_units="省能源局"),
        "between": registered(world, title="关于闭会期间的建议", today=AFTER),
        "waiting": entered(world, title="关于还没登记的建议", cosigners=[world.rare_deputy]),
    }
    Suggestion.objects.filter(pk=rows["road"].pk).update(contact_phone="0731-84441234", due_on=date(2026, 1, 1))
    return rows


def found(several, user=None, **data) -> set[str]:
    """筛选出来的是哪几件。"""
    request = type("Request", (), {"user": user})() if user else None
    rows = SuggestionFilter(data, Suggestion.objects.all(), request=request).qs
    names = {case.pk: name for name, case in several.items()}
    return {names[pk] for pk in rows.values_list("pk", flat=True)}


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ({"session": "14-4"}, {"dam", "road", "energy", "between", "waiting"}), ({"session": "13-1"}, set()),
        ({"number": "2"}, {"road"}), ({"number": "1"}, {"dam", "between"}),
        ({"status": ["submitted"]}, {"waiting"}), ({"status": ["submitted", "registered"]}, None),
        ({"kind": "criticism"}, {"road"}), ({"kind": "opinion"}, {"energy"}),
        ({"region": "湘西州"}, {"dam"}), ({"region": "湘潭市"}, set()),
        ({"raised_during": "between"}, {"between"}), ({"overdue": "true"}, None),
        ({"submitted_after": "2026-02-01"}, {"between"}), ({"submitted_before": "2026年1月31日"}, None),
        ({"words": "水库"}, {"dam"}), ({"words": "关于 建议 水库"}, {"dam"}), ({"words": "水库 公路"}, set()),
        ({"words": "5g"}, {"road"}), ({"words": "刘岚"}, {"road"}), ({"words": "ll"}, {"road"}),
        ({"words": "liulan"}, {"road"}), ({"words": "王䶮"}, {"waiting"}), ({"words": "株洲代表团"}, {"road"}),
        ({"words": "能源规划"}, {"energy"}), ({"words": "能源局"}, {"energy"}), ({"words": "批评"}, {"road"}),
        ({"words": "已提交"}, {"waiting"}), ({"words": "闭会期间"}, {"between"}), ({"words": "湘西州"}, {"dam"}),
        ({"words": "0002"}, {"road"}), ({"words": "第0002号"}, {"road"}), ({"words": "闭0001"}, {"between"}),
        ({"words": "没有这样的"}, set()),
    ],
)
def test_every_column_is_searched_and_every_filter_works(several, data, names):
    expected = {
        "['submitted', 'registered']": set(several), "true": {"road", "between", "waiting"},
        "2026年1月31日": {"dam", "road", "energy", "waiting"},
    }
    wanted = names if names is not None else expected[str(next(iter(data.values())))]
    assert found(several, **data) == wanted


def test_category_takes_its_second_level_along(several):
    first = Category.objects.filter(parent=None).order_by("position").first()
    assert found(several, category=first.pk) == {"dam", "energy"}
    assert found(several, category=Category.objects.get(name="能源规划").pk) == {"energy"}


def test_delegation_filter(world, several):
    assert found(several, delegation=world.zhuzhou.pk) == {"road"}


def test_phone_tail_and_certificate_only_for_those_who_may_see_them(world, several):
    assert found(several, world.clerk, words="1234") == {"road"}
    assert found(several, world.clerk, words="HN140003") == {"road"}
    assert found(several, world.clerk, words="40003") == {"road"}
    for other in (world.gov, world.water.liaison):
        assert found(several, other, words="1234") == set()
        assert found(several, other, words="HN140003") == set()


# ── 页面 ──
def test_the_page_shows_this_session_with_tabs_and_counts(several, clerk):
    page = text_of(clerk.get(LIST))
    assert "共 5 件" in page
    assert "关于水库除险的建议" in page
    assert '待审查 <span class="count">1</span>' in page
    assert '待交办 <span class="count">4</span>' in page
    assert 'href="/s/14-4/b0001/"' in page


def test_what_came_last_stands_on_top_numbered_or_not(several, clerk):
    page = text_of(clerk.get(LIST))
    titles = ["关于还没登记的建议", "关于闭会期间的建议", "关于储能的意见", "关于水库除险的建议"]
    places = [page.index(title) for title in titles]
    assert places == sorted(places)


def test_a_tab_is_a_saved_filter_with_an_address(several, clerk):
    page = text_of(clerk.get(LIST, {"status": "submitted"}))
    assert "关于还没登记的建议" in page
    assert "关于水库除险的建议" not in page
    assert "共 1 件" in page
    assert 'aria-current="page">待审查' in page


def test_active_conditions_are_chips_that_can_be_dropped(several, clerk):
    page = text_of(clerk.get(LIST, {"words": "水库", "kind": "suggestion"}))
    assert "查找：水库" in page
    assert "形式：建议" in page
    assert 'href="?kind=suggestion" aria-label="去掉条件：查找：水库"' in page


def test_nothing_found_says_what_was_searched(several, clerk):
    page = text_of(clerk.get(LIST, {"words": "没有这样的"}))
    assert "没有符合条件的建议" in page
    assert "拼音首字母" in page


def test_a_wrong_date_is_explained_not_swallowed(several, clerk):
    page = text_of(clerk.get(LIST, {"submitted_after": "2026-13-45"}))
    assert "提交日期从写成 2018-04-09" in page


def test_sorting_and_columns_from_the_address(several, clerk):
    page = text_of(clerk.get(LIST, {"sort": "number", "cols": ["number", "kind"], "status": "registered"}))
    head = page[page.index("<thead>"):page.index("</thead>")]
    assert 'aria-sort="ascending"' in head
    assert "形式" in head
    assert "代表团" not in head
    assert "标题" in head
    assert page.index("关于水库除险的建议") < page.index("关于储能的意见")


def test_htmx_gets_only_the_table(several, clerk):
    answer = clerk.get(LIST, {"words": "水库"}, headers={"HX-Request": "true"})
    assert text_of(answer).lstrip().startswith('<div id="suggestion-table">')


def test_markup_in_a_title_is_shown_as_text(world, clerk):
    registered(world, title="<script>alert(1)</script>关于&的建议")
    page = text_of(clerk.get(LIST))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;关于&amp;的建议" in page


def test_an_extra_column_is_fetched_once_for_the_whole_page(several, clerk):
    calls = []

    def fetch(ids):
        calls.append(sorted(ids))
        return {several["dam"].pk: "省水利厅"}

    columns.register("probe", "承办单位（试）", fetch)
    try:
        page = text_of(clerk.get(LIST))
    finally:
        columns.unregister("probe")
    assert "承办单位（试）" in page
    assert "省水利厅" in page
    assert calls == [sorted(case.pk for case in several.values())]


def test_drafts_of_deputies_never_appear(world, clerk):
    from .drafts import draft

    draft(world, title="关于还在写的建议")
    assert "关于还在写的建议" not in text_of(clerk.get(LIST))
    assert "共 0 件" in text_of(clerk.get(LIST))


def test_a_unit_sees_only_what_was_assigned_to_it(several, world, client):
    client.force_login(world.water.liaison)
    page = text_of(client.get(LIST))
    assert "共 0 件" in page
    assert "关于水库除险的建议" not in page


def test_a_deputy_who_hides_identity_is_not_shown_to_onlookers(world, client):
    registered(world, hides_identity=True)
    client.force_login(world.committee)
    page = text_of(client.get(LIST))
    assert "黄岳若" not in page and "共 0 件" in page
    client.force_login(world.clerk)
    assert "黄岳若" in text_of(client.get(LIST))


@pytest.mark.parametrize("who", ["stranger", "sysadmin", "auditor"])
def test_the_rest_have_no_list(world, client, who):
    client.force_login(getattr(world, who))
    assert client.get(LIST).status_code == 403


def test_query_count_does_not_grow_with_rows(world, clerk, django_assert_max_num_queries):
    registered(world)
    clerk.get(LIST)
    with django_assert_max_num_queries(15) as few:
        clerk.get(LIST)
        asked = len(few)
    for number in range(30):
        registered(world, title=f"关于第{number}号公路的建议", lead_deputy=world.other_deputy)
    clerk.get(LIST)  # 有了新的留痕，页签与徽标重新数一次
    with django_assert_max_num_queries(asked):
        clerk.get(LIST)
    with django_assert_max_num_queries(15):
        clerk.get(LIST, {"words": "公路 ll", "kind": "suggestion", "region": "长沙市"})


def test_counting_stops_at_five_thousand(world, clerk, monkeypatch):
    from suggestions import listing

    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    for number in range(5):
        registered(world, title=f"关于第{number}号公路的建议")
    page = text_of(clerk.get(LIST, {"words": "公路"}))
    assert "共 3+ 件" in page


def test_the_second_page(world, clerk):
    for number in range(23):
        registered(world, title=f"关于第{number}号公路的建议")
    page = text_of(clerk.get(LIST, {"size": "20", "page": "2"}))
    assert "（第 2 页，共 2 页）" in page
    assert page.count('class="row-link"') == 3


# ── 查找 ──
def test_the_top_search_opens_a_number_directly(several, clerk):
    assert clerk.get("/office/search/", {"q": "第0002号"})["Location"] == "/s/14-4/0002/"
    assert clerk.get("/office/search/", {"q": "闭0001"})["Location"] == "/s/14-4/b0001/"
    assert clerk.get("/office/search/", {"q": "水库"})["Location"].startswith(LIST + "?words=")
    assert clerk.get("/office/search/", {"q": "0001"})["Location"].startswith(LIST)  # 两个序列都有 1 号，不猜
    assert clerk.get("/office/search/", {"q": "9999"})["Location"].startswith(LIST)


# ── 导出、打印 ──
def sheet(answer):
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return book.worksheets[0]


def test_the_export_is_exactly_what_is_filtered(several, clerk):
    answer = clerk.get(reverse("suggestions:export"), {"status": "registered", "words": "公路"})
    rows = list(sheet(answer).values)
    assert rows[0][:16] == (
        "编号", "标题", "领衔代表", "代表证号", "代表团", "联名代表", "联系电话", "提交日期", "形式", "内容",
        "具体建议", "希望承办单位", "同意公开", "备注", "_id", "_rev",
    )
    assert [row[1] for row in rows[1:]] == ["关于农村公路5G覆盖的建议"]
    assert rows[1][0] == "0002"
    assert rows[1][6] == "0731-84441234"
    assert rows[1][14] == str(several["road"].pk)


def test_id_and_rev_are_hidden_and_requests_are_numbered(several, clerk):
    page = sheet(clerk.get(reverse("suggestions:export")))
    assert page.column_dimensions["O"].hidden
    assert page.column_dimensions["P"].hidden
    assert page["K2"].value.startswith("1. ")
    assert {cell.number_format for cell in page["A"][1:] if cell.value} == {"@"}


def test_formulas_in_text_stay_text(world, clerk):
    words = '=HYPERLINK("http://x","点我")'
    registered(world, title=words, wished_units="+1+1", note="@SUM(A1)", body="-1 不是公式的正文内容")
    page = sheet(clerk.get(reverse("suggestions:export")))
    for cell in page[2]:
        assert cell.data_type != "f", cell.coordinate
    assert page["B2"].value.lstrip("'") == words


def test_phones_and_certificates_are_exported_only_to_the_office(world, several, client):
    client.force_login(world.gov)
    rows = list(sheet(client.get(reverse("suggestions:export"))).values)
    flat = "".join(str(value) for row in rows for value in row)
    assert "84441234" not in flat
    assert "HN14" not in flat
    assert "关于农村公路" in flat


def test_export_queries_do_not_grow_with_rows(world, clerk, django_assert_max_num_queries):
    registered(world, cosigners=[world.cosigner])
    with django_assert_max_num_queries(30) as few:
        b"".join(clerk.get(reverse("suggestions:export")).streaming_content)
    for _ in range(20):
        registered(world, cosigners=[world.cosigner])
    with django_assert_max_num_queries(len(few.captured_queries)):
        b"".join(clerk.get(reverse("suggestions:export")).streaming_content)


def test_the_printed_list_carries_its_conditions(several, clerk):
    page = text_of(clerk.get(reverse("suggestions:list_print"), {"words": "水库"}))
    assert "查找：水库" in page
    assert "共 1 件" in page


def test_every_status_has_its_place_in_a_tab_or_is_in_all(several):
    """页签没有落下在册的状态。"""
    from suggestions.listing import TABS

    shown = {status for tab in TABS for status in tab.statuses}
    apart = {"draft", "cosigning", "merged", "withdrawn"}
    assert shown | apart == set(SuggestionStatus.values)


