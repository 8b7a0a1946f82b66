"""The words of a new customer's line, in both Chinese scripts (folded to Simplified) and English."""

import re

from domain.customers import Gender, Stage
from parsing.companies import CITIES, PROVINCES, TRADES
from parsing.expressions import expression
from parsing.letters import HAN, any_of, word_set
from parsing.surnames import DOUBLE, SINGLE, WORDLIKE

LONGEST_COMPANY = 30  # characters of a token that may be a company's name; what is longer is a sentence

LEAD = expression(
    r"^\s*(?:/new(?:@\w+)?|新建客户|新增客户|新增一?个?客户|新客户|新客戶|新增客戶|新建客戶|添加客户|录入客户|登记客户|加个?客户|新建|新增|录入|"
    r"new customer|new client|new lead|add customer|add client|new|add)(?=[\s:：,，]|[^\x00-\x7f])[\s:：,，]*",
    re.IGNORECASE,
)
FILL = word_set("客户 新客户 联系人 电话 手机 手机号 tel phone mobile cell email 微信 wechat 是 的 和 and")

WECHAT = expression(
    r"(?:微信号?|wechat(?: ?id)?|weixin|wx|vx|v信)\s*(?:id)?\s*[:：是]?\s*(?P<id>[A-Za-z][A-Za-z0-9_\-]{4,19})(?![\w@.])",
    re.IGNORECASE,
)
LINE_ID = expression(r"(?<![A-Za-z])LINE(?: ?id)?\s*[:：]\s*(?P<id>[\w.@-]{3,30})", re.IGNORECASE | re.ASCII)
EMAIL = expression(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
PHONE_LABEL = expression(
    r"(?:电话|電話|手机|手機|手机号|联系电话|座机|行动电话|tel|phone|mobile|cell|ph|fax|传真|傳真|微信同号)\.?\s*[:：]?\s*$",
    re.IGNORECASE,
)
FAX_BEFORE = expression(r"(?:fax|传真|傳真)\.?\s*[:：]?\s*$", re.IGNORECASE)
BIRTHDAY = expression(
    r"(?:生日|出生日期|出生于?|birthday|born(?: on)?|b-?day)\s*(?:是|:|：|on|is)?\s*"
    r"(?P<day>(?:农历|農曆|阴历|陰曆)?\s*(?:\d{4}\s*[-/.年]\s*)?(?:\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号號]?|"
    r"[正一二三四五六七八九十冬腊臘]{1,2}月(?:初?[一二三四五六七八九十廿]{1,3})[日号號]?|(?:[A-Za-z]{3,9} \d{1,2}|\d{1,2} [A-Za-z]{3,9})(?:,? \d{4})?))",
    re.IGNORECASE,
)


def _label(names: str) -> re.Pattern[str]:
    return expression(
        rf"(?:(?<=[\s,，;；\n])|^)(?:{names})\s*[:：]\s*(?P<value>(?:(?!\s+[^\s:：]{{1,8}}[:：])[^,，;；\n|])+)",
        re.IGNORECASE,
    )


LABELS = (
    ("company", _label("公司|公司名称?|单位|單位|company|organi[sz]ation")),
    ("contact", _label("联系人|聯絡人|聯繫人|contact(?: person)?")),
    ("name", _label("姓名|名字|客户名?称?|客戶名?稱?|名称|名稱|name|customer|client")),
    ("nickname", _label("昵称|暱稱|称呼|稱呼|小名|nickname")),
    ("title", _label("职位|職位|职务|職務|职称|職稱|title|position|role")),
    ("address", _label("地址|住址|address|addr")),
    ("city", _label("城市|city")),
    ("district", _label("区域|區域|district|area")),
    ("industry", _label("行业|行業|產業|产业|industry|business")),
    ("occupation", _label("职业|職業|occupation|profession")),
    ("source", _label("来源|來源|渠道|source|referred by")),
    ("budget", _label("预算|預算|budget")),
    ("needs", _label("需求|needs?")),
    ("preferences", _label("偏好|喜好|preferences?")),
    ("interests", _label("兴趣|興趣|爱好|愛好|interests?")),
    ("tags", _label("标签|標籤|tags?")),
    ("note", _label("备注|備註|note|notes|remark")),
)
ASIDE = expression(r"[(（]([^()（）\n]*)[)）](?=[\s,，]|$)")  # 李四（火锅店老板）; within a company's name it stays
BUDGET = expression(r"(?:预算|budget(?: of)?)\s*(?P<value>[¥$]?[\d一二两三四五六七八九十][^\s,，;；]*)")
GRADE = expression(
    r"(?<![a-z0-9])(?:(?P<a>[abcd])\s?(?:级|类|等)(?:客户)?|(?:级别|分级|等级|grade)\s*[:：]?\s*(?P<b>[abcd])(?![a-z]))"
)

GENDERS = dict.fromkeys(word_set("先生 男 男士 mr male"), Gender.MALE)
GENDERS |= dict.fromkeys(word_set("女士 小姐 太太 女 夫人 ms mrs miss female"), Gender.FEMALE)
STAGES = dict.fromkeys(word_set("潜在 潜在客户 prospect"), Stage.PROSPECT)
STAGES |= dict.fromkeys(word_set("意向 意向客户 有意向 interested"), Stage.INTERESTED)

_RANK = any_of(
    """总经理 副总经理 总监 董事长 董事 总裁 副总 经理 主管 主任 老板娘? 店长 厂长 校长 院长 园长 馆长 行长 会长 秘书长 秘书 助理 会计 出纳 采购员? 财务 负责人 合伙人 创始人 联合创始人
    店员 业务员? 销售 部长 处长 科长 局长 课长 协理 襄理 专员 组长 队长 站长 股东 法人 总工 总厨 主厨 掌柜 对接人 决策人"""
)
TITLE = expression(
    rf"(?:[{HAN}]{{1,6}})?{_RANK}|(?:(?:senior|junior|general|sales|marketing|purchasing|accounting|assistant|office|store|shop|operations|project|product|vice|"
    r"regional|finance|hr|it|head|chief|technical|executive|managing|deputy)\s+(?:of\s+)?){0,3}(?:owner|manager|director|ceo|cto|cfo|coo|president|founder|co-founder|"
    r"buyer|purchaser|representative|agent|associate|administrator|secretary|supervisor|partner|boss|officer|assistant|head|vp|accountant|receptionist|proprietor|chef)"
    r"(?:/(?:sales|marketing)\s+\w+)?"
)
OCCUPATION = expression(
    any_of(
        """教师 老师 医生 护士 律师 程序员 工程师 设计师 公务员 司机 学生 家庭主妇 全职妈妈 自由职业 自由职业者 摄影师 厨师 会计师 教练 健身教练 导游 主播 退休 退休人员 军人 警察 记者 作家 画家
        建筑师 药剂师 牙医 心理咨询师 个体户 农民 工人 上班族 teacher doctor nurse lawyer engineer designer student driver dentist architect photographer retired freelancer programmer
        developer journalist writer artist musician accountant plumber electrician carpenter housewife pensioner"""
    )
)
INDUSTRY = expression(
    rf"(?:(?:{any_of(' '.join(TRADES))})+(?:店|馆|厅|行业|行|业|厂|铺|公司)?|[{HAN}]{{2,5}}(?:行业|产业|批发|零售)|"
    + any_of(
        """火锅店 烧烤店 串串店 小吃店 面馆 粥店 饭馆 食堂 甜品店 冷饮店 酒庄 民宿 客栈 宾馆 理发店 美发店 美容店 足浴店 洗车店 修车行 汽修店 4s店 药店 杂货店 五金店 文具店 服装店 鞋店 童装店 母婴店 玩具店 手机店 电脑店
        家具店 建材店 灯具店 水果店 蔬菜店 肉铺 粮油店 茶叶店 烟酒店 花店 书店 宠物店 眼镜店 珠宝店 健身房 瑜伽馆 舞蹈室 培训班 补习班 托管班 网吧 ktv 酒吧 电商 微商 外贸 跨境电商 直播 制造业 服务业 餐饮业 零售业 批发 零售
        florist florists restaurant bakery cafe café coffee\\sshop bar pub hotel hostel grocery grocer supermarket salon barber clinic pharmacy gym retailer retail wholesaler wholesale
        bookshop bookstore butcher brewery winery catering logistics manufacturing construction consulting education software insurance banking farming fashion jewellery jewelry garage"""
    )
    + ")"
)
DEPARTMENT = expression(rf"[{HAN}]{{2,6}}部")
# A kind of shop with a word in front (川味火锅店): the trade of a person, but the name of a company without one.
SHOP = expression(rf"[{HAN}]{{0,4}}(?:店|馆|厂|坊|铺|超市|酒楼|会所|诊所|工作室)")
SOURCE = expression(
    r"(?:朋友|老客户|客户|同事|亲戚|[一-鿿]{2,3})?(?:介绍|转介绍|推荐)(?:来?的)?|展会|抖音|小红书|官网|地推|陌拜|referral|walk-in|website|exhibition|trade fair"
)
STREET = expression(
    rf"(?:[{HAN}]{{2,12}}(?:路|街|大道|巷|弄|胡同|道|村|镇|乡|广场|大厦|小区|花园|园区|工业园|科技园|市场|商场|中心)){{1,3}}[{HAN}a-z\d\-]{{0,20}}|[{HAN}]{{0,10}}\d+(?:号|栋|楼|室|单元|座)[{HAN}a-z\d\-]{{0,16}}"
)

_CITY = any_of(" ".join(f"{city}市? " for city in CITIES))
_PROVINCE = any_of(" ".join(f"{province}省? " for province in PROVINCES))
PLACE = expression(
    rf"(?:{_PROVINCE})?(?P<city>{_CITY}|[{HAN}]{{2,3}}市(?![场{HAN}]*(?:店|场)))?(?P<district>[{HAN}]{{1,3}}(?:新区|开发区|高新区|(?<![小社校园景地片])区|县|镇|乡|旗))?"
)

_SURNAME = rf"(?:{'|'.join(sorted(DOUBLE))}|[{''.join(sorted(SINGLE))}])"
_SURE_SURNAME = rf"(?:{'|'.join(sorted(DOUBLE))}|[{''.join(sorted(SINGLE - WORDLIKE))}])"
# Built like names, and the first half of a title: 项目经理, 安全主管.
NO_NAMES = word_set(
    """高级 项目 安全 成本 金融 华东 华南 华北 华中 方案 计划 连锁 应收 应付 党委 车间 设备 经营 单位 区域 常务 公司 容量 程序 易货 景区 温控 
    解决 宣传 物业 房产 汤品 茶艺 白酒 红酒 水产 米面 鲜花 车辆 钱款 金属 石材 花艺 池塘"""
)
NAME_AND_TITLE = expression(
    rf"(?P<name>{_SURE_SURNAME}[{HAN}]{{1,2}}?)(?P<title>{_RANK}|先生|女士|小姐|太太|老师|医生|律师|教授)"
)
TITLE_BEFORE = expression(r"([a-z][a-z/ ]{2,40}?) (?=[A-Z]\w+ [A-Z])")  # owner Ana Ruiz
TITLE_AND_NAME = expression(rf"(?P<title>(?:[{HAN}]{{2}})?{_RANK})(?P<name>{_SURE_SURNAME}[{HAN}]{{1,2}})")
SURNAME_AND_TITLE = expression(
    rf"{_SURNAME}(?P<title>总|董|工|{_RANK}|先生|女士|小姐|太太|老师|医生|律师|教授|师傅|姐|哥|叔|阿姨|大姐|大哥)|[小老阿]{_SURNAME}"
)
SENTENCE = expression(
    r"[我你他她们想要装换]|[买卖](?=[^场])|需要|喜欢|认识|介绍|考虑|觉得|可以|没有|目前|正在|希望|了|过的?|因为|所以|比较|很|不"
)
