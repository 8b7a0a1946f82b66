"""What the name of a company is built of: place, brand, trade, legal form; and which names are a company's at all."""

import re
from functools import lru_cache

from parsing.expressions import expression
from parsing.letters import any_of, is_wide, word_set
from parsing.month_days import begins_name
from parsing.surnames import split_name

LEGAL = expression(
    r"(?:股份)?有限(?:责任)?公司(?:[\u3400-\u9fff]{2,6}分公司)?$|(?:集团)?(?:股份)?公司$|集团$"
    r"|(?:^|(?<=[^a-z]))(?:co ltd|pte ltd|pty ltd|sdn bhd|ltd|ltda|limited|inc|incorporated|llc|llp|lp|gmbh|mbh|ag|kg"
    r"|ohg|ug|s a|sa|s l|sl|s p a|spa|s r l|srl|sarl|sas|bv|b v|nv|n v|oy|ab|hb|as|aps|plc|corp|corporation|company|co"
    r"|kk)$"
)

PROVINCES = word_set("""
    河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃
    青海 台湾 内蒙古 广西 西藏 宁夏 新疆
""")
CITIES = word_set("""
    北京 上海 天津 重庆 香港 澳门 广州 深圳 成都 杭州 武汉 西安 南京 苏州 长沙 郑州 东莞 青岛 沈阳 宁波 昆明 无锡
    佛山 合肥 大连 福州 厦门 哈尔滨 济南 温州 南宁 长春 泉州 石家庄 贵阳 南昌 金华 常州 南通 嘉兴 太原 徐州 惠州
    珠海 中山 台州 烟台 兰州 绍兴 海口 扬州 临沂 洛阳 潍坊 保定 汕头 湖州 盐城 唐山 乌鲁木齐 赣州 廊坊 呼和浩特
    镇江 咸阳 芜湖 桂林 银川 三亚 西宁 淄博 江门 宜昌 绵阳 德阳 乐山 泸州 南充 宜宾 遵义 大理 丽江 漳州 莆田 宁德
    九江 襄阳 荆州 岳阳 株洲 衡阳 湛江 肇庆 威海 济宁 泰安 秦皇岛 邯郸 包头 鄂尔多斯 大庆 鞍山 义乌 昆山 江阴
    张家港 常熟 晋江 拉萨 台北 新北 桃园 台中 台南 高雄 基隆 新竹 嘉义 苗栗 彰化 南投 云林 屏东 宜兰 花莲 台东
    澎湖 金门 九龙
""")

# What companies do. At the end of a company's name it is not what people call it by: 明远 for 明远科技.
TRADES = word_set("""
    信息技术 网络科技 电子商务 生物科技 文化传媒 文化传播 人力资源 企业管理 物业管理 进出口 房地产 互联网 供应链
    自动化 新能源 新材料 科技 贸易 商贸 实业 建材 物流 餐饮 酒店 服饰 服装 家具 家居 食品 电子 电器 机械 机电 设备
    仪器 材料 化工 医药 药业 医疗 器械 生物 能源 环保 建筑 建设 工程 装饰 装修 设计 广告 传媒 文化 教育 培训 咨询
    管理 投资 控股 资本 金融 保险 证券 银行 置业 地产 物业 汽车 汽配 运输 快递 农业 农产 水产 畜牧 印刷 包装 纸业
    塑料 五金 模具 钢铁 金属 电力 电气 通信 通讯 软件 网络 信息 数据 智能 光电 照明 安防 旅游 旅行社 航空 商行
    商店 商场 超市 便利店 百货 生鲜 鲜生 果业 茶业 茶叶 酒业 乳业 粮油 调味 火锅 火锅店 烧烤 饭店 餐厅 餐馆 酒楼
    酒吧 咖啡 咖啡馆 奶茶 奶茶店 茶馆 面馆 小吃 烘焙 蛋糕店 面包店 药房 药店 诊所 门诊 医院 口腔 牙科 美容 美容院
    美发 美甲 健身 健身房 瑜伽 幼儿园 学校 学院 书店 花店 花艺 宠物店 水果店 服装店 母婴店 眼镜店 珠宝 工作室
    事务所 律所 律师事务所 工厂 加工厂 制造 工业 产业 集团 公司 企业 中心 分店 总店 旗舰店 专卖店 研究院 研究所
    采购部 销售部 市场部 财务部
""")
_TRADE_END = expression(any_of(" ".join(TRADES)) + "$")
# A trade after a brand that makes it another company (明远建材 is not 明远科技); 明远设备坏了 is not.
OTHER_TRADE = expression(
    any_of("""
    信息技术 网络科技 电子商务 生物科技 房地产 科技 贸易 商贸 实业 建材 物流 餐饮 酒店 服饰 服装 家具 家居 食品
    电子 电器 机械 机电 化工 医药 药业 医疗 环保 装饰 传媒 文化 教育 投资 控股 资本 金融 保险 证券 银行 置业 地产
    物业 汽车 快递 农业 印刷 五金 模具 钢铁 通信 光电 照明 旅游 商行 超市 便利店 百货 生鲜 茶业 酒业 乳业 粮油
    火锅 烧烤 饭店 餐厅 酒楼 酒吧 咖啡 奶茶 面馆 药房 诊所 医院 口腔 美容 美发 健身 幼儿园 学校 书店 花店 事务所
    律所
""")
)
_PLACE_START = expression(rf"(?:中国)?(?:(?:{'|'.join(sorted(PROVINCES))})省?)?(?:(?:{'|'.join(sorted(CITIES))})市?)?")
_LATIN_TRADE = expression(
    r"\b"
    + any_of("""
    trading group holding holdings import imports export exports market markets supermarket markets store stores
    shop restaurant restaurante bistro cafe bakery food foods hotel hotels logistics industries industrial
    technology technologies tech system systems solutions services consulting partners associates bros brothers
    son sons daughters beverages beer wine cellars grocery grocers delicatessen connection design studio lab labs
    media software electronics motors construction engineering clinic pharmacy school academy bank insurance
    realty properties farm farms gourmet provisioners handel versand
""")
    + r"\b"
)


def core_of(norm: str) -> str:
    """A normalised name without its legal form, or all of it where nothing would be left."""
    core = norm
    while len(shorter := LEGAL.sub("", core).strip()) >= 2 and shorter != core:
        core = shorter
    return core


def place_before(text: str, end: int) -> str:
    """The city or province that ends just before ``end``, or ''."""
    return next((text[end - n : end] for n in (2, 3, 4) if text[max(0, end - n) : end] in CITIES | PROVINCES), "")


def without_place(core: str) -> str:
    """A name without the province or city in front, or all of it where nothing would be left."""
    place = _PLACE_START.match(core)
    return core[place.end() :] if place and len(core) - place.end() >= 2 else core


@lru_cache(maxsize=8192)
def brand_of(norm: str) -> str:
    """What people call a company by: without place, trade and legal form, as far as two letters are left."""
    core = without_place(core_of(norm))
    while len(shorter := _TRADE_END.sub("", core)) >= 2 and shorter != core:
        core = shorter
    return core


def has_company_words(name: str, norm: str) -> bool:
    """Whether a part of a name is one that only companies have: legal form, trade, "&", a month (十月稻田)."""
    return bool(
        "&" in name or LEGAL.search(norm) or _TRADE_END.search(norm) or _LATIN_TRADE.search(norm) or begins_name(norm)
    )


def is_company(name: str, norm: str) -> bool:
    """Whether a name is a company's rather than a person's, judged by its parts.

    Args:
        name: as typed.
        norm: the same, normalised.
    """
    if has_company_words(name, norm) or re.search(r"\d", norm):
        return True
    if not is_wide(norm[:1]):
        return len(norm.split(" ")) > 3
    return split_name(norm) is None and len(norm) > 3
