"""真的手机屏幕上评价：360×740，标准字与一倍半字，点得着、看得清、不横滚。"""
import pytest
from axe_playwright_python.sync_playwright import Axe

from handlers.actions import evaluation_links
from handlers.models import Evaluation
from lianluo.web.display import TEXT_COOKIE
from tests.browser.conftest import browser, person  # noqa: F401  同一套浏览器
from tests.browser.driver import PHONE
from tests.handlers import replied
from tests.handlers.replied import delivery
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEASURE = """() => {
  const root = document.documentElement;
  const box = (e) => e.getBoundingClientRect();
  const shown = (e) => box(e).width > 1 && box(e).height > 1 && !e.closest(".visually-hidden, .skip-link");
  const all = (selector) => Array.from(document.querySelectorAll(selector)).filter(shown);
  const name = (e) => e.textContent.trim().slice(0, 12);
  const targets = all("a, button, summary, textarea, .choice").filter((e) => !e.closest(".error-summary"));
  const words = all("main *").filter((e) => !e.children.length && e.textContent.trim());
  return {
    over: root.scrollWidth - root.clientWidth,
    small: targets.filter((e) => box(e).height < 59.5).map(name),
    tiny: words.filter((e) => parseFloat(getComputedStyle(e).fontSize) < 18).map(name),
    chosen: document.querySelectorAll("main input:checked, main option:checked, main [aria-pressed=true]").length,
  };
}"""


@pytest.fixture
def world(live_server, var_dir, transactional_db) -> World:
    return World()


@pytest.fixture(params=["1", "3"], ids=["标准字", "一倍半字"])
def phone(request, person, live_server):  # noqa: F811
    """一部没有登录的手机，字号照他选的；关掉脚本也一样。"""
    made = person(size=PHONE, script=request.param == "1")
    made.page.context.add_cookies([{"name": TEXT_COOKIE, "value": request.param, "url": live_server.url}])
    return made


def fits(person) -> None:  # noqa: F811
    """这一屏合不合长辈用。"""
    found = person.page.evaluate(MEASURE)
    assert found == {"over": 0, "small": [], "tiny": [], "chosen": 0}, person.path


def test_from_the_link_on_paper_to_the_receipt_in_six_taps(world, phone):
    row = delivery(replied.replied(world))
    token = evaluation_links.issue_link(row, actor=world.clerk, today=replied.RATED)
    phone.go(f"/r/{token}/")
    taps = 0
    for words in ("基本满意", "不满意", "不满意"):
        fits(phone)
        phone.press_exact(words)
        taps += 1
    fits(phone)
    phone.page.locator("label", has_text="没有落实").click()
    phone.press("下一步：核对")
    fits(phone)
    phone.press("提交，不要公开")
    taps += 3
    fits(phone)
    receipt = Evaluation.objects.get()
    phone.sees(receipt.receipt_number, "已启动再次办理")
    assert taps == 6 and receipt.reasons == ["not_done"]


def test_every_page_of_a_deputy_fits_the_phone(world, person, live_server):  # noqa: F811
    reply = replied.replied(world, cosigners=[world.cosigner])
    case = reply.assignment.suggestion_id
    for size in ("1", "3"):
        deputy = person(world.lead_deputy.account, size=PHONE)
        deputy.page.context.add_cookies([{"name": TEXT_COOKIE, "value": size, "url": live_server.url}])
        for path in ("/my/", f"/my/{case}/", f"/my/replies/{reply.pk}/", f"/my/rate/{delivery(reply).pk}/"):
            deputy.go(path)
            fits(deputy)


def test_one_tap_from_home_shows_where_a_suggestion_is(world, person):  # noqa: F811
    reply = replied.replied(world)
    deputy = person(world.lead_deputy.account, size=PHONE)
    deputy.go("/my/").follow(reply.assignment.suggestion.title)
    now = deputy.page.locator(".journey .is-now .journey-what").inner_text()
    assert now == "湖南省水利厅已答复"


@pytest.mark.parametrize("page", ["question", "check", "home", "case", "public"])
def test_machines_find_no_barrier(world, person, page):  # noqa: F811
    reply = replied.published(world)
    deputy = person(world.lead_deputy.account, size=PHONE)
    rate = f"/my/rate/{delivery(reply).pk}/"
    case = reply.assignment.suggestion
    deputy.go({"home": "/my/", "case": f"/my/{case.pk}/", "public": f"/pub/14-4/{case.number:04d}/"}.get(page, rate))
    if page == "check":
        for _ in range(3):
            deputy.press_exact("满意")
    report = Axe().run(deputy.page)
    assert report.violations_count == 0, report.generate_report()
