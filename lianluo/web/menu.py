"""左侧菜单：取自导航数据，按角色留下看得到的，地址解析不了的不显示。"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Item:
    """一项菜单。``roles`` 为空表示登录即见；``badge`` 是徽标的键；``go`` 是 g 后面那个键。"""

    label: str
    url_name: str
    roles: frozenset[str] = frozenset()
    badge: str = ""
    go: str = ""

    def seen_by(self, roles: frozenset[str]) -> bool:
        return not self.roles or bool(self.roles & roles)


@dataclass(frozen=True)
class Group:
    """一段工作的几项菜单。"""

    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Link:
    """可以画出来的一项。"""

    label: str
    url: str
    badge: str
    go: str


def item(label: str, url_name: str, roles: Iterable[str] = (), badge: str = "", go: str = "") -> Item:
    """写菜单数据用的简写。"""
    return Item(label, url_name, frozenset(str(role) for role in roles), badge, go)


@lru_cache(maxsize=256)
def url_of(name: str) -> str:
    """地址；这一页还没有时为空串。"""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def navigation():
    """导航数据（设置 NAVIGATION 指到哪里就是哪里）。"""
    return import_string(settings.NAVIGATION)


@lru_cache(maxsize=128)
def links_for(roles: frozenset[str]) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """这些角色看得到的菜单：[(段名, 各项)]。"""
    shown = []
    for group in navigation().groups:
        links = tuple(
            Link(entry.label, url_of(entry.url_name), entry.badge, entry.go)
            for entry in group.items
            if entry.seen_by(roles) and url_of(entry.url_name)
        )
        if links:
            shown.append((group.label, links))
    return tuple(shown)


def plain_links(entries: Iterable[Item]) -> tuple[Link, ...]:
    """不分角色的几项（公开栏目），解析不了的不画。"""
    return tuple(Link(entry.label, url_of(entry.url_name), "", "") for entry in entries if url_of(entry.url_name))


def current_url(path: str, urls: Iterable[str]) -> str:
    """当前页属于哪一项：地址前缀最长者。"""
    inside = [url for url in urls if url and path.startswith(url)]
    return max(inside, key=len, default="")


@lru_cache(maxsize=512)
def drawn(roles: frozenset[str], current: str, badges: tuple[tuple[str, str], ...]) -> SafeString:
    """画好的左侧菜单；角色、所在项、徽标都相同的只画一次。"""
    parts = {"menu_groups": links_for(roles), "menu_current": current, "badges": dict(badges)}
    return render_to_string("components/menu.html", parts)


def forget() -> None:
    """清掉缓存（换了 URLCONF 的测试要用）。"""
    for cached in (url_of, links_for, drawn):
        cached.cache_clear()
