"""真的浏览器里：快捷键、输入法、批量、查找框、自动保存、重复点击、无障碍、不开脚本也能用。"""
import pytest
from axe_playwright_python.sync_playwright import Axe

from lianluo.web.models import Draft, FormToken

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STYLES = "/web/styles/"
COMPOSING = """(key) => document.body.dispatchEvent(new KeyboardEvent("keydown",
    {key, keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"""
OLD_COMPOSING = """(key) => { const event = new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true});
    Object.defineProperty(event, "keyCode", {value: 229}); document.body.dispatchEvent(event); }"""


@pytest.fixture
def li(person):
    return person("li", "npc_office")


@pytest.fixture
def page(open_page, li):
    opened = open_page(STYLES, account=li)
    yield opened
    assert opened.problems == []


def test_slash_goes_to_search_and_escape_leaves_it(page):
    page.evaluate("document.querySelector('[data-search]') || document.body.insertAdjacentHTML('beforeend', "
                  "'<input data-search id=probe-search>')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.hasAttribute('data-search')")
    page.keyboard.type("?x")
    assert page.query_selector("dialog") is None, "打字时字母不起作用"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")


def test_the_question_mark_shows_the_keys_and_escape_closes(page):
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    assert "去督办台账" in page.inner_text("dialog")
    page.keyboard.press("Escape")
    assert page.query_selector("dialog") is None


def test_single_letters_can_be_switched_off(page):
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    page.check("[data-keys-off]")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.query_selector("tr.is-current") is None


@pytest.mark.parametrize("way", [COMPOSING, OLD_COMPOSING])
def test_nothing_happens_while_an_input_method_composes(page, way):
    for key in ("j", "?", "g", "/"):
        page.evaluate(way, key)
    assert page.query_selector("tr.is-current, dialog, .go-hint") is None
    page.keyboard.press("j")
    assert page.query_selector("tr.is-current"), "反证：不组字时是起作用的"


def test_ctrl_enter_does_nothing_while_composing(page):
    page.fill("#id_title", "修水渠")
    page.evaluate("""() => document.getElementById("id_title").dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", ctrlKey: true, isComposing: true, bubbles: true}))""")
    page.wait_for_timeout(200)
    assert page.title().startswith("构件一览")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".error-summary")
    assert page.title().startswith("错误：")


def test_j_k_and_x_walk_and_tick_rows(page):
    for _ in range(7):
        page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.inner_text("[data-batch-count]") == "已选 1 件"


def test_all_rows_can_be_chosen_and_stay_chosen(page):
    assert page.is_hidden("[data-batch-bar]")
    page.click("[data-batch-head]")
    page.click("[data-batch-all]")
    assert page.inner_text("[data-batch-count]") == "已选 186 件"
    assert page.input_value("[data-batch-all-input]") == "1"
    page.reload()
    assert page.inner_text("[data-batch-count]") == "已选 5 件", "重新打开后本页仍勾着，全部要再说一次"


def test_units_are_found_by_initials_and_short_name(page):
    page.fill("#id_lead_unit_search", "sslt")
    page.keyboard.press("Enter")
    assert page.input_value("#id_lead_unit") == "shuili"
    page.fill("#id_other_units_search", "财政")
    page.keyboard.press("Enter")
    page.fill("#id_lead_unit_search", "科技厅")
    page.keyboard.press("Enter")
    assert page.input_value("#id_lead_unit") == "keji"
    page.fill("#id_lead_unit_search", "省科厅")
    page.keyboard.press("Enter")
    assert page.input_value("#id_lead_unit") == "keji", "各字依次都有的简写也找得到"
    page.fill("#id_other_units_search", "jiaotong 无")
    assert "没有合得上的" in page.inner_text(".typeahead-list:not([hidden])")
    assert page.evaluate("Array.from(document.getElementById('id_other_units').selectedOptions, o => o.value)") == [
        "caizheng"
    ]


def test_typed_text_is_saved_and_survives_a_lost_session(page, li):
    page.fill("#id_body", "修水渠" * 100)
    page.keyboard.press("Control+s")
    page.wait_for_selector(".save-status:has-text('草稿已自动保存')")
    assert Draft.objects.get(account=li).data["body"] == "修水渠" * 100
    page.context.clear_cookies(name="lianluo")
    page.fill("#id_body", "修水渠" * 200)
    page.keyboard.press("Control+s")
    page.wait_for_selector(".save-status:has-text('登录已过期')")
    page.reload()
    page.click("text=取回这份文字")
    assert page.input_value("#id_body") == "修水渠" * 200
    page.problems.clear()


def test_a_double_click_submits_once(page):
    page.fill("#id_title", "修水渠")
    page.evaluate("""() => { window.sent = 0; const form = document.querySelector("form[data-primary]");
        form.addEventListener("submit", (event) => { window.sent += 1; event.preventDefault(); }); }""")
    page.dblclick("text=登记并编号")
    assert page.evaluate("window.sent") == 1
    assert page.get_attribute("text=登记并编号", "aria-disabled") == "true"


def test_errors_are_focused_and_lead_to_their_fields(page):
    page.click("text=登记并编号")
    page.wait_for_selector(".error-summary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.click(".error-summary a >> text=选择形式")
    assert page.evaluate("document.activeElement.id") == "id_kind_0"


def test_without_scripts_everything_is_still_there(open_page, li):
    bare = open_page(STYLES, account=li, script=False)
    assert bare.is_visible("[data-batch-bar]")
    assert bare.is_visible("#id_lead_unit")
    bare.fill("#id_title", "修水渠")
    bare.click("text=登记并编号")
    assert "选择形式" in bare.inner_text(".error-summary")
    assert FormToken.objects.count() == 0


@pytest.mark.parametrize("size", ["1", "3"])
@pytest.mark.parametrize("shell", ["staff", "deputy", "public"])
def test_a_phone_never_scrolls_sideways(open_page, li, shell, size):
    page = open_page(f"{STYLES}?shell={shell}", account=li, width=360, height=740, cookies={"lianluo-text": size})
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_targets_of_deputies_are_sixty_pixels_high(open_page):
    page = open_page(f"{STYLES}?shell=deputy", width=360, height=740)
    small = page.evaluate("""() => Array.from(document.querySelectorAll(
        ".deputy .button, .choices-big .choice, .big-link, .call, .deputy-switch, .deputy .back-link"))
        .filter((one) => one.getBoundingClientRect().height < 60).map((one) => one.textContent.trim())""")
    assert small == []
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "20px"


@pytest.mark.parametrize("contrast", ["normal", "high"])
@pytest.mark.parametrize("shell", ["staff", "deputy", "public"])
def test_the_pages_pass_axe(open_page, li, shell, contrast):
    page = open_page(f"{STYLES}?shell={shell}", account=li, cookies={"lianluo-contrast": contrast})
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []


def test_going_back_brings_the_typed_text_back(open_page, li):
    """私人页面不留存（no-store），后退回来表单本来是空的。"""
    page = open_page("/case/", account=li)
    page.fill("#id_title", "修水渠")
    page.click("text=登记 >> nth=-1")
    page.wait_for_url("**/cases/1/")
    page.go_back()
    assert page.input_value("#id_title") == "修水渠"
