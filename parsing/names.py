"""Names made searchable: one function makes the keys of a name, one those of a query, for both databases.

The keys are the columns of the search side table: ``norm`` for equality, prefix and display order, ``grams`` for a part
of a name (one and two characters too), ``pinyin`` and ``initials`` for what is typed in Latin letters. Whatever was
normalised here on the way in must be asked for through here too.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from domain.values import frozen
from parsing.companies import TRADES, brand_of, core_of, without_place
from parsing.expressions import expression
from parsing.letters import HAN, fold, is_wide, squeeze, word_set
from parsing.pinyin import syllables
from parsing.surnames import READINGS, titled

SHORTEST_TAIL = 3  # digits of a phone by which somebody can be searched
SHORTEST_INITIALS = 3  # letters: two of them are a word of every other message

_WIDE_RUN = expression(rf"[{HAN}]+|[^{HAN}]+")
_TAG = expression(r"[#＃]([^\s#＃,，、;；]+)")
_DIGITS = expression(r"\+?[\d\s().\-]+")
_LATIN = expression(r"[a-z][a-z ]*")
_UMLAUT = expression(r"(?<![a-z])([ln])(?:ü|yu)|(?<=[a-z])([ln])(?:ü|yu)(?=e|\b)")

# Pairs that stand in nearly every log or in nearly every company's name: they preselect everybody.
_IDLE_WORDS = word_set("""
    拜访 电话 微信 客户 今天 明天 昨天 后天 上午 下午 晚上 早上 中午 下周 上周 这周 本周 周一 周二 周三 周四 周五
    周六 周日 星期 下次 回访 跟进 联系 报价 价格 合同 见了 去了 说了 谈了 聊了 没有 还是 可以 需要 考虑 老板 经理
    我们 他们 对方 一下 这个 那个 就是 已经 觉得 希望 方案 产品 样品 订单 付款 送货 发货 提醒 有限 限公 责任 任公
    股份 份有
""")
_IDLE_PAIRS = frozenset(a + b for word in _IDLE_WORDS | TRADES for a, b in pairwise(word))


@frozen
class SearchKeys:
    """Everything by which one name is found.

    ``norm`` is the whole name; ``grams`` are the characters and pairs of it, the legal form left out; ``pinyin`` and
    ``initials`` have one entry per reading of the surname.
    """

    norm: str
    grams: tuple[str, ...]
    pinyin: tuple[str, ...]
    initials: tuple[str, ...]


@frozen
class SearchQuery:
    """What somebody typed, in the same terms.

    ``grams`` must all be among a name's; ``letters`` is set where pinyin or initials may be meant, ``digits`` where a
    part of a phone number may be, ``tag`` where a tag was named.
    """

    norm: str
    grams: tuple[str, ...]
    letters: str | None = None
    digits: str | None = None
    tag: str | None = None


@lru_cache(maxsize=8192)
def norm_of(name: str) -> str:
    """Half-width, lower case, Simplified, without accents and punctuation; a name of nothing else (😀) as it is."""
    return squeeze(name)[0] or fold(name).strip()


@lru_cache(maxsize=8192)
def search_keys(name: str) -> SearchKeys:
    """The keys under which ``name`` (of a customer, a contact, a nickname) is stored."""
    norm = norm_of(name)
    core = core_of(norm)
    readings = _readings(core)
    tight = core.replace(" ", "")
    singles = (char for char in tight if is_wide(char))
    return SearchKeys(
        norm=norm,
        grams=_unique((*singles, *(a + b for a, b in pairwise(tight)))) or _unique(tight),
        pinyin=_unique("".join(parts) for parts in readings if parts),
        initials=_unique("".join(part[0] for part in parts) for parts in readings if parts),
    )


def query_keys(text: str) -> SearchQuery:
    """What ``text`` asks for: a name or part of one, pinyin or initials, the end of a phone number, a tag."""
    tag = next((norm for word in _TAG.findall(text) if (norm := norm_of(word))), None)
    rest = _TAG.sub(" ", text) if tag else text
    norm, folded = norm_of(rest), fold(rest)
    spoken = norm if (typed := keyed(folded)) == folded else norm_of(typed)
    digits = re.sub(r"\D", "", folded) if _DIGITS.fullmatch(folded.strip()) else ""
    return SearchQuery(
        norm=norm,
        grams=_unique(gram for word in core_of(norm).split(" ") for gram in _grams_of_word(word)),
        letters=spoken.replace(" ", "") if _LATIN.fullmatch(spoken) else None,
        digits=digits if len(digits) >= SHORTEST_TAIL else None,
        tag=tag,
    )


def tag_norm(tag: str) -> str:
    """A tag as it is compared: without ``#``, like a name."""
    return norm_of(tag.lstrip("#＃"))


def gram_probe(text: str) -> tuple[str, ...]:
    """Pairs of characters of a whole message, by any of which a name in it can be preselected from the index.

    Pairs of everyday words of logs and companies are left out: a name that consists of such pairs alone is found by
    its ``norm`` only.
    """
    norm = norm_of(text)
    pairs = (a + b for a, b in pairwise(norm) if a != " " and b != " ")
    return _unique(pair for pair in pairs if pair not in _IDLE_PAIRS and not pair.isdigit())


def word_probe(text: str) -> tuple[str, ...]:
    """Latin words of a message, single and two or three joined, to be looked up as pinyin or initials."""
    words = re.findall(r"[a-z]+", norm_of(keyed(fold(text))))
    joined = ("".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1))
    return _unique(word for word in joined if SHORTEST_INITIALS <= len(word) <= 24)


def tail_probe(text: str) -> tuple[str, ...]:
    """Last four digits of every number of a message that may be the end of a phone number."""
    return _unique(number[-4:] for number in re.findall(r"\d{4,}", re.sub(r"(?<=\d)[ \-](?=\d)", "", fold(text))))


def surname_probe(text: str) -> tuple[str, ...]:
    """Surnames of people that a message calls by surname and title: 李总, 王姐, 小陈."""
    return _unique(surname for _, _, surname in titled(fold(text)))


def keyed(folded: str) -> str:
    """ü in pinyin as keyboards have it: lü and lyu are lv."""
    return _UMLAUT.sub(lambda match: f"{match[1] or match[2]}v", folded)


def _grams_of_word(word: str) -> tuple[str, ...]:
    return tuple(a + b for a, b in pairwise(word)) or ((word,) if word else ())


def _readings(core: str) -> list[list[str]]:
    """Syllables and words of a name, once per reading of its surname; the dictionary's own reading is always one.

    The surname's readings come first for a person (曾伟: zeng wei) and do no harm to a company (重庆火锅: chongqing).
    A company is also known without its city in front, and by its brand alone.
    """
    usual = [part for run in _WIDE_RUN.findall(core) for part in _spoken(run)]
    heads = READINGS.get(core[:2]) or READINGS.get(core[:1]) or ()
    readings = [[*head.split(), *usual[len(head.split()) :]] for head in heads]
    whole = len(usual) == len(core)
    shorter = {brand for brand in (without_place(core), brand_of(core)) if brand != core} if whole else set()
    return [*readings, usual, *(usual[core.find(brand) :][: len(brand)] for brand in sorted(shorter))]


def _spoken(run: str) -> list[str]:
    """Syllables of Chinese characters; of other letters the words themselves."""
    if is_wide(run[0]):
        return list(syllables(run))
    return [part for part in run.split(" ") if part]


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
