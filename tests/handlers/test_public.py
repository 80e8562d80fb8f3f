"""公开页：只有公开了的数据，代表的个人信息一个字节也没有，没有脚本也能查能看。"""
import json
import re

import pytest
from django.urls import reverse

from handlers import public_text
from handlers.actions import publishing
from handlers.letters import Section
from handlers.models import Reply, ReplyItem
from suggestions.models import Suggestion
from tests.handlers import replied
from tests.handlers.replied import TODAY, delivery, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
PHONE, ID_CARD, HOME = "13912345678", "430102197001011234", "长沙市开福区湘雅路18号3栋502室"


def page_of(client, reply: Reply, **params) -> str:
    return client.get(address(reply), params).content.decode()


def address(reply: Reply) -> str:
    case = reply.assignment.suggestion
    return f"/pub/{case.session.code}/{case.number:04d}/"


def wish(reply: Reply, **values) -> Reply:
    """改一改代表的意愿，重新取答复。"""
    Suggestion.objects.filter(pk=reply.assignment.suggestion_id).update(**values)
    return Reply.objects.get(pk=reply.pk)


# ── 首页与查找 ──
def test_the_home_page_needs_no_login_and_shows_published_replies_only(world, client):
    shown = replied.published(world)
    hidden = replied.replied(world, title="关于没有公开的建议")
    text = client.get("/").content.decode()
    assert "关于加强湘江支流治理的建议" in text and address(shown) in text
    assert "没有公开的建议" not in text and address(hidden) not in text
    assert "<form" in text and 'name="q"' in text


def test_an_empty_site_says_so(client, world):
    assert "还没有公开的答复" in client.get("/").content.decode()


@pytest.mark.parametrize("words", ["支流 治理", "第{number}号", "{number}", "湘水建", "湖南省水利厅", "资金已下达"])
def test_a_reply_is_found_by_words_or_number(world, client, words):
    reply = replied.published(world)
    query = words.format(number=f"{reply.assignment.suggestion.number:04d}")
    text = client.get("/pub/", {"q": query}).content.decode()
    assert address(reply) in text
    assert address(reply) not in client.get("/pub/", {"q": f"{query} 高铁"}).content.decode()


def test_filters_live_in_the_address_and_count_what_is_there(world, client):
    replied.published(world)
    home = client.get("/")
    facets = {name: [(one.value, one.label, one.count) for one in options] for name, _, options in
              home.context["facets"]}
    assert facets["session"] == [("14-4", "十四届四次会议", 1)]
    assert facets["unit"] == [(str(world.water.unit.pk), "省水利厅", 1)]
    assert facets["result"] == [("A", "已经解决或基本解决", 1)]
    for params, found in [
        ({"session": "14-4"}, 1), ({"session": "14-3"}, 0), ({"unit": world.water.unit.pk}, 1),
        ({"unit": world.transport.unit.pk}, 0), ({"unit": "abc"}, 0), ({"result": "A"}, 1), ({"result": "C"}, 0),
    ]:
        assert client.get("/", params).context["page"].total == found, params


def test_nothing_found_offers_to_drop_the_conditions(world, client):
    replied.published(world)
    text = client.get("/", {"q": "高铁", "result": "A"}).content.decode()
    assert "没有找到合条件的答复" in text and "去掉查找的词" in text and "去掉条件" in text


def test_the_list_is_paged(world, client):
    reply = replied.published(world)
    assert client.get("/", {"page": "2"}).context["page"].number == 1
    assert client.get("/", {"size": "50"}).context["page"].size == 50 and reply.pk


def test_search_terms_are_shown_as_text(world, client):
    text = client.get("/pub/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in text


def test_public_pages_need_few_queries(world, client, django_assert_max_num_queries):
    reply = replied.publish(world, replied.promised(world))
    for number in range(3):
        replied.published(world, title=f"关于第{number}条河的建议")
    for url in ("/", "/pub/?q=治理", address(reply)):
        client.get(url)
        with django_assert_max_num_queries(10):
            assert client.get(url).status_code == 200


# ── 一份答复 ──
def test_the_reply_page_carries_letter_metadata_and_machine_time(world, client):
    reply = replied.published(world)
    text = page_of(client, reply)
    number = reply.document_number
    for words in (
        "资金已下达", number, "索引号", "发布机构", "湖南省水利厅", "主题分类", "全文公开", "领衔代表：黄岳若",
        "支流水质下降", "建立湘江支流生态补偿机制",
    ):
        assert words in text, words
    assert re.search(r"〔\d{4}〕\d+号", number) and number in text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S).group(1))
    assert data["datePublished"].startswith(str(TODAY.year)) and "黄岳若" not in json.dumps(data, ensure_ascii=False)


def test_an_unpublished_reply_has_no_page(world, client):
    reply = replied.replied(world)
    assert client.get(address(reply)).status_code == 404
    for url in ("/pub/14-4/9999/", "/pub/14-4/abc/", "/pub/9-9/0001/", "/pub/14-4/b0001/", "/pub/14-4/99999999999/"):
        assert client.get(url).status_code == 404


def test_a_summary_shows_the_summary_only(world, client):
    reply = replied.published(world, published_as="summary", summary="已建立补偿机制。")
    text = page_of(client, reply)
    assert "已建立补偿机制。" in text and "资金已下达" not in text and "答复摘要" in text
    assert address(reply) not in client.get("/pub/", {"q": "资金已下达"}).content.decode()


def test_a_taken_down_reply_leaves_a_stub_with_date_and_reason(world, client):
    reply = replied.published(world)
    publishing.take_down(reply, reason="文中数据有误", actor=world.clerk, today=TODAY)
    page = client.get(address(reply))
    text = page.content.decode()
    assert page.status_code == 200 and "撤下" in text and "文中数据有误" in text and "noindex" in text
    assert "资金已下达" not in text and address(reply) not in client.get("/").content.decode()
    assert address(reply) not in client.get("/sitemap.xml").content.decode()


def test_the_rating_is_shown_only_with_consent(world, client):
    agreed, silent = replied.published(world), replied.published(world, title="关于另一条河的建议")
    rate(delivery(agreed), agrees_to_publish=True)
    rate(delivery(silent), agrees_to_publish=False)
    assert "代表评价：满意" in page_of(client, agreed)
    assert "代表评价：" not in page_of(client, silent)


def test_promises_show_their_progress(world, client):
    from supervision.actions import progress
    from supervision.models import LedgerEntry

    reply = replied.publish(world, replied.promised(world))
    progress.add_progress(
        LedgerEntry.objects.get(kind="promise"), text="已完成一段", figure="3/10 公里", happened_on=TODAY,
        actor=world.water.officer, today=TODAY,
    )
    text = page_of(client, reply)
    assert "清淤十公里" in text and "3/10 公里" in text and "正在落实" in text


def test_two_rounds_are_both_there_newest_first(world, client):
    first = replied.published(world)
    replied.dislike(delivery(first))
    second = replied.publish(world, replied.again(first.assignment, world.water))
    assert "再次答复" in page_of(client, second) and f"?reply={first.pk}" in page_of(client, second)
    old = client.get(address(first), {"reply": first.pk}).content.decode()
    assert "再次答复" not in old.split("<h2>答复全文")[1]
    assert f'rel="canonical" href="http://testserver{address(first)}?reply={first.pk}"' in old  # 二维码同一个地址
    listed = re.findall(r'<h3><a href="([^"]+)"', client.get("/").content.decode())
    assert listed == [address(second), f"{address(first)}?reply={first.pk}"]


def test_a_merged_case_leads_to_the_main_one(world, client):
    reply = replied.published(world)
    main = reply.assignment.suggestion
    Suggestion.objects.create(
        congress=world.congress, session=world.session, number=77, status="merged", merged_into=main, title="并入的",
        body="内容", lead_deputy=world.other_deputy, delegation=world.zhuzhou, made_by=world.clerk,
    )
    assert client.get("/pub/14-4/0077/").url == address(reply)
    assert address(reply) in client.get("/pub/", {"q": "0077"}).content.decode()


# ── 代表的意愿与个人信息 ──
def test_full_consent_shows_the_text(world, client):
    reply = replied.published(world)
    assert "支流水质下降" in page_of(client, reply)


def test_title_consent_hides_the_text_and_the_quotes(world, client):
    reply = wish(replied.published(world), publish_wish="title")
    text = page_of(client, reply)
    assert "关于加强湘江支流治理的建议" in text
    assert "支流水质下降" not in text and "建立湘江支流生态补偿机制" not in text
    assert "一、关于您提出的第1条" in text


def test_no_consent_hides_the_title_too_even_from_search(world, client):
    reply = wish(replied.published(world), publish_wish="none")
    number = f"{reply.assignment.suggestion.number:04d}"
    for url in (address(reply), "/", "/pub/?q=资金已下达", "/sitemap.xml"):
        text = client.get(url).content.decode()
        assert "湘江支流" not in text, url
    assert f"第{number}号建议" in page_of(client, reply) and "资金已下达" in page_of(client, reply)
    assert address(reply) not in client.get("/pub/", {"q": "湘江支流"}).content.decode()


def test_no_consent_hides_the_names_of_the_deputies(world, client):
    reply = replied.published(world, cosigners=[world.cosigner])
    assert "黄岳若" in page_of(client, reply) and "贺景" in page_of(client, reply)  # 反证：同意时出现
    text = page_of(client, wish(reply, publish_wish="none"))
    assert "黄岳若" not in text and "贺景" not in text and "提出建议的代表：" in text


@pytest.mark.parametrize(("agreed", "seen"), [("full", True), ("title", False), ("none", False)])
def test_requests_quoted_in_a_reply_follow_the_wish(world, client, agreed, seen):
    """答复正文里逐字引的具体建议：同意全文公开的才出现，列表、页面、查找都一样。"""
    quoted = "建立湘江支流生态补偿机制"
    reply = wish(replied.published(world), publish_wish=agreed)
    ReplyItem.objects.filter(reply=reply).update(text=f"关于“{quoted}；”，资金已下达。")
    for url in ("/", address(reply)):
        assert (quoted in client.get(url).content.decode()) is seen, url
    assert ("关于所提建议，资金已下达。" in page_of(client, reply)) is not seen
    assert (address(reply) in client.get("/pub/", {"q": "生态补偿"}).content.decode()) is seen


def test_a_withheld_row_says_whose_reply_it_is_and_why(world, client):
    reply = wish(replied.published(world), publish_wish="none")
    text = client.get("/").content.decode()
    assert f"湖南省水利厅对第{reply.assignment.suggestion.number:04d}号建议的答复" in text
    assert "没有同意公开标题和原文" in text and "资金已下达" not in text


def test_a_blank_wish_counts_as_title_only(world, client):
    reply = wish(replied.published(world), publish_wish="")
    text = page_of(client, reply)
    assert "关于加强湘江支流治理的建议" in text and "支流水质下降" not in text


def test_a_hidden_identity_is_hidden_everywhere(world, client):
    reply = replied.published(world, cosigners=[world.cosigner])
    assert "黄岳若" in page_of(client, reply)  # 反证：没有要求时出现
    reply = wish(reply, hides_identity=True, body="黄岳若在调研中发现支流水质下降。")
    text = page_of(client, reply)
    assert "黄岳若" not in text and "贺景" not in text and "长沙代表团" not in text
    assert "提出建议的代表：" in text and "支流水质下降" in text


@pytest.mark.parametrize("values", [{"hides_identity": True}, {"publish_wish": "none"}], ids=["hidden", "withheld"])
def test_a_hidden_name_cannot_be_guessed_by_searching(world, client, values):
    """信文里写着姓名：页面上换掉了，拿姓名去查也不能查到。"""
    reply = replied.published(world)
    reply.items.update(text="黄岳若代表实地看过，资金已下达。")
    hits = lambda: address(reply) in client.get("/pub/", {"q": "黄岳若"}).content.decode()  # noqa: E731
    assert hits()  # 反证：没有要求时查得到
    wish(reply, **values)
    assert not hits()


def test_no_phone_address_or_certificate_reaches_a_public_byte(world, client):
    """把探针放进代表资料、联系方式、建议原文里，公开的每一页都找不到。"""
    deputy = world.lead_deputy
    deputy.phone, deputy.address, deputy.email = PHONE, HOME, "huang@example.com"
    deputy.save()
    reply = replied.published(world, contact_phone="13700001111", cosigners=[world.cosigner])
    reply = wish(
        reply, contact_wish="晚上打13811112222",
        body=f"我的电话{PHONE}，身份证{ID_CARD}，住{HOME}，代表证{deputy.certificate_no}，邮箱{deputy.email}。",
    )
    other = world.cosigner
    canaries = [
        PHONE, ID_CARD, HOME, "湘雅路18号", deputy.certificate_no, deputy.email, "13700001111", "13811112222",
        other.phone, other.certificate_no, other.address,
    ]
    number = reply.assignment.suggestion.number
    urls = ["/", "/pub/", f"/pub/?q={number}", address(reply), "/pub/about/", "/sitemap.xml", "/robots.txt"]
    for url in urls:
        body = client.get(url).content.decode()
        for canary in canaries:
            assert canary not in body, (url, canary)
    assert "（已隐去）" in page_of(client, reply)
    assert address(reply) not in client.get("/pub/", {"q": PHONE}).content.decode()


def test_the_canary_would_be_seen_without_the_guard(world, client, monkeypatch):
    """反证：不隐去时探针就在页面上。"""
    reply = wish(replied.published(world), body=f"我的电话{PHONE}。")
    assert PHONE not in page_of(client, reply)
    monkeypatch.setattr(public_text, "redacted", lambda text, private: text)
    assert PHONE in page_of(client, reply)


@pytest.mark.parametrize(
    ("heading", "shown"),
    [("一、关于“加固大坝”", "一、关于所提建议"), ("二、关于您提出的第2条“清“淤””", "二、关于您提出的第2条"),
     ("三、会办意见采纳情况", "三、会办意见采纳情况"), ("", "")],
)
def test_quotes_leave_the_headings(heading, shown):
    assert public_text._without_quote(heading) == shown and Section(heading, ()).heading == heading


# ── 其余 ──
def test_about_explains_the_words(world, client):
    text = client.get(reverse("public:about")).content.decode()
    for words in ("满意率", "没有收回的不算在内", "A 类", "代表法第五十一条"):
        assert words in text


def test_robots_are_welcome_on_public_pages_only(world, client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /my/" in text and "Disallow: /r/" in text and "Disallow: /pub" not in text
    assert "Sitemap: " in text


def test_the_sitemap_lists_each_page_once(world, client):
    reply = replied.published(world)
    replied.dislike(delivery(reply))
    replied.publish(world, replied.again(reply.assignment, world.water))
    assert client.get("/sitemap.xml").content.decode().count(address(reply)) == 1


def test_public_pages_only_read(world, client):
    for url in ("/", "/pub/", "/pub/about/", "/robots.txt", "/sitemap.xml"):
        assert client.post(url).status_code in (403, 405)
