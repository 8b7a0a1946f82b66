"""A company typed in one piece with its person: 明远科技采购经理, 明远科技的李四, 在明远科技做采购, Tom Baker from Acme."""

from collections.abc import Sequence

from domain.customers import Customer, CustomerKind
from domain.values import frozen
from parsing import customer_words as words
from parsing.companies import brand_of, has_company_words
from parsing.expressions import expression
from parsing.letters import HAN, any_of, fold, is_wide, word_set
from parsing.names import norm_of
from parsing.surnames import WORDLIKE, split_name

_DASHES = expression(rf"(?<=[{HAN}\d])[-–—](?=[{HAN}])|(?<=[{HAN}])[-–—](?=\d{{7}})")  # 李四-明远科技-经理-138…
_FROM = expression(r"(?<=[a-z]) (?:from|at|of|with) (?=[A-Z])")
_AT = expression(r"(?:来自|来自于|就职于|任职于|供职于|就职|任职|[在是])(?=.{4})")
_DOES = expression(r"(?:做|当|任|担任|负责)(?=.{2})")
_LEGAL_END = expression("(?:公司|集团)(?!.*(?:公司|集团))")
# In front of a trade, no brand but a part of a title: 国际贸易部经理, 大客户物流主管.
_NO_BRAND = word_set(
    "国际 全国 总部 海外 国内 大客户 客户 品牌 门店 仓储 供应 集团 公司 线上 线下 渠道 运营 技术 产品 人事 行政"
)
_SHORTEST, _LONGEST = 4, 24
# Three words that are one person's name: pinyin, a surname that many have, a particle or an initial in the middle, Jr. at the end.
_SYLLABLE = "(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:[iuv]?[aeo][iou]?(?:ng?|r)?|[iuv](?:ng?)?|iu|ui)"
_COMMON = any_of(
    "smith jones williams brown taylor davies davis evans thomas johnson roberts walker wright robinson thompson white hughes"
    " edwards green lewis wood harris martin jackson clarke clark miller wilson moore anderson lee hall allen young king scott"
    " hill adams nelson campbell mitchell garcia martinez rodriguez lopez gonzalez hernandez perez sanchez ramirez torres silva"
    " santos oliveira nguyen tran kim park choi singh kumar khan murphy kelly ryan müller schmidt fischer weber meyer rossi"
)
_NAME_LIKE = expression(
    rf"{_SYLLABLE}(?: {_SYLLABLE}){{2}}|.* {_COMMON}|.* (?:van|von|de|da|di|del|bin|al|\w\.?) .*|.* (?:jr|sr|i{{2,3}}|iv|phd|md)\.?"
)


@frozen
class Joined:
    """The parts of a token, as typed; a title or a person may be missing."""

    company: str
    person: str = ""
    title: str = ""


def open_joints(text: str) -> str:
    """A line with commas where dashes or English words join its parts."""
    return _FROM.sub(", ", _DASHES.sub("，", text))


def without_at(token: str) -> str:
    """A company's name without what says that somebody works there: 来自明远科技."""
    match = _AT.match(fold(token)) if len(token) <= _LONGEST else None
    if match is None or len(norm_of(token)) != len(token):
        return token
    rest = token[match.end() :]
    return rest if has_company_words(rest, norm_of(rest)) or split_joined(rest) else token


def split_joined(token: str) -> Joined | None:
    """A company with a title or a person right behind it, or ``None`` for everything else."""
    if len(token) > _LONGEST or not is_wide(token[:1]) or len(norm := norm_of(token)) != len(token):
        return None
    legal = _LEGAL_END.search(norm)
    for cut in (legal.end(),) if legal else range(_SHORTEST, len(norm) - 1):
        if not _is_company(token[:cut], norm[:cut]):
            continue
        rest = norm[cut:].removeprefix("的")
        rest = rest[does.end() :] if (does := _DOES.match(rest)) else rest
        behind = token[len(token) - len(rest) :] if rest else ""
        if rest and (person := _person(rest)) is not None:
            name = behind[rest.index(person) :][: len(person)] if person else ""
            return Joined(token[:cut], name, behind.replace(name, "", 1) if name else behind)
    return None


def _is_company(name: str, norm: str) -> bool:
    """Whether a front part is a certain company: a brand of its own before trade or legal form."""
    if not has_company_words(name, norm) or words.INDUSTRY.fullmatch(norm) or words.SHOP.fullmatch(norm):
        return False
    brand = brand_of(norm)
    return brand != norm and brand not in _NO_BRAND and brand not in words.NO_NAMES


def _person(rest: str) -> str | None:
    """The name within what stands behind a company, '' where it is a title alone, ``None`` for neither."""
    titled = words.NAME_AND_TITLE.fullmatch(rest) or words.TITLE_AND_NAME.fullmatch(rest)
    if titled and split_name(titled["name"]) and titled["name"] not in words.NO_NAMES:
        return titled["name"]
    if split_name(rest) and rest[0] not in WORDLIKE and not words.TITLE.fullmatch(rest):
        return rest
    return "" if words.TITLE.fullmatch(rest) else None


def company_between(
    tokens: Sequence[str], people: Sequence[str], rest: Sequence[str], titles: Sequence[str]
) -> str | None:
    """What stands between a person and a title is where they work: 王芳 阿里巴巴 产品总监; Tom Baker, Acme, buyer."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before in people and token in rest and after in titles and may_be_company(token):
            return token
    return None


@frozen
class Employed:
    """A person and the company where they may work; ``noted``: its name is the person's whole note."""

    person: str
    company: str
    noted: bool


def employed(customer: Customer) -> Employed | None:
    """Where a person may work: the note is nothing but a name, or the name ends in one (Tom Baker Acme)."""
    if customer.kind is not CustomerKind.PERSON:
        return None
    note = (customer.note or "").strip()
    words_of_it = 1 if note and is_wide(note[0]) else 3
    if note and len(note) <= _LONGEST and len(note.split()) <= words_of_it and may_be_company(note):
        return Employed(customer.name, note, noted=True)
    parts = customer.name.split()
    if len(parts) != 3 or not may_be_company(customer.name) or _NAME_LIKE.fullmatch(fold(customer.name)):
        return None
    return Employed(" ".join(parts[:2]), parts[2], noted=False) if parts[2].isascii() else None


def may_be_company(token: str) -> bool:
    """Whether a piece that nothing was understood of can be where somebody works: 鼎泰豐, Golden Lotus."""
    if is_wide(token[0]):
        return 2 <= len(token) <= 8 and not words.SENTENCE.search(fold(token)) and fold(token) not in words.NO_NAMES
    return all(word[:1].isupper() for word in token.split())
