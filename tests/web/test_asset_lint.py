"""脚本与样式的底线：Chromium 86 能跑，没有外站，颜色看得清，输入法组字时快捷键不动。"""
import re

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))

#: 新于 Chromium 86 的写法，和它们各自从哪一版才有。
TOO_NEW_CSS = {
    r":has\(": "105", r"@container\b": "105", r"@layer\b": "99", r"@property\b": "85 起行为不一",
    r":is\(": "88", r":where\(": "88", r":not\([^()]*,": "88", r"\binset(?:-inline|-block)?\s*:": "87",
    r"aspect-ratio\s*:": "88", r"accent-color\s*:": "93", r"\b\d+(?:d|s|l)v[hw]\b": "108",
    r"color-mix\(": "111", r"\bok(?:lch|lab)\(": "111", r"text-wrap\s*:": "114",
    r"content-visibility\s*:": "85 起才稳", r"overflow\s*:\s*clip": "90", r"scrollbar-gutter": "94",
    r"@media[^{]*[<>]=?": "104 起的区间写法", r"@starting-style": "117", r"(?:^|[\s;{])translate\s*:": "104",
    r"(?:^|[\s;{])rotate\s*:": "104", r"(?:^|[\s;{])scale\s*:": "104", r"print-color-adjust": "136 起才不要前缀",
}
TOO_NEW_JS = {
    r"\.at\(": "92", r"\.replaceAll\(": "85，国产内核不齐", r"structuredClone": "98",
    r"\?\?=|\|\|=|&&=": "85，国产内核不齐",
    r"\.findLast\(": "97", r"\.toSorted\(|\.toReversed\(|\.with\(": "110", r"Object\.hasOwn\b": "93",
    r"\.hasOwn\(": "93", r"Promise\.any\b": "85", r"\.inert\b": "102", r"crypto\.randomUUID": "92",
    r"^await\b": "89 的顶层 await", r"^\s*(?:static\s+)?#\w+": "类私有成员", r"\.groupBy\(": "117",
    r"AbortSignal\.timeout": "103", r"\.showPicker\(": "99", r"\.requestSubmit\(\).*popover": "114",
    r"\(\?<[=!]": "反向断言，国产内核不齐", r"\bimport\(": "不用模块", r"^\s*(?:import|export)\s": "不用模块",
}
NEVER_JS = {r"\beval\(": "CSP", r"new Function": "CSP", r"document\.write": "CSP", r"\.style\.\w+\s*=": "行内样式",
            r"setAttribute\(\s*['\"]style": "行内样式", r"\balert\(|\bconfirm\(|\bprompt\(": "不用弹窗，用确认页",
            r"https?://": "外站"}


def code(text: str) -> str:
    """去掉注释，免得说明里的字被当成代码。"""
    return re.sub(r"/\*.*?\*/|(?<![:'\"])//[^\n]*", "", text, flags=re.S)


def found(text: str, rules: dict[str, str]) -> list[str]:
    return [f"{rule}（{why}）" for rule, why in rules.items() if re.search(rule, code(text), flags=re.M)]


def nested(text: str) -> bool:
    """CSS 嵌套（112）：花括号里又有选择器；@media 之内一层除外。"""
    depth, at_rules = 0, 0
    for piece in re.findall(r"[^{}]*[{}]", code(text)):
        if piece.endswith("{"):
            if piece.strip().startswith("@"):
                at_rules += 1
            elif depth - at_rules >= 1:
                return True
            depth += 1
        else:
            depth -= 1
            at_rules = min(at_rules, depth)
    return False


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_stay_within_the_browser_floor(sheet):
    text = sheet.read_text("utf-8")
    assert found(text, TOO_NEW_CSS) == []
    assert not nested(text)
    assert "url(" not in code(text) and "@import" not in text


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_stay_within_the_browser_floor(script):
    text = script.read_text("utf-8")
    assert found(text, TOO_NEW_JS) == []
    assert found(text, NEVER_JS) == []


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("a:has(b){}", TOO_NEW_CSS), ("a{inset:0}", TOO_NEW_CSS), ("a{height:100dvh}", TOO_NEW_CSS),
        ("a:is(b,c){}", TOO_NEW_CSS), ("@media (width >= 600px){}", TOO_NEW_CSS), ("a{accent-color:red}", TOO_NEW_CSS),
        ("list.at(-1)", TOO_NEW_JS), ("a ??= b", TOO_NEW_JS), ("structuredClone(a)", TOO_NEW_JS),
        ("x.replaceAll('a','b')", TOO_NEW_JS), ("await fetch(u)", TOO_NEW_JS),
        ("box.style.width = '3px'", NEVER_JS), ("confirm('删除')", NEVER_JS),
    ],
)
def test_the_lint_finds_what_is_too_new(text, rules):
    """反证：每一种都认得出。"""
    assert found(text, rules)


def test_the_lint_tells_nesting_from_media_rules():
    assert nested("a { color: red; & b { color: blue; } }")
    assert not nested("@media print { a { color: red; } b { color: blue; } }")


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=lambda path: path.name)
def test_no_asset_grows_too_long(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_all_assets_of_a_page_stay_small():
    """代表手机与乡镇网络：样式脚本合起来不超过 150 KB（htmx 另计）。"""
    assert sum(path.stat().st_size for path in [*SHEETS, *SCRIPTS]) <= 150_000


# ── 颜色 ──
def tokens(high: bool = False) -> dict[str, str]:
    text = (STATIC / "css" / "tokens.css").read_text("utf-8")
    plain, _, contrast = text.partition("html.contrast-high")
    values = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", plain))
    return {**values, **dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", contrast))} if high else values


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


SOFT = ("red", "orange", "yellow", "green", "blue", "grey")
TEXT_PAIRS = [
    *[(ink, ground) for ink in ("text", "muted", "link", "link-visited") for ground in ("surface", "page", "sunken")],
    *[(colour, "hover") for colour in ("text", "muted", "link", "primary-dark")],
    *[(colour, "selected") for colour in ("text", "blue", "muted")],
    *[(colour, f"{colour}-soft") for colour in SOFT],
    *[(colour, "surface") for colour in SOFT],
    *[("text", f"{colour}-soft") for colour in SOFT],
    ("on-primary", "primary"), ("on-primary", "primary-dark"), ("on-bar", "bar"), ("on-head", "head"), ("text", "mark"),
]
SHAPE_PAIRS = [
    *[(f"lamp-{colour}", "surface") for colour in ("green", "yellow", "orange", "red", "grey")],
    ("line-strong", "surface"), ("focus", "surface"), ("focus", "page"), ("primary", "surface"), ("primary", "sunken"),
]


@pytest.mark.parametrize("high", [False, True], ids=["平常", "高对比"])
@pytest.mark.parametrize(("colour", "ground"), TEXT_PAIRS, ids=lambda value: str(value))
def test_text_is_readable(colour, ground, high):
    palette = tokens(high)
    assert contrast(palette[colour], palette[ground]) >= (7 if high else 4.5)


@pytest.mark.parametrize("high", [False, True], ids=["平常", "高对比"])
@pytest.mark.parametrize(("colour", "ground"), SHAPE_PAIRS, ids=lambda value: str(value))
def test_shapes_and_frames_are_visible(colour, ground, high):
    palette = tokens(high)
    assert contrast(palette[colour], palette[ground]) >= 3


def test_the_measure_itself_is_right():
    """量过的三个数。"""
    assert round(contrast("#1f2329", "#ffffff"), 1) == 15.8
    assert round(contrast("#a4161a", "#fde8e8"), 2) == 6.60
    assert round(contrast("#b3171c", "#ffffff"), 2) == 6.87


def test_the_palette_is_the_measured_one():
    palette = tokens()
    given = {
        "text": "#1f2329", "muted": "#5c6470", "link": "#1a56a8", "head": "#b3171c", "red": "#a4161a",
        "red-soft": "#fde8e8", "yellow": "#7a4b00", "yellow-soft": "#fff4d6", "green": "#0b5d2e",
        "green-soft": "#e3f5e9", "blue": "#0b4a8f", "blue-soft": "#e4effb", "grey": "#454b54", "grey-soft": "#eef0f3",
    }
    assert {name: palette[name] for name in given} == given


def test_elder_pages_start_at_twenty_pixels_and_reach_thirty():
    text = (STATIC / "css" / "tokens.css").read_text("utf-8")
    sizes = dict(re.findall(r"html\.elder([.\w-]*) \{ font-size: ([\d.]+)%", text))
    assert {name: float(size) * 16 / 100 for name, size in sizes.items()} == {"": 20, ".text-2": 24, ".text-3": 30}


def test_motion_can_be_switched_off_and_focus_is_three_pixels():
    text = (STATIC / "css" / "base.css").read_text("utf-8")
    assert "prefers-reduced-motion" in text
    assert re.search(r":focus-visible \{ outline: 3px solid", text)


# ── 输入法 ──
@pytest.mark.parametrize("name", ["keys.js", "typeahead.js"])
def test_keys_are_dead_while_an_input_method_composes(name):
    text = (STATIC / "js" / name).read_text("utf-8")
    assert re.search(r"event\.isComposing \|\| event\.keyCode === 229", text)


def test_the_input_method_guard_stands_before_every_other_key():
    body = (STATIC / "js" / "keys.js").read_text("utf-8").partition('addEventListener("keydown"')[2]
    first = body.partition("\n")[2].strip().partition("\n")[0]
    assert first == "if (isComposing(event)) { return; }"
