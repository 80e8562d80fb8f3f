"""模板里随处可用的东西。凡要查库的都是惰性的：不用就不查。"""
from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from . import badges, menu
from .display import html_class

#: 这些角色的人进工作区；只有代表角色的人进代表页。
DEPUTY_ROLE = "deputy"


def site(request: HttpRequest) -> dict:
    """站点文字、显示方式、菜单与徽标。"""
    context = {
        "SITE_NAME": settings.SITE_NAME,
        "ORGAN_NAME": settings.ORGAN_NAME,
        "ORGAN_PHONE": settings.ORGAN_PHONE,
        "ORGAN_ADDRESS": settings.ORGAN_ADDRESS,
        "footer_records": FOOTER_RECORDS,
        "DEMO": settings.DEMO,
        "html_class": html_class(request),
        "here": quote(request.get_full_path()),
        "shell": lambda: shell_for(request),
        "identity": lambda: getattr(request.user, "role_names", ""),
        "menu_groups": SimpleLazyObject(lambda: menu.links_for(_roles(request))),
        "side_menu": lambda: _side_menu(request, context["badges"]),
        "badges": SimpleLazyObject(lambda: _badges(request)),
        "public_menu": SimpleLazyObject(lambda: menu.plain_links(menu.navigation().public)),
        "public_foot": SimpleLazyObject(lambda: menu.plain_links(menu.navigation().public_foot)),
        "public_current": lambda: _public_current(request),
        "go": SHORTCUTS,
    }
    return context


class Shortcuts:
    """外壳要用的几个地址：{{ go.search }}；那一页还没有时为空串。"""

    def __getitem__(self, key: str) -> str:
        return menu.url_of(menu.navigation().shortcuts[key])


SHORTCUTS = Shortcuts()


class FooterRecords:
    """页脚的备案号、标识码等，设了才显示（国办发〔2017〕47号）。"""

    NAMES = (
        ("邮编", "ORGAN_POSTCODE"),
        ("备案号", "SITE_RECORD"),
        ("公安备案", "SITE_POLICE_RECORD"),
        ("政府网站标识码", "SITE_CODE"),
        ("技术支持", "SITE_SUPPORT"),
    )

    def __iter__(self):
        for label, name in self.NAMES:
            text = getattr(settings, name, "")
            if text:
                yield label, text


FOOTER_RECORDS = FooterRecords()


def shell_for(request: HttpRequest) -> str:
    """同一个页面（错误页、设置页）给不同的人套不同的外壳。"""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return "base_public.html"
    roles = _roles(request)
    return "base_deputy.html" if roles == {DEPUTY_ROLE} else "base.html"


def _roles(request: HttpRequest) -> frozenset[str]:
    user = getattr(request, "user", None)
    return frozenset(user.roles) if user is not None and user.is_authenticated else frozenset()


def _side_menu(request: HttpRequest, badges: dict[str, str]) -> SafeString:
    roles = _roles(request)
    urls = (link.url for _, links in menu.links_for(roles) for link in links)
    return menu.drawn(roles, menu.current_url(request.path, urls), tuple(badges.items()))


def _public_current(request: HttpRequest) -> str:
    links = menu.plain_links(menu.navigation().public)
    return menu.current_url(request.path, (link.url for link in links if link.url != "/")) or request.path


def _badges(request: HttpRequest) -> dict[str, str]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {key: badges.shown(number) for key, number in badges.counts(user).items()}
