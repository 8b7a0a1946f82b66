"""Every sentence of the views is worded in both Chinese scripts, once, with the same gaps, in that script's own words."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import opencc
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from views.language import LOCALES, Translator, catalogue

VIEWS = Path(__file__).parents[2] / "views"
CHINESE = tuple(locale for locale in LOCALES if locale != "en")
GAP = re.compile(r"\{(\w*)\}")
TAG = re.compile(r"</?(\w+)>")
Key = tuple[str | None, str | tuple[str, str]]

# Taiwan's words for what the mainland calls otherwise; each pair is (not to be written, to be written).
MAINLAND = {
    "數據": "資料",
    "信息": "訊息",
    "消息": "訊息",
    "文件": "檔案",
    "導入": "匯入",
    "導出": "匯出",
    "設置": "設定",
    "手機號": "行動電話",
    "通過": "透過",
    "質量": "品質",
    "默認": "預設",
    "軟件": "軟體",
    "網絡": "網路",
    "鏈接": "連結",
    "聯系": "聯絡",
    "服務器": "伺服器",
    "賬號": "帳號",
    "登錄": "登入",
    "添加": "新增",
    "菜單": "選單",
    "幫助": "說明",
    "發送": "傳送",
    "轉發": "轉傳",
    "點擊": "點選",
    "屏幕": "螢幕",
    "視頻": "影片",
    "短信": "簡訊",
    "優化": "最佳化",
    "創建": "建立",
    "刷新": "重新整理",
    "郵箱": "電子郵件",
    "撤銷": "復原",
    "查找": "搜尋",
}
SAME_IN_BOTH = frozenset("群台了里干")  # at home in both scripts, though a converter knows another one
ASCII_STOPS = re.compile(r"[\u4e00-\u9fff][,;!?]|[,;!?][\u4e00-\u9fff]")


def asked_for() -> dict[Key, list[str]]:
    """Every message that the views ask the catalogues for, and where."""
    found: dict[Key, list[str]] = defaultdict(list)
    for path in sorted(VIEWS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                for key in _keys(node.func.attr, node.args):
                    found[key].append(f"{path.name}:{node.lineno}")
    return found


def _keys(function: str, arguments: list[ast.expr]) -> Iterator[Key]:
    words = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    match function, words:
        case "gettext", [message]:
            yield None, message
        case "ngettext", [one, many]:
            yield None, (one, many)
        case "pgettext", [context, message]:
            yield context, message


def messages(locale: str) -> Iterator[tuple[str, Message]]:
    """All messages of a language with the feature whose catalogue holds them."""
    for path in sorted((VIEWS / "locales" / locale).glob("*.po")):
        with path.open("rb") as file:
            yield from ((path.stem, message) for message in read_po(file, locale=locale) if message.id)


def english_of(message: Message) -> str | tuple[str, str]:
    """The message's key: a text, or the two forms of a plural."""
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def key_of(message: Message) -> Key:
    return message.context, english_of(message)


def text_of(message: Message) -> str:
    words = message.string or ""
    return words if isinstance(words, str) else "\n".join(words)


ASKED = asked_for()


def test_messages_are_written_out_where_they_are_asked_for() -> None:
    """A message in a variable would be invisible here, and so could stay unworded."""
    hidden = []
    for path in sorted(VIEWS.glob("*.py")):
        if path.stem == "language":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("gettext", "ngettext", "pgettext")
                and not list(_keys(node.func.attr, node.args))
            ):
                hidden.append(f"{path.name}:{node.lineno}")
    assert not hidden


@pytest.mark.parametrize("locale", CHINESE)
def test_every_message_is_worded(locale: str) -> None:
    known = {key_of(message) for _, message in messages(locale)}
    assert not {f"{key} ({places[0]})" for key, places in ASKED.items() if key not in known}


@pytest.mark.parametrize("locale", CHINESE)
def test_no_message_is_left_over(locale: str) -> None:
    assert not [(feature, message.id) for feature, message in messages(locale) if key_of(message) not in ASKED]


@pytest.mark.parametrize("locale", CHINESE)
def test_the_same_english_has_the_same_words_everywhere(locale: str) -> None:
    worded: dict[Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for feature, message in messages(locale):
        worded[key_of(message)][text_of(message)].append(feature)
    assert not {key: dict(words) for key, words in worded.items() if len(words) > 1}


@pytest.mark.parametrize("locale", CHINESE)
def test_nothing_is_empty_or_fuzzy(locale: str) -> None:
    assert not [
        (feature, message.id)
        for feature, message in messages(locale)
        if message.fuzzy or not text_of(message).strip() or text_of(message) in (message.id, "".join(message.id))
        if re.search(r"[A-Za-z]{3}", GAP.sub("", TAG.sub("", str(message.id))))
    ]


@pytest.mark.parametrize("locale", CHINESE)
def test_words_keep_the_gaps_and_the_markup(locale: str) -> None:
    wrong = []
    for feature, message in messages(locale):
        english = message.id if isinstance(message.id, str) else message.id[1]  # the form with all gaps
        text = text_of(message)
        if set(GAP.findall(english)) != set(GAP.findall(text)):
            wrong.append((feature, english, text))
        if sorted(TAG.findall(english)) != sorted(TAG.findall(text)):
            wrong.append((feature, english, text))
    assert not wrong


@pytest.mark.parametrize("locale", CHINESE)
def test_every_catalogue_names_its_language(locale: str) -> None:
    """Without the header gettext silently loses plurals."""
    for path in sorted((VIEWS / "locales" / locale).glob("*.po")):
        head = path.read_text().partition("\n\n")[0]
        assert f'"Language: {locale}\\n"' in head, path
        assert "charset=UTF-8" in head and "nplurals=1; plural=0;" in head, path


@pytest.mark.parametrize("locale", CHINESE)
def test_every_message_is_found_as_babel_reads_it(locale: str) -> None:
    words, plurals = catalogue(locale), 0
    for feature, message in messages(locale):
        if isinstance(message.id, str):
            context = message.context
            found = words.pgettext(context, message.id) if context else words.gettext(message.id)
            assert found == text_of(message), feature
            continue
        plurals += 1
        for n in (1, 2, 7):
            assert words.ngettext(message.id[0], message.id[1], n) == text_of(message), feature
    assert plurals


def test_the_catalogues_are_found_by_a_translator() -> None:
    for locale in CHINESE:
        t = Translator(locale, ZoneInfo("Asia/Shanghai"))
        assert all(t.gettext(key[1]) != key[1] for key in ASKED if key[0] is None and key[1] == "Back")


def test_both_scripts_have_the_same_catalogues() -> None:
    first, second = ({path.stem for path in (VIEWS / "locales" / locale).glob("*.po")} for locale in CHINESE)
    assert first == second


# The two scripts ---------------------------------------------------------------------------------------------------


def test_traditional_holds_no_simplified_character() -> None:
    to_traditional = opencc.OpenCC("s2t")
    wrong = []
    for feature, message in messages("zh_Hant"):
        for char in set(text_of(message)):
            if char not in SAME_IN_BOTH and to_traditional.convert(char) != char:
                wrong.append((feature, char, text_of(message)))
    assert not wrong


def test_simplified_holds_no_traditional_character() -> None:
    to_simplified = opencc.OpenCC("t2s")
    wrong = []
    for feature, message in messages("zh_Hans"):
        for char in set(text_of(message)):
            if to_simplified.convert(char) != char:
                wrong.append((feature, char, text_of(message)))
    assert not wrong


@pytest.mark.parametrize("word", sorted(MAINLAND))
def test_traditional_is_written_as_in_taiwan(word: str) -> None:
    found = [(feature, text_of(message)) for feature, message in messages("zh_Hant") if word in text_of(message)]
    assert not found, f"write {MAINLAND[word]}"


@pytest.mark.parametrize("locale", CHINESE)
def test_chinese_has_its_own_stops(locale: str) -> None:
    """Full-width commas, semicolons, question and exclamation marks between Chinese characters; gaps are names."""
    wrong = []
    for feature, message in messages(locale):
        bare = TAG.sub("", re.sub(r"<code>.*?</code>|<i>.*?</i>", "", text_of(message)))
        if ASCII_STOPS.search(bare):
            wrong.append((feature, text_of(message)))
    assert not wrong
