"""Search keys and queries meet, whatever script, accent or legal form; and a message's names are found, not guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.names import is_seen
from parsing.names import gram_probe, query_keys, search_keys, surname_probe, tag_norm, tail_probe, word_probe
from parsing.spots import How, KnownName, Named, each_named, named, spot_names


def finds(query: str, name: str) -> bool:
    """What both databases do with the keys."""
    asked, keys = query_keys(query), search_keys(name)
    if asked.letters and any(key.startswith(asked.letters) for key in (*keys.pinyin, *keys.initials)):
        return True
    return bool(asked.grams) and set(asked.grams) <= set(keys.grams)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("伟", "张伟"),
        ("小明", "王小明"),
        ("張偉", "张伟"),
        ("张伟", "張偉"),
        ("明远", "北京明远科技有限公司"),
        ("明远科技有限公司", "明远科技股份有限公司"),
        ("明遠科技", "明远科技（成都）有限公司"),
        ("zhangwei", "张伟"),
        ("zhang wei", "张伟"),
        ("ZW", "张伟"),
        ("zengzhiwei", "曾志伟"),
        ("cengzhiwei", "曾志伟"),
        ("zzw", "曾志伟"),
        ("czw", "曾志伟"),
        ("shanliren", "单立人"),
        ("qiuhe", "仇和"),
        ("xiexiaodong", "解晓东"),
        ("ouqiang", "区强"),
        ("zhaliangyong", "查良镛"),
        ("piaoshu", "朴树"),
        ("geyong", "盖勇"),
        ("yuchigong", "尉迟恭"),
        ("moqi", "万俟雄"),
        ("zhaiyan", "翟燕"),
        ("qinhui", "覃辉"),
        ("chongqing", "重庆火锅"),
        ("mykj", "北京明远科技有限公司"),
        ("bjmy", "北京明远科技有限公司"),
        ("lvbu", "吕布"),
        ("lü bu", "吕布"),
        ("lyu bu", "吕布"),
        ("muller", "Müller GmbH"),
        ("Müller", "Muller"),
        ("taqueria", "Antonio Moreno Taquería"),
        ("Lin and Sons", "Lin & Sons"),
        ("linsons", "Lin & Sons"),
        ("o’brien", "O'Brien Ltd"),
        ("Ångström", "Angstrom AB"),
        ("ＡＢＣ", "abc trading"),
        ("snabbkop", "Berglunds snabbköp"),
        ("delicia", "Que Delícia"),
    ],
)
def test_query_finds_name(query: str, name: str) -> None:
    assert finds(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [("小红", "王小明"), ("zw", "李四"), ("有限公司", "明远科技有限公司"), ("张伟明", "张伟"), ("lin", "Mary Lane")],
)
def test_query_leaves_other_names_alone(query: str, name: str) -> None:
    assert not finds(query, name)


def test_norm_is_one_for_every_way_of_writing() -> None:
    ways = ["明遠科技（成都）有限公司", "明远科技(成都)有限公司", " 明远科技 成都 有限公司 ", "明远科技·成都有限公司"]
    assert {search_keys(way).norm for way in ways} == {"明远科技成都有限公司"}


@pytest.mark.parametrize("name", ["", "😀", "🐼🐼", "。", "\ud800"])
def test_names_without_letters_have_keys_too(name: str) -> None:
    assert search_keys(name).norm == query_keys(name).norm


def test_what_a_query_can_mean() -> None:
    assert query_keys("8821").digits == "8821"
    assert query_keys("138-0000 0000").digits == "13800000000"
    assert query_keys("88").digits is None
    assert query_keys("张伟").letters is None
    assert query_keys("zw").letters == "zw"
    assert query_keys("#大客戶").tag == tag_norm("大客户") == "大客户"
    assert query_keys("＃VIP 张").norm == "张"


def test_probes_preselect_names_and_not_everyday_words() -> None:
    grams = gram_probe("拜访 張偉 谈了新报价 下周三回访")
    assert "张伟" in grams
    assert "拜访" not in grams
    assert "科技" not in gram_probe("去了明远科技")
    assert {"zhangwei", "wei"} <= set(word_probe("met zhang wei today"))
    assert tail_probe("尾号8821, 138 0000 1234") == ("8821", "1234")
    assert surname_probe("昨天拜访了李总和小陈") == ("李", "陈")


KNOWN = (
    KnownName(1, "张伟", 11, phones=("138 0013 8821",)),
    KnownName(2, "北京明远科技有限公司", person=False),
    KnownName(2, "张伟", 21),
    KnownName(3, "王芳", 31, nickname="王姐"),
    KnownName(4, "陈小明", 41, nickname="小陈"),
    KnownName(5, "李建国", 51),
    KnownName(6, "李明", 61),
    KnownName(7, "天天鲜生", person=False),
    KnownName(8, "Lin & Sons", person=False),
    KnownName(8, "Mary Lin", 81),
    KnownName(9, "The Big Cheese", person=False),
    KnownName(10, "曾志伟", 101),
    KnownName(12, "周晓琳", 121),
    KnownName(13, "刘强", 131),
    KnownName(14, "赵敏（新希望集团）", 141),
    KnownName(15, "Will Park", 151),
    KnownName(16, "美好家居", person=False),
    KnownName(17, "Rita Müller", 171),
)


def who(text: str) -> list[tuple[str, int, int | None]]:
    return [(text[s.start : s.end], s.customer_id, s.contact_id) for s in spot_names(text, KNOWN)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("拜访 张伟 谈了新报价", [("张伟", 1, 11), ("张伟", 2, 21)]),
        ("見了張偉", [("張偉", 1, 11), ("張偉", 2, 21)]),
        ("明远 说要折扣", [("明远", 2, None)]),
        ("去了明远科技 演示", [("明远科技", 2, None)]),
        ("电话 王姐 没接", [("王姐", 3, 31)]),
        ("跟小陈说了新价格", [("小陈", 4, 41)]),
        ("昨天拜访了李总,签了合同", [("李总", 5, 51), ("李总", 6, 61)]),
        ("10号去了天天鲜生", [("天天鲜生", 7, None)]),
        ("visited Lin & Sons, renewed", [("Lin & Sons", 8, None)]),
        ("saw lin and sons", [("lin and sons", 8, None)]),
        ("met Mary yesterday", [("Mary", 8, 81)]),
        ("big cheese wants more", [("big cheese", 9, None)]),
        ("zeng zhi wei 回电", [("zeng zhi wei", 10, 101)]),
        ("czw 回电", [("czw", 10, 101)]),
        ("志伟说可以", [("志伟", 10, 101)]),
        ("周老师要样品", [("周老师", 12, 121)]),
        ("阿琳说贵", [("阿琳", 12, 121)]),
        ("刘老板嫌贵", [("刘老板", 13, 131)]),
        ("尾号8821 来电", [("8821", 1, 11)]),
        ("李明明天再来", [("李明", 6, 61)]),
        ("李明说贵", [("李明", 6, 61)]),
        ("新希望的赵敏", [("新希望", 14, 141), ("赵敏", 14, 141)]),
        ("Will called", [("Will", 15, 151)]),
        ("去美好 谈装修", [("美好", 16, None)]),
        ("met Mr Wang and Ms. Müller", [("Mr Wang", 3, 31), ("Ms. Müller", 17, 171)]),
    ],
)
def test_names_in_a_message(text: str, expected: list[tuple[str, int, int | None]]) -> None:
    assert who(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "李明华 谈价格",  # somebody else
        "李志伟来电",
        "明远建材要货",  # another company of that name
        "上海明远来电",
        "上周总结一下",  # no 周总
        "老师说过两小时",
        "he will call back",
        "big order",
        "#张伟",  # a tag
        "报价 8821",  # money
        "生活很美好的一天",
        "对方经理不同意",
    ],
)
def test_other_names_are_not_mistaken(text: str) -> None:
    assert who(text) == []


def test_names_narrow_each_other() -> None:
    assert named(spot_names("拜访明远科技 张伟", KNOWN)) == (Named(2, 21),)
    assert named(spot_names("张伟 拜访", KNOWN)) == (Named(1, 11), Named(2, 21))
    assert named(spot_names("王姐和周总都在", KNOWN)) == (Named(3, 31),)
    assert named(spot_names("王姐和曾志伟", KNOWN)) == (Named(3, 31), Named(10, 101))
    assert named(()) == ()


@pytest.mark.parametrize(
    ("text", "customers"),
    [
        ("王姐和曾志伟", (3, 10)),
        ("拜访 王姐、曾志伟 都要样品", (3, 10)),
        ("张伟 拜访", ()),  # one name that two have: one of them is meant
        ("王姐", ()),
        ("拜访明远科技 张伟", ()),
        ("王姐和张伟", ()),  # 张伟 may be either
    ],
)
def test_a_message_about_several(text: str, customers: tuple[int, ...]) -> None:
    assert tuple(one.customer_id for one in each_named(spot_names(text, KNOWN))) == customers


def test_nickname_beats_surname_and_longer_beats_shorter() -> None:
    spots = spot_names("王姐 天天鲜生", [*KNOWN, KnownName(20, "王丽", 201), KnownName(21, "天天", person=False)])
    assert [(s.customer_id, s.how) for s in spots] == [(3, How.NICKNAME), (7, How.NAME)]


@given(st.text(max_size=80), st.text(max_size=20), st.booleans())
def test_no_text_and_no_name_breaks_the_matching(text: str, name: str, person: bool) -> None:
    search_keys(name)
    query_keys(text)
    gram_probe(text)
    word_probe(text)
    tail_probe(text)
    surname_probe(text)
    known = KnownName(1, name, nickname=text[:10], person=person, phones=(text[:15],))
    for spot in spot_names(text, [known]):
        assert 0 <= spot.start < spot.end <= len(text)


@given(st.text(min_size=2, max_size=12, alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)))
def test_every_chinese_name_is_found_by_itself_and_by_its_middle(name: str) -> None:
    assert finds(name, name)
    assert name in {name[s.start : s.end] for s in spot_names(name, [KnownName(1, name)])}


@pytest.mark.parametrize("name", ["", " ", "\u3164", "\u200b\u2060", "\u2800\u2800", "\u202e", "\u0301", "\ufe0f"])
def test_a_name_that_shows_nothing_is_none(name: str) -> None:
    assert not is_seen(name)


@pytest.mark.parametrize("name", ["张", "a", "1", "😀", "-", "\u200b张", "\U0001fae9", "é"])
def test_whatever_is_drawn_is_a_name(name: str) -> None:
    assert is_seen(name)
