"""Money in a message: what is an amount at all, how much it is, and which part it plays.

A number is money only with a sign, a unit or a word of money beside it; a number of things, days, points or percent never
is. Of a range ("10-15万") the lower end is kept, the part that is certain; the words keep both.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from domain.amounts import LARGEST_MINOR, Amount, AmountRole, decimals_of
from parsing.expressions import expression
from parsing.letters import MASK, any_of, fold

SMALLEST_PLAIN = 10  # a number that has only a word of money beside it: 报价3 is a third quote, not three yuan
_DOLLARS = frozenset({"USD", "TWD", "HKD", "SGD", "AUD", "CAD", "NZD"})  # where $ alone is one's own money
_YUAN = frozenset({"CNY", "TWD", "HKD", "MOP", "SGD", "JPY"})  # where 元 and 块 are one's own money

_BEFORE = {
    "us$": "USD",
    "nt$": "TWD",
    "hk$": "HKD",
    "s$": "SGD",
    "a$": "AUD",
    "c$": "CAD",
    "rmb": "CNY",
    "cny": "CNY",
    "usd": "USD",
    "ntd": "TWD",
    "twd": "TWD",
    "nt": "TWD",
    "hkd": "HKD",
    "eur": "EUR",
    "gbp": "GBP",
    "sgd": "SGD",
    "jpy": "JPY",
    "€": "EUR",
    "£": "GBP",
    "人民币": "CNY",
    "美元": "USD",
    "美金": "USD",
    "港币": "HKD",
    "港元": "HKD",
    "新台币": "TWD",
    "台币": "TWD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "日币": "JPY",
    "新币": "SGD",
}
_AFTER = _BEFORE | {
    "美刀": "USD",
    "刀": "USD",
    "欧": "EUR",
    "dollars": "$",
    "dollar": "$",
    "bucks": "$",
    "euros": "EUR",
    "euro": "EUR",
    "pounds": "GBP",
    "yuan": "CNY",
    "kuai": "CNY",
    "元整": "元",
    "元": "元",
    "块钱": "元",
    "块": "元",
    "圆": "元",
    "$": "$",
    "¥": "¥",
}
_SCALE = {
    "百": 100,
    "千": 1000,
    "k": 1000,
    "thousand": 1000,
    "grand": 1000,
    "万": 10_000,
    "w": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "m": 1_000_000,
    "mil": 1_000_000,
    "million": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
_NEEDS_MORE = frozenset({"百", "m", "thousand", "million", "mil"})  # scales that count other things as often as money

_DEC = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d+)?"
_HAN = r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千]*"
_SCALES = r"(?:十万|百万|千万|万|亿|千|百|(?:k|w|mil|million|thousand|grand|m)(?![a-z]))"
_REST = rf"(?:零?(?:\d{{1,4}}|{_HAN})(?:万|千|百)?)?"  # 5 of 3万5, 两千万 of 一亿两千万
_WITH_GAPS = (
    rf"\d{{1,3}}(?: \d{{3}})+(?= ?(?:{any_of(' '.join(re.escape(word) for word in _AFTER))})(?![a-z]))"  # 40 000 USD
)
_VALUE = rf"{_WITH_GAPS}|(?:{_DEC})(?:多|来|余)?\s?个?{_SCALES}{_REST}|{_HAN}(?:多|来|余)?个?(?:万|亿|[kw](?![a-z])){_REST}|(?:{_DEC}|{_HAN})"
_AMOUNT = expression(
    rf"(?:(?<![a-z])(?P<before>{any_of(' '.join(re.escape(word) for word in (*_BEFORE, '$', '¥')))})\s?)?"
    rf"(?<![\d.:/#a-z几数第每])(?P<low>{_VALUE})"
    rf"(?:\s?(?:[-~–—至到]|to)\s?(?:[$¥€£]|us\$|nt\$|hk\$)?(?P<high>{_VALUE}))?"
    rf"(?:\+|多|左右)?(?:\s?(?P<after>{any_of(' '.join(re.escape(word) for word in _AFTER))})(?![a-z]))?"
    r"(?:(?<=\d块)(?P<dime>\d)(?!\d))?"
)
# What follows a number of something else than money.
_COUNTED = expression(
    r"(?:多|来|余)?\s?(?:[台套个件箱份吨斤克平亩栋层位名支瓶盒袋桶罐瓦字次天周日号秒折倍级寸升页章步粒双辆艘架根棵株匹户粉度%]|公[斤里]|小时|钟头|毫|英寸|门店|店|"
    r"人(?!民)|年(?![底前后终初中])|月(?![底初前末结付])|分(?!期|批|[一二三四两\d])|点(?!头)|家(?!里)|单(?![子价独])|条(?!件)|张|只(?![要能有是肯付给])|对(?![方我他])|组|"
    r"批(?![准了])|包(?![邮安运含税])|头(?![款期])|里(?!面)|米|片|块|期(?![望间])|"
    r"显示|屏|电视|高清|units?\b|pcs\b|pieces?\b|sets?\b|people\b|users?\b|customers?\b|sq|m2|km\b|kg\b|hours?\b|hrs?\b|days?\b|weeks?\b|months?\b|years?\b|min|"
    r"percent|pm\b|am\b|boxes\b|cases\b|bottles\b|meters?\b|times\b|th\b|st\b|nd\b|rd\b|[:/]\d|-\d)"
)
_BLOCKS = expression(r"块(?=[屏板地田肉表布砖牌儿头招玻])|元(?=[旦宵素件老])|[一三]刀|一块(?!钱)")

# Words of money, by the part they play. Those in _PLAIN make money of a bare number beside them.
_ROLE_WORDS = {
    AmountRole.BUDGET: any_of("预算 budgeted budgets budget"),
    AmountRole.QUOTE: any_of("报价 报了 报到 报给 报 开价 出价 quotation quoted quotes quote offered offer proposal"),
    AmountRole.ORDER: any_of(
        """
    成交 签了 签下 签单 签约 签的 签 下单 下了 订单 单子 订了 定了 拿下 卖了 买了 合同额 合同金额 合同 续费 续约
    大单 年单 年框 ordered orders order signed closed sold bought deals deal contract renewed won purchased
"""
    ),
    AmountRole.PAYMENT: any_of(
        """
    首付款 首付 回款 付款 付了 付 打款 打了 到账 收款 收到 收了 定金 订金 尾款 预付款 预付 转账 转了 汇款 货款
    头款 交了 缴了 payments payment paid deposit downpayment received transferred wired prepaid pays pay
"""
    ),
    AmountRole.MENTIONED: any_of(
        "余款 剩余 还剩 还欠 价格 单价 总价 价位 金额 总额 优惠 便宜 欠款 尾数 费用 成本 price priced total amount cost costs discount worth fee"
    ),
}
_ROLES = expression("|".join(rf"(?P<{role.name}>{words})" for role, words in _ROLE_WORDS.items()))
_PLAIN = any_of(
    """
    预算 报价 报了 开价 单子 成交 首付款? 回款 定金 订金 尾款 预付款? 货款 到账 总价 单价 价格 价位 金额 合同额 budget
    quoted? quotation deal deposit downpayment paid pays? price total amount fee
"""
)
_LIGHT = r"(?:[\s:：=~约]|了|是|为|大概|大约|差不多|在|给|他|她|我们|的|总共|一共|\b(?:of|is|was|at|around|about|him|her|them|us|approx)\b)*"
_WORD_BEFORE = expression(rf"{_PLAIN}{_LIGHT}$")
_WORD_AFTER = expression(
    r"\s?的?(?:预算|首付|单子|报价|定金|订金|尾款|回款|货款)|\s(?:budget|deposit|quote|deal|downpayment|down payment)\b"
)
_CLAUSE = expression(
    r"[，。；？;?\n]|(?<!成交)(?<!签约)(?<!签了)(?<!签单)(?<!signed)(?<!sold)(?<![！!])[！!]|,(?!\d{3})|\.(?!\d)"
)
_UNSURE = expression(
    r"(?:没有?|未|不|别|想|要|准备|打算|可能|争取|如果|欠|会|能|将|若|待|应|答应|n't|not|never|may|might|could|would|will|wants? to|hopes? to|plans? to|owes?|to)\s?\S{0,2}$"
)
_OTHERS = expression(
    r"(?:对手|竞品|竞争对手|别家|别人|同行|友商|其他家|另一家|隔壁|competitors?|rivals?|others?)\S{0,6}$"
)
_LISTED = expression(r"(?:[\s,，、/和或+&a-z\-]|方案|套餐|款|型|档|版)*")
_SUM_BEFORE = expression(r"(?:总共|合计|一共|共计|总计|总额|总价|共|total(?: of)?)\s*[:：]?\s*$")
_MADE = expression(r"(?<!没)(?<!未)(?:签了|签约|成交|下了单|下单了|订了|signed|ordered)")
_CLOSED_WITH = expression(
    rf"(?:签了|签约|成交|signed|closed|sold|won)\s?{MASK}+\s?[,，!！:：]?\s*$"
)  # closed Acme, $40k
_LONGEST_REACH = 14  # characters between a word of money and the amount it speaks of


def find_amounts(text: str, *, currency: str, masked: Sequence[tuple[int, int]] = ()) -> tuple[Amount, ...]:
    """Every amount of money in ``text``, in order.

    Args:
        currency: of the region, for amounts that name none.
        masked: spans that cannot be money: names, dates, phone numbers.
    """
    folded = fold(text)
    for start, end in masked:
        folded = folded[:start] + MASK * (end - start) + folded[end:]
    found: list[Amount] = []
    for match in _AMOUNT.finditer(folded):
        minor = _minor(match, folded, currency=currency)
        if minor is not None:
            money = _currency(match["before"], match["after"], currency)
            start, end = match.span()
            role = _role(folded, start, end)
            if role is AmountRole.MENTIONED and _SUM_BEFORE.search(folded[:start]) and _MADE.search(folded[:start]):
                role = AmountRole.ORDER  # 签了！50套 总共6万
            if role is AmountRole.MENTIONED and found and _LISTED.fullmatch(folded[found[-1].end : start]):
                role = found[-1].role  # A方案12万 B方案8.5万
            found.append(Amount(role, minor, money, text[start:end], start, end))
    return tuple(found)


def _minor(match: re.Match[str], folded: str, *, currency: str) -> int | None:
    """The lower end in minor units, or ``None`` where this is a number of something else."""
    low, high, after = match["low"], match["high"], match["after"]
    signed = bool(match["before"] or after)
    if _BLOCKS.search(folded, match.start("low"), match.end() + 1) and not match["before"]:
        return None
    if not signed and (_COUNTED.match(folded, match.end()) or _is_counted_inside(match, folded)):
        return None
    value = _value(low)
    if high:
        upper = _value(high)
        if not _scale_of(low) and _scale_of(high) and value < upper:
            value *= _SCALE[_scale_of(high)]
    scale = _scale_of(high or low)
    if not signed and (not scale or scale in _NEEDS_MORE) and not _has_word(match, folded, value):
        return None
    if match["dime"] and not _COUNTED.match(folded, match.end()):
        value += Decimal(match["dime"]) / 10
    minor = int(value * 10 ** decimals_of(_currency(match["before"], after, currency)))
    return minor if 0 < minor <= LARGEST_MINOR else None


def _is_counted_inside(match: re.Match[str], folded: str) -> bool:
    """A number after the scale that counts things: 10万20台 is money and units; handled as neither."""
    return folded[match.end() - 1 : match.end()] in "多来余" and bool(_COUNTED.match(folded, match.end()))


def _has_word(match: re.Match[str], folded: str, value: Decimal) -> bool:
    """Whether a word of money stands right before or after a bare number that is not a year."""
    bare = match["low"].isdigit() and not match["high"]
    if value < SMALLEST_PLAIN or (bare and 2000 <= value <= 2040):
        return False
    return bool(_WORD_BEFORE.search(folded, 0, match.start()) or _WORD_AFTER.match(folded, match.end()))


def _scale_of(value: str) -> str:
    """The largest scale of a number: what the lower end of a range borrows, and what makes a number money."""
    if value[:1].isdigit():
        found = re.match(rf"[\d.,\s多来余个]*({_SCALES})", value)
        return found[1] if found else ""
    return next((scale for scale in "亿万wk千百" if scale in value), "")


def _value(text: str) -> Decimal:
    """What is written, exactly: 12,000 · 1.2w · 3万5 · 五万八 · 一亿两千万."""
    text = re.sub(r"[多来余个\s,]", "", text).lstrip("零")
    scale = _scale_of(text)
    if not scale or (scale in "千百" and not text[0].isdigit()):
        return _small(text)
    head, _, tail = text.partition(scale)
    value = _small(head) * _SCALE[scale]
    if not tail:
        return value
    if len(tail) == 1 and (tail in _DIGITS or tail.isdigit()):
        return value + _small(tail) * _SCALE[scale] / 10
    return value + _value(tail)


_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))

_PLACES = {"十": 10, "百": 100, "千": 1000}


def _small(text: str) -> Decimal:
    """A number below ten thousand, in digits or in Chinese: 1.5, 两千三, 一百零五."""
    if text[:1].isdigit():
        return Decimal(re.match(r"[\d.]+", text)[0].rstrip("."))  # type: ignore[index]
    total, digit, place = 0, 0, 10
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            place = 1 if digit == 0 else place
        elif char not in _PLACES:
            break  # no number goes on like this
        else:
            place = _PLACES[char]
            total, digit = total + (digit or 1) * place, 0
            place //= 10
    # 两千三 is 2,300, 二十三 is 23, 一百零五 is 105.
    return Decimal(total + digit * (place if total and place >= 10 else 1))


def _currency(before: str | None, after: str | None, own: str) -> str:
    named = _BEFORE.get(before or "", before) or _AFTER.get(after or "", after)
    other = _AFTER.get(after or "")
    if named in ("$", "¥") and other and len(other) == 3:
        return other
    match named:
        case None:
            return own
        case "$":
            return own if own in _DOLLARS else "USD"
        case "¥":
            return own if own == "JPY" else "CNY"
        case "元":
            return own if own in _YUAN else "CNY"
        case _:
            return named


def _role(folded: str, start: int, end: int) -> AmountRole:
    """The part an amount plays, by the nearest word of its clause: right before it, right after it, else before it."""
    breaks = [match.end() for match in _CLAUSE.finditer(folded, 0, start)]
    clause = breaks[-1] if breaks else 0
    near = max(clause, start - _LONGEST_REACH)
    if folded[near:start].isascii():
        near = max(clause, start - 3 * _LONGEST_REACH)
    before = list(_ROLES.finditer(folded, near, start))
    after = _ROLES.match(folded, end + len(re.match(r"[的之\s]?", folded[end:])[0]))  # type: ignore[index]
    if after and re.match(rf"{_LIGHT}[\d一二两三四五六七八九十¥$]", folded[after.end() :]):
        after = None  # 3万5 首付1万: the word is the next amount's
    nearest = before[-1] if before else None
    if nearest and re.search(r"[比低高贵少差降减加涨]|便宜|less|more|under|below|above", folded[nearest.end() : start]):
        return AmountRole.MENTIONED  # 报价比我们低两万: a difference
    if nearest and re.fullmatch(_LIGHT, folded[nearest.end() : start]):
        return _judged(nearest, folded, clause)
    if after:
        return _judged(after, folded, clause)
    if nearest:
        return _judged(nearest, folded, clause)
    closed = _CLOSED_WITH.search(folded, max(0, start - 3 * _LONGEST_REACH), start)
    return AmountRole.ORDER if closed and not _UNSURE.search(folded, 0, closed.start()) else AmountRole.MENTIONED


def _judged(word: re.Match[str], folded: str, clause: int) -> AmountRole:
    role = AmountRole[str(word.lastgroup)]
    if _OTHERS.search(folded, clause, word.start()):
        return AmountRole.MENTIONED
    if role in (AmountRole.ORDER, AmountRole.PAYMENT) and _UNSURE.search(folded, clause, word.start()):
        return AmountRole.MENTIONED
    return role
