"""真的浏览器里：速录只用键盘，审查只用键盘，相近提示，代表在手机上、不开脚本也写得成。"""
import pytest

from lianluo.web.models import Draft
from suggestions.models import Suggestion

from .drafts import BODY, TITLE, cosigning, draft, entered, registered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_fast_entry_with_keys_only(world, browse):
    """场景 2：不碰鼠标录完一件，开出下一张，会议与代表沿用。"""
    page = browse("/office/intake/fast/", world.clerk)
    page.keyboard.type("hyr", delay=30)
    page.wait_for_selector(".typeahead-option")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=cosigners]:focus")
    assert page.input_value("[name=lead_deputy]") == "黄岳若（HN140001）"
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=title]:focus")
    page.keyboard.type(TITLE)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=body]:focus")
    page.keyboard.type(BODY)
    page.keyboard.press("Tab")
    page.keyboard.type("加固大坝")
    page.keyboard.press("Enter")
    page.keyboard.type("疏浚溢洪道")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".banner-success")
    case = Suggestion.objects.get()
    assert (case.title, case.requests.count()) == (TITLE, 2)
    assert page.input_value("[name=lead_deputy]") == "黄岳若（HN140001）"
    assert page.input_value("[name=body]") == ""
    assert page.problems == []


def test_ten_reviewed_in_thirty_keys_and_one_undone(world, browse):
    """场景 7。"""
    for number in range(10):
        entered(world, title=f"关于第{number}号公路的建议")
    page = browse("/office/review/", world.clerk)
    presses = 0
    for _ in range(9):
        page.keyboard.press("1")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        presses += 2
    page.keyboard.press("2")
    page.wait_for_selector("[name=note]:focus")
    page.keyboard.type("写具体些")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    presses += 2
    assert presses <= 30
    assert "今天已审 10 件" in page.inner_text("body")
    with page.expect_navigation():
        page.keyboard.press("u")
    assert Suggestion.objects.filter(status="submitted").count() == 1
    assert Suggestion.objects.filter(status="registered").count() == 9
    assert page.problems == []


def test_ctrl_enter_while_composing_decides_nothing(world, browse):
    entered(world)
    page = browse("/office/review/", world.clerk)
    page.keyboard.press("1")
    page.evaluate("""document.body.dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", ctrlKey: true, keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))""")
    page.wait_for_timeout(300)
    assert Suggestion.objects.get().status == "submitted"


def test_only_the_parts_of_the_chosen_decision_are_shown(world, browse):
    entered(world)
    page = browse("/office/review/", world.clerk)
    assert not page.is_visible("[name=ground]")
    page.keyboard.press("4")
    assert page.is_visible("[name=ground]")
    assert page.is_visible("[name=note]")
    assert not page.is_visible("[name=into]")
    page = browse("/office/review/", world.clerk, script=False)
    assert page.is_visible("[name=ground]"), "没有脚本时各项都在"


def test_the_similar_hint_comes_within_two_seconds_of_leaving_the_title(world, browse):
    """场景 4。"""
    registered(world)
    page = browse("/office/intake/new/", world.clerk)
    page.fill("[name=title]", "关于推进病险水库加固的建议")
    page.keyboard.press("Tab")
    page.wait_for_selector("#similar-panel li", timeout=2000)
    assert "0001" in page.inner_text("#similar-panel")
    assert page.input_value("[name=title]") == "关于推进病险水库加固的建议"
    page.fill("[name=title]", "关于发展油茶产业的建议")
    page.keyboard.press("Tab")
    page.wait_for_selector("#similar-panel >> text=没有找到", timeout=2000)


def test_what_was_typed_is_autosaved_and_listed(world, browse):
    """场景 3。"""
    page = browse("/office/intake/new/", world.clerk)
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", BODY * 5)
    page.fill("[name=requests_1]", "加固大坝")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=草稿已自动保存")
    assert Draft.objects.get().data["requests_1"] == "加固大坝"
    page = browse("/office/intake/", world.clerk)
    page.click(f"text={TITLE}")
    assert page.input_value("[name=body]") == BODY * 5
    assert page.input_value("[name=requests_1]") == "加固大坝"


def test_the_list_filters_without_pressing_search_and_keeps_the_address(world, browse):
    registered(world)
    registered(world, title="关于农村公路的批评", kind="criticism")
    page = browse("/office/suggestions/", world.clerk)
    page.click("summary:has-text('更多条件')")
    page.select_option("#id_kind", "criticism")
    page.wait_for_selector(".table-count >> text=共 1 件")
    assert "kind=criticism" in page.url
    page.click(".chip")
    page.wait_for_selector(".table-count >> text=共 2 件")
    assert page.problems == []


def test_a_deputy_writes_and_submits_on_a_phone_without_script(world, browse):
    page = browse("/my/new/", world.lead_deputy.account, width=360, height=740, script=False)
    page.check("[name=kind][value=suggestion]")
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", BODY)
    page.fill("[name=requests_1]", "加固大坝")
    page.click("text=再加一条")
    assert page.input_value("[name=title]") == TITLE
    assert page.is_checked("[name=kind][value=suggestion]")
    page.fill("[name=requests_3]", "疏浚溢洪道")
    page.check("[name=publish_wish][value=full]")
    page.click("text=下一步：核对提交")
    assert "疏浚溢洪道" in page.inner_text("main")
    page.check("[name=one_matter]")
    page.click("text=提交给人大办事机构")
    case = Suggestion.objects.get()
    assert (case.status, case.requests.count()) == ("submitted", 2)
    assert "已提交" in page.inner_text("h1")


def test_enter_in_the_title_saves_rather_than_adding_a_row(world, browse):
    page = browse("/my/new/", world.lead_deputy.account, width=360, height=740)
    page.fill("[name=title]", TITLE)
    with page.expect_navigation():
        page.press("[name=title]", "Enter")
    assert Suggestion.objects.get().title == TITLE


@pytest.mark.parametrize("zoom", ["1", "3"])
def test_deputy_pages_fit_a_phone_without_sideways_scrolling(world, browse, zoom):
    mine, theirs = draft(world), cosigning(world, lead_deputy=world.other_deputy)
    row = theirs.cosigners.get()
    paths = ["/my/new/", "/my/drafts/", f"/my/{mine.pk}/edit/", f"/my/{mine.pk}/check/", f"/my/{mine.pk}/cosigners/"]
    page = browse(f"/web/display/?text={zoom}&next=/my/new/", world.lead_deputy.account, width=360, height=740)
    for path in paths:
        page.goto(page.url.split("/my/")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, zoom)
        small = page.evaluate(
            "[...document.querySelectorAll('main .button')].filter(b => b.offsetHeight && b.offsetHeight < 44).length"
        )
        assert small == 0, path
    page = browse(f"/my/cosign/{row.pk}/", world.cosigner.account, width=360, height=740)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.problems == []
