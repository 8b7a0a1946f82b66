"""Chinese surnames: which characters can be one, how they are read in a name, and what is said after them."""

from parsing.expressions import expression
from parsing.letters import any_of, word_set

SINGLE = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱"
    "江尹薛阎闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿"
    "关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷"
    "盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫"
    "米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄"
    "丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅"
    "屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁"
)
# Surnames that are words of their own far more often: in running text they do not start a name.
WORDLIKE = frozenset("和国平来位时花豆初门相计索宣权强满盘原南成全应连路管游海明向文方高谈商官支来")
DOUBLE = word_set("""
    欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 宇文 长孙 轩辕 端木 独孤 南宫 万俟 闻人 赫连 澹台
    公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 司空 呼延 拓跋 百里 东郭 西门 张简 范姜
""")

# How a surname is read where a dictionary of words reads the character otherwise. Both readings are indexed: the
# one who types may know only the common one.
READINGS = {
    "曾": ("zeng", "ceng"),
    "单": ("shan", "dan"),
    "仇": ("qiu", "chou"),
    "解": ("xie", "jie"),
    "区": ("ou", "qu"),
    "查": ("zha", "cha"),
    "朴": ("piao", "pu"),
    "盖": ("ge", "gai"),
    "翟": ("zhai", "di"),
    "覃": ("qin", "tan"),
    "尉": ("wei", "yu"),
    "乐": ("yue", "le"),
    "缪": ("miao", "mou"),
    "冼": ("xian", "shen"),
    "员": ("yun", "yuan"),
    "召": ("shao", "zhao"),
    "折": ("she", "zhe"),
    "种": ("chong", "zhong"),
    "秘": ("bi", "mi"),
    "隗": ("wei", "kui"),
    "黑": ("he", "hei"),
    "繁": ("po", "fan"),
    "洗": ("xian", "xi"),
    "谌": ("chen", "shen"),
    "晟": ("cheng", "sheng"),
    "费": ("fei", "bi"),
    "郗": ("xi", "chi"),
    "乜": ("nie", "mie"),
    "褚": ("chu", "zhu"),
    "粘": ("nian", "zhan"),
    "牟": ("mu", "mou"),
    "车": ("che", "ju"),
    "祭": ("zhai", "ji"),
    "长": ("chang", "zhang"),
    "尉迟": ("yu chi", "wei chi"),
    "万俟": ("mo qi", "wan si"),
    "单于": ("chan yu", "shan yu"),
    "澹台": ("tan tai", "dan tai"),
    "长孙": ("zhang sun", "chang sun"),
    "行": ("xing", "hang"),
    "重": ("chong", "zhong"),
    "佴": ("nai", "er"),
    "句": ("gou", "ju"),
    "都": ("du", "dou"),
    "奇": ("qi", "ji"),
    "藏": ("zang", "cang"),
    "厦": ("xia", "sha"),
}
# Said after a surname, or after a whole name: what the person is called by.
TITLE = any_of("""
    总经理 总监 董事长 副总 总 董 老板娘 老板 经理 主管 主任 店长 厂长 校长 院长 处长 科长 局长 部长 会长 园长
    行长 站长 社长 馆长 课长 协理 襄理 专员 老师 医生 大夫 律师 教授 博士 工程师 工 师傅 师父 会计 采购 秘书 助理
    掌柜 女士 先生 小姐 太太 夫人 阿姨 大姐 大哥 大叔 叔叔 姐姐 哥哥 姐 哥 叔 婶 姨 嫂 爷 队 局 处 所 院
""")
# What makes another word of the title that seems to begin: 周总结, 于总共, 高工作, 王哥们.
_NOT_TITLE = expression(
    "总(?:结|共|是|价|部|额|算|之|数|量|会)|工(?:作|程|地|厂|人|期|资|艺)|局(?:面|长?势)|处(?:理|于)|所(?:以|有)|"
    "队伍|[哥姐]们|师傅们|采购部|会计部"
)
# What makes another word of the surname: 对方经理, 大区经理, 50万总.
_NOT_SURNAME = expression(r"[对双我官甲乙地三多单卖买前后各]方|[大片社小地]区|[\d一二三四五六七八九十百千几]万")
_NOT_AFTER_YOUNG = "师路时区单房车板店米票费广和平包花计相门支应成安年"  # 老师, 小时, 小区, 小单 …

_SURNAME = rf"(?P<surname>{'|'.join(sorted(DOUBLE))}|[{''.join(sorted(SINGLE))}])"
_TITLED = expression(rf"{_SURNAME}(?P<title>{TITLE})")
_YOUNG_OLD = expression(
    rf"[小老阿](?!程序|于\d|金库|康家|白鼠)(?P<surname>[{''.join(sorted(SINGLE - set(_NOT_AFTER_YOUNG)))}])"
)


def split_name(name: str) -> tuple[str, str] | None:
    """Surname and given name of a Chinese person, or ``None`` for what is not built like one. Simplified only."""
    if name[:2] in DOUBLE and 3 <= len(name) <= 4:
        return name[:2], name[2:]
    if name[:1] in SINGLE and 2 <= len(name) <= 3:
        return name[0], name[1:]
    return None


def titled(text: str) -> list[tuple[int, int, str]]:
    """Where folded ``text`` calls somebody by a surname: 李总, 王姐, 周老师, 小陈. Start, end, surname of each."""
    found = []
    for match in _TITLED.finditer(text):
        wordlike = _NOT_SURNAME.match(text, match.start() - 1) if match.start() else None
        if not wordlike and not _NOT_TITLE.match(text, match.start("title")):
            found.append((match.start(), match.end(), match["surname"]))
    for match in _YOUNG_OLD.finditer(text):
        if not any(start <= match.end() - 1 < end for start, end, _ in found):
            found.append((match.start(), match.end(), match["surname"]))
    return found
