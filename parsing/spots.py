"""Which of the names somebody may use occur in a message, and where.

Storage preselects the names (``names.gram_probe`` and its sisters), this module judges them letter by letter. A wrong
customer is worse than none: what makes the name in the text another one (李明 in 李明华, 明远 in 明远建材) is no match.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from domain.values import frozen
from parsing.companies import OTHER_TRADE, brand_of, core_of, place_before, without_place
from parsing.expressions import expression
from parsing.letters import APOSTROPHES, HAN, fold, is_wide, squeeze, word_set
from parsing.names import SHORTEST_INITIALS, keyed, norm_of, search_keys
from parsing.surnames import SINGLE, WORDLIKE, split_name, titled


class How(StrEnum):
    """What in the text named the customer, the surest first."""

    NAME = "name"
    NICKNAME = "nickname"
    PART = "part"
    PHONE = "phone"
    PINYIN = "pinyin"
    TITLE = "title"
    INITIALS = "initials"


SCORE = {
    How.NAME: 100,
    How.NICKNAME: 95,
    How.PART: 80,
    How.PHONE: 75,
    How.PINYIN: 70,
    How.TITLE: 60,
    How.INITIALS: 50,
}
_BARE_TITLE = 55  # 伟哥, 阿明: by the given name, where the surname fits nobody


@frozen
class KnownName:
    """One row of what the actor may mean: a customer's name, or a contact's of that customer."""

    customer_id: int
    name: str
    contact_id: int | None = None
    nickname: str | None = None
    person: bool = True
    phones: tuple[str, ...] = ()


@frozen
class Spot:
    """A name found at ``text[start:end]``; several with one span are several customers that fit equally well."""

    start: int
    end: int
    customer_id: int
    contact_id: int | None
    score: int
    how: How


@frozen
class Named:
    """A customer that a message names, and the contact where it is one and the same."""

    customer_id: int
    contact_id: int | None


def spot_names(text: str, names: Iterable[KnownName]) -> tuple[Spot, ...]:
    """Every name that occurs in ``text``, in order; the longest wins, then the surest way of naming."""
    page = _page(text)
    found: list[Spot] = []
    for name in names:
        found.extend(_in_words(page, name))
        if name.person and (page.titles or page.givens):
            found.extend(_by_title(page, name))
        if page.words:
            found.extend(_by_letters(page, name))
        if page.numbers and name.phones:
            found.extend(_by_phone(page, name))
    return _longest(found)


def named(spots: Iterable[Spot]) -> tuple[Named, ...]:
    """The customers that ``spots`` mean, in the order of the text.

    Each name narrows the others (明远科技 李总: the 李 of 明远); a mere title or initials count where no name does.
    """
    groups: dict[tuple[int, int], list[Spot]] = {}
    for spot in spots:
        groups.setdefault((spot.start, spot.end), []).append(spot)
    sets = [{spot.customer_id for spot in group} for group in groups.values()]
    common = set.intersection(*sets) if sets else set()
    sure = [group for group in groups.values() if group[0].score > SCORE[How.TITLE]] or list(groups.values())
    kept = [spot for group in (groups.values() if common else sure) for spot in group]
    if not common and len(sure) > 1:
        common = set.intersection(*({spot.customer_id for spot in group} for group in sure))
    customers = dict.fromkeys(spot.customer_id for spot in kept if not common or spot.customer_id in common)
    return tuple(Named(customer, _contact_of(customer, groups.values())) for customer in customers)


def each_named(spots: Iterable[Spot]) -> tuple[Named, ...]:
    """The customers of a message about several: each named for sure, none of them by words that fit another too."""
    spots = tuple(spots)
    found = named(spots)
    sure = {(s.start, s.end): set[int]() for s in spots if s.score > SCORE[How.TITLE]}
    for spot in spots:
        if (spot.start, spot.end) in sure:
            sure[spot.start, spot.end].add(spot.customer_id)
    meant = [next(iter(customers)) for customers in sure.values() if len(customers) == 1]
    return found if len(found) > 1 and set(meant) == {one.customer_id for one in found} else ()


def _contact_of(customer_id: int, groups: Iterable[list[Spot]]) -> int | None:
    for group in groups:
        contacts = {spot.contact_id for spot in group if spot.customer_id == customer_id and spot.contact_id}
        if len(contacts) == 1:
            return contacts.pop()
    return None


@frozen
class _Page:
    """A message made ready once for all names."""

    text: str
    tight: str  # squeezed, tags masked
    places: list[int]
    titles: tuple[tuple[int, int, str], ...]  # 李总, Mr Wang: with the surname
    givens: tuple[tuple[int, int, str], ...]  # 伟哥, 阿明: with a character of the given name
    words: dict[str, tuple[int, int]]  # Latin words and two or three of them joined
    numbers: tuple[tuple[int, int, str], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1

    def owns(self, place: int) -> bool:
        """Whether an English genitive follows: Tom's assistant."""
        return (
            self.tight[place : place + 1] == "s"
            and self.tight[place + 1 : place + 2] in ("", " ")
            and self.text[self.places[place] - 1] in APOSTROPHES
        )

    def touches(self, place: int) -> bool:
        """Whether the squeezed characters left and right of ``place`` stand side by side in the text."""
        return 0 < place < len(self.places) and self.places[place] - self.places[place - 1] <= 1


_MR = expression(r"\b(?:mr|mrs|ms|miss|mister|dr|prof)\b\.? +([a-z][a-zà-ÿ'\-]+)")
_GIVEN_TITLE = expression(rf"[阿小]([{HAN}])|([{HAN}])[哥姐总]")
_NUMBER = expression(
    r"(?<![\d.:/¥$€£#])(?<!\d[:：.])\+?\d[\d \-]{2,16}\d(?![\d.]*\s*[%年月日号点元块万亿千kw:：/套台个人件箱吨])(?!\d)"
)
_TAIL_SAID = expression(r"(?:尾号|末尾|后四位|尾数|ending(?: in)?)\W*$")
_PRICED = expression(r"(?:价|预算|额|款|金|钱|quoted?|budget|deal|price|order|paid)\W*(?:了|是|为|of|at|is)?\W*$")
_TAGS = expression(r"[#＃][^\s#＃,，、;；]+")


def _page(text: str) -> _Page:
    folded = _TAGS.sub(lambda match: " " * len(match[0]), fold(text))
    tight, places = squeeze(folded)
    titles = [(start, end, surname) for start, end, surname in titled(folded)]
    titles += [(m.start(), m.end(), norm_of(m[1])) for m in _MR.finditer(folded)]
    givens = [(m.start(), m.end(), m[1] or m[2]) for m in _GIVEN_TITLE.finditer(folded)]
    return _Page(text, tight, places, tuple(titles), tuple(givens), _words(folded), tuple(_numbers(folded)))


def _words(folded: str) -> dict[str, tuple[int, int]]:
    """Latin words, and two or three of them that only a blank parts, joined; everyday words left out."""
    typed = keyed(folded)
    if len(typed) != len(folded):  # lyu became lv: places would be wrong
        typed = folded
    words = [(match[0], match.start(), match.end()) for match in re.finditer(r"[a-zü]+", typed)]
    joined: dict[str, tuple[int, int]] = {}
    for count in (1, 2, 3):
        for i in range(len(words) - count + 1):
            run = words[i : i + count]
            if all(later[1] == word[2] + 1 and typed[word[2]] == " " for word, later in pairwise(run)):
                joined.setdefault("".join(word for word, _, _ in run), (run[0][1], run[-1][2]))
    return {word: span for word, span in joined.items() if len(word) >= SHORTEST_INITIALS and word not in EVERYDAY}


def _numbers(folded: str) -> Iterator[tuple[int, int, str]]:
    for match in _NUMBER.finditer(folded):
        digits = re.sub(r"\D", "", match[0])
        said = _TAIL_SAID.search(folded, 0, match.start())
        yearlike = len(digits) == 4 and digits[:2] in ("19", "20")
        if len(digits) >= 7 or said or not (yearlike or _PRICED.search(folded, 0, match.start())):
            yield match.start(), match.end(), digits


def _in_words(page: _Page, name: KnownName) -> Iterator[Spot]:
    for needle, how in _ways(name.name, name.nickname, name.person):
        at = page.tight.find(needle)
        while at >= 0:
            if _stands_alone(page, needle, at, how=how, name=name):
                yield _spot(page.span(at, at + len(needle)), name, how)
            at = page.tight.find(needle, at + 1)


@lru_cache(maxsize=16384)
def _ways(name: str, nickname: str | None, person: bool) -> tuple[tuple[str, How], ...]:
    """The normalised strings by which somebody can be called, each once, the surest way first."""
    norm = norm_of(name)
    ways = [(norm, How.NAME), (core_of(norm), How.NAME)]
    ways += [(norm_of(nick), How.NICKNAME) for nick in re.split(r"[,，、/;；|]", nickname or "")]
    pieces = [norm_of(piece) for piece in re.split(r"[()（）\[\]【】/／|·,，、—-]", name)]
    ways += [(way, How.PART) for piece in pieces if len(pieces) > 1 for way in (piece, brand_of(piece))]
    ways += [(part, How.PART) for part in (_person_parts(norm) if person else _company_parts(norm))]
    first: dict[str, How] = {}
    for needle, how in ways:
        if len(needle) >= 2 and not needle.isdigit():
            first.setdefault(needle, how)
    return tuple(first.items())


def _person_parts(norm: str) -> list[str]:
    split = split_name(norm)
    if split:
        return [split[1]] if len(split[1]) >= 2 else []
    words = norm.split(" ")
    return [words[0], words[-1]] if len(words) > 1 and min(len(words[0]), len(words[-1])) >= 3 else []


def _company_parts(norm: str) -> list[str]:
    core = core_of(norm)
    if is_wide(core[:1]):
        return [without_place(core), brand_of(norm)]
    words = core.split(" ")
    if words[0] in ("the", "la", "le", "les", "el", "die", "der", "das") and len(words) > 1:
        words = words[1:]
    heads = [words[:n] for n in range(1, len(words) + 1)]
    return [" ".join(head) for head in heads if not EVERYDAY.issuperset(head) and len("".join(head)) >= 3]


def _stands_alone(page: _Page, needle: str, at: int, *, how: How, name: KnownName) -> bool:
    """Whether what stands around the needle leaves it the name it is."""
    tight, end = page.tight, at + len(needle)
    before, after = tight[at - 1 : at] if at else "", tight[end : end + 1]
    if not is_wide(needle[0]) and before.isalnum() and not is_wide(before):
        return False
    if not is_wide(needle[-1]) and after.isalnum() and not is_wide(after) and not page.owns(end):
        return False
    if needle in EVERYDAY:
        start, stop = page.span(at, end)
        if not is_wide(needle[0]):
            return page.text[start:stop][:1].isupper()
        return not page.touches(end) and (not page.touches(at) or before in _BEFORE_NAMES)
    if not is_wide(needle[0]):
        return True
    if name.person:
        return not _is_other_person(page, needle, at, how=how, name=name)
    return how is not How.PART or not _is_other_company(page, needle, at, norm=norm_of(name.name))


_BEFORE_NAMES = frozenset("去了到访见找给跟和在约")

# Second characters of given names that seldom begin the word after a name; _WORDS are the words they do begin.
_GIVEN = frozenset(
    "华国军伟强杰涛磊芳娜敏静丽艳娟霞燕玲桂英红梅兰珍莉萍婷雪洁琳蓉倩颖慧巧美凤琴莲环翠雅芝玉荣妹香莺媛瑞凡佳嘉琼贞"
    "卿聪澜毓昭羽希宁馥筠竹霭晓枫芸菲伊舒影荔刚勇毅俊"
    "峰东文辉永健志义兴海山仁波贵福元胜祥武飞彬富顺康星安岩茂林坚彪博诚敬震振群邦乐绍松善庆裕河哲江浩亮谦亨轮翰朗宏"
    "斌梁栋翔旭鹏泽晨炎德泰盛雄琛钧冠腾楠榕航弘明建宇轩"
)
_WORDS = expression(
    "明[天早晚年确白细显]|国[内外庆产]|文[件档案员字]|建议|中[午秋旬]|安[排装全]|东西|元[旦宵]|海[外运鲜]|志愿|"
    "美[金元]|希望|强[烈调]|香港|群[里聊发]|乐意|群众|晨会|英[文镑]|"
    "兴[趣奋]|顺[便路利]|康复|健[身康]|星期|哲学|永远|毅然|福利|林业|玉米|雪天|静静|敬酒|诚意|博览|海边|山东|"
    "河[南北]|江[苏西]|贵[了的一州]|红包|刚[才刚好从到出]|义务|亮点|飞机|德国|泰国|英国|美国|环[保境]|舒服"
)


def _is_other_person(page: _Page, needle: str, at: int, *, how: How, name: KnownName) -> bool:
    """李明 in 李明华 谈价格; 志伟 of 曾志伟 in 李志伟."""
    end = at + len(needle)
    if page.touches(end) and page.tight[end] in _GIVEN and len(needle) == 2 and not _WORDS.match(page.tight, end):
        return True
    split = split_name(norm_of(name.name))
    if how is How.PART and split and page.touches(at):
        before = page.tight[at - 1]
        return before in SINGLE and before not in WORDLIKE and before != split[0][-1]
    return False


def _is_other_company(page: _Page, needle: str, at: int, *, norm: str) -> bool:
    """明远建材 or 上海明远, where 北京明远科技 is known."""
    other = OTHER_TRADE.match(page.tight, at + len(needle)) if page.touches(at + len(needle)) else None
    if other and not core_of(norm).partition(needle)[2].startswith(other[0][:2]):
        return True
    place = place_before(page.tight, at) if page.touches(at) else ""
    return bool(place and place not in norm and place_before(norm, norm.find(needle)))


def _by_title(page: _Page, name: KnownName) -> Iterator[Spot]:
    norm = norm_of(name.name)
    split = split_name(norm)
    surname, given = split or (norm.rpartition(" ")[2] or norm, "")
    spoken = search_keys(surname).pinyin if split else ()
    for start, end, called in page.titles:
        if called == surname or called in spoken:
            yield _spot((start, end), name, How.TITLE)
    for start, end, called in page.givens:
        if given and called == given[-1]:
            yield Spot(start, end, name.customer_id, name.contact_id, _BARE_TITLE, How.TITLE)


def _by_letters(page: _Page, name: KnownName) -> Iterator[Spot]:
    if not is_wide(norm_of(name.name)[:1]):
        return
    keys = search_keys(name.name)
    for reading in keys.pinyin:
        if reading in page.words:
            yield _spot(page.words[reading], name, How.PINYIN)
    for reading in keys.initials:
        if len(reading) >= SHORTEST_INITIALS and reading in page.words:
            yield _spot(page.words[reading], name, How.INITIALS)


def _by_phone(page: _Page, name: KnownName) -> Iterator[Spot]:
    for start, end, digits in page.numbers:
        if any(_digits(phone).endswith(digits) for phone in name.phones):
            yield _spot((start, end), name, How.PHONE)


@lru_cache(maxsize=8192)
def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def _spot(span: tuple[int, int], name: KnownName, how: How) -> Spot:
    return Spot(*span, name.customer_id, name.contact_id, SCORE[how], how)


def _longest(found: list[Spot]) -> tuple[Spot, ...]:
    """Spots that do not overlap: the longest first, of one span those with the best score."""
    kept: dict[tuple[int, int], list[Spot]] = {}
    for spot in sorted(found, key=lambda spot: (spot.start - spot.end, -spot.score, spot.start)):
        group = kept.get((spot.start, spot.end))
        if group is not None:
            if spot.score == group[0].score and spot not in group:
                group.append(spot)
        elif all(spot.end <= start or end <= spot.start for start, end in kept):
            kept[spot.start, spot.end] = [spot]
    return tuple(spot for span in sorted(kept) for spot in kept[span])


# Words of every message that are also names: as part of a name they count only alone, or capitalised.
EVERYDAY = word_set("""
    a about after again all also an and any around as ask at back bad be best big black blue book bring but buy by
    call came can chance close come cross cut day deal did do done down end ever every fair first for found fox
    fresh friend from full gave get gift give go gold good got grace grand grant great green had happy has have he
    her here high him his home hope how hunt if in into is island it just keep king knew know lane last late left
    like list little live long look loss lot love made mail make man many mark market may me meet met might mind
    more most much must my need new next nice no north not note now of off office ok old on one only open or order
    other our out over page paid part past pay phone plan point price quick quote rain rep rich ring river rose
    said sale same sat save saw say see send sent she shop short show side sky small so sold some song soon south
    spoke star stay still stone stop store street summer sun sure take talk team tell than that the their them
    then they thing this time to today told too took town two under up us use very visit walk want was wants way
    we week well went west what when where which white who why will wind winter wise with wood word work world
    year yes yet you young your east eastern western split point trade trading old seven three food foods market
    今天 明天 昨天 后天 天天 每天 美好 方便 快乐 幸福 健康 平安 先生 新鲜 便宜 优惠 成功 满意 移动 联合 统一 中心
    国际 自然 绿色 阳光 高兴 大家 开心 朋友 家园 世界 未来 希望 合作 时代 第一 下次 上次 客户 老板 经理 中国 全国
    本地 同城 天下 第一 黄金 时间 公司 产品 样品 价格 报价 合同 方案 电话 微信
""")
