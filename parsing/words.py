"""The words of a log, in both Chinese scripts (folded to Simplified) and English: contact, trying, orders, whose action.

Tables and regular expressions only; ``parsing.readings`` says what they mean together. All are matched against folded text
in which known names are masked, so that a word inside a customer's name is not one.
"""

import re

from domain.touches import TouchKind
from parsing.expressions import expression
from parsing.letters import HAN, MASK, any_of

NAME = f"{MASK}+"
REACH_BACK = 24  # characters in front of a word within which something can change its meaning

# Words of contact, by kind. A word with 了, 过 or in the past tense tells what happened; the others may be plans.
_VISIT = rf"""
    拜访 拜会 走访 陌拜 陌生拜访 扫楼 扫街 探访 上门 登门 到访 到店 (?<!过)去过 (?<![过出回进失])去了(?![解世年]) 去了一?趟 去的(?!时候|话|路) 跑了(?:一?趟)? (?<![再])跑[去到]?\s?(?={NAME}) 去见
    去看了 去(?=[{HAN}]{{2,8}}?(?:那里|那边|那儿|公司|店里|家里)) 去到 (?<![发寄送传打转])过去了 到了(?={NAME}|客户|他们?公司|公司|店|现场|厂) (?<![再])去找?\s?(?={NAME})
    (?<![送见寄发回谈提遇碰聊说拿收等找听得达交运联打想看轮约接])到\s?(?={NAME})
    (?<=在){NAME}(?=公司|店里|那边|那儿|办公室|厂) 刚出来 刚从[^\s,，。]{{1,12}}出来 刚离开 现场拜访 去了客户 跑客户
    \bvisit(?:ed|ing|s)?\b \bwent\s(?:to|by|over)\b \bbeen\sto\b
    \b(?:stopped|dropped|popped|swung|called)\s(?:by|in|into|round|over)\b \bdropped\sinto\b \bdropped\s(?:off\s)?(?:\w+\s){{0,2}}(?:off\s)?at\b \b(?:was|were)\sat\b
    \bcame\sfrom\b \bjust\sleft\b \bjust\scame\sout\b \bout\sof\sa\smeeting\swith\b \bon[-\s]?site\b \bdrove\sto\b
    \bpopped\sover\b \bdrop\sby\b \bstop\sby\b \bgo\ssee\b
"""
_CALL = rf"""
    打了?个?电话 通[了完过]一?个?电话 电话拜访 电话回访 电话 来电 去电 致电 回电 通话 通了个?话 电联 电访 打给
    打了(?=一?个?(?:电话|{NAME}|他|她)) 打过去 打过来 打过电话 拨了 语音通话 视频通话 视频电话 视讯(?!会议) 视频了 (?<={MASK})视频 打来 连线 没打通 打不通 未接
    \bcall(?:ed|ing|s)?\b \bphoned?\b \brang\b \bring\b \bdial(?:l?ed)?\b \bfacetimed?\b \bphone\scall\b
    \bvoicemail\b \bcall-?back\sfrom\b \bon\sthe\sphone\b \btried\scalling\b \bcold[-\s]?called\b
"""
_MESSAGE = rf"""
    微信(?!号|支付|小程序|付款|转账|收款|公众号) 企业微信 企微 短信 简讯 讯息 私信 私讯 发了?个?消息 发了?条?消息
    发信息 发了信息 发了条信息 消息(?=\s?(?:跟|联系|给|{NAME})) 留言 钉钉 飞书 \bqq\b 已读不回 已读没回 已读未回
    语音留言 传讯 传了讯息 丢讯息 \bwe\s?chat(?:ted)?\b \b(?:wx|vx)\b v信 \bwhats\s?app(?:ed)?\b \btelegram\b \btg\b
    \bsms\b \btext(?:ed|ing)\b \btext(?=\s(?:to|from|with)\b|:) \bmessaged?\b \bmsg(?:ed|'d)?\b \bdm(?:ed|'d|s)?\b
    \bpinged\b
"""
_EMAIL = r"""
    发了?封?邮件 邮件 电邮 电子邮件 发邮箱 寄了?封?信 来信 回信 来函 电子信 \be-?mail(?:ed|ing|s)?\b \bmailed\b
"""
_MEETING = rf"""
    见了(?!效) 见过 见完 见到了? 见着了? 见面 见了面 见的(?!时候|话|人) 会面 会见 会谈 碰面 碰头 碰了 碰到了? 面谈 当面
    面聊 约在(?=\S{{1,8}}\s?[谈聊见]) 约见 接待 开了个?会 开完会 (?<![在要去忙])开会(?!员) 会议 吃[了完过]?[个顿]?饭 喝[了完过]?[个杯]?(?:下午|早|晚)?茶
    喝[了完过]?[个杯]?咖啡 喝[了完过]?[个顿]?酒 饭局 聚餐 应酬 见\s?(?={NAME}) (?<={MASK})来了 来访 来公司 来厂
    遇到了? \bmet\b \bmeeting\b \bmeet(?:ing)?\b \bsat\sdown\b
    \b(?:had|having)\s(?:a\s)?(?:lunch|dinner|coffee|breakfast|tea)\b
    \b(?:lunch|dinner|coffee|breakfast|drinks|beers?)\s(?:w/?|with)(?=\s) \bran\sinto\b \bbumped\sinto\b \bsaw\b \bzoom(?:ed)?\b
    \bcatch[-\s]?up\swith\b
"""
_DEMO = r"""
    演示 展示 简报 提案 示范 路演 宣讲 讲方案 试讲 \bdemo(?:ed|'d|nstrated|ed|s)?\b \bpresent(?:ed|ing)\b
    \bpresentation\b \bpitched\b \bshowed\b \bwalkthrough\b
"""
_ORDER = rf"""
    签了 签完 签好 签字 签约 签单 签合同 签下 签回 续单 加单 追单 成交 下单 下了单 下了订单 拿下了? 订了(?!时间|会议|位|餐|酒店|票|在|明|后|下|周|\d+[月号点]) 买了 续约 续签 续费 复购 订购 付了定金
    交了定金 \bsigned\b \bclosed\s(?:the\s|a\s|this\s|our\s)?(?:deal|sale|order|contract)\b \bordered\b \bplaced\san\sorder\b \border\splaced\b \bclosed\s(?={MASK}) \bbought\b \bsold\b \brenewed\b \bre-?ordered\b \bwon\s(?:the|a|this|their)\b
    \bpurchased\b
"""
_SERVICE = r"""
    上门(?:维修|安装|检修|服务|调试|保养|换货) 售后 维修 修了 修好 检修 安装 保养 调试 换货 退货 退换 培训
    处理了?投诉 \brepair(?:ed|ing)?\b \bfixed\b \binstall(?:ed|ing)?\b \bserviced\b \bmaintenance\b \btraining\b
    \btrained\b
"""
# Contact of a kind that was not said.
_SOME = rf"""
    聊了 聊过 聊聊 聊天 聊 谈了 谈过 谈妥 谈成 洽谈 沟通 交流 联系了 联系上 联系过 联系到 联络 对接 跟进了 跟进
    回访了 回访 (?<=[跟和给与]){NAME}(?=说|讲|谈|聊|确认|对|核|发|送|报|介绍) 跟[{HAN}]{{1,4}}(?:说|讲|谈|聊|确认|核对)了 寒暄 接触 \bspoke\b \btalked\b \bhad\sa\s(?:\w+\s)?(?:chat|talk|word)\b
    \bchatted\b \bcontacted\b \breached\sout\b \bfollowed\sup\b \bcaught\sup\b \bchecked\sin\b \bdiscussed\b
    \bheard\sfrom\b \bgot\shold\sof\b \bchased\b
"""
_KINDS: tuple[tuple[str, TouchKind | None, str], ...] = (
    ("service", TouchKind.SERVICE, _SERVICE),
    ("visit", TouchKind.VISIT, _VISIT),
    ("call", TouchKind.CALL, _CALL),
    ("message", TouchKind.MESSAGE, _MESSAGE),
    ("email", TouchKind.EMAIL, _EMAIL),
    ("meeting", TouchKind.MEETING, _MEETING),
    ("demo", TouchKind.DEMO, _DEMO),
    ("order", TouchKind.ORDER, _ORDER),
    ("some", None, _SOME),
)
KIND_OF: dict[str, TouchKind | None] = {name: kind for name, kind, _ in _KINDS}
CONTACT = expression("|".join(f"(?P<{name}>{any_of(words)})" for name, _, words in _KINDS), re.ASCII)  # call张伟
LINE_APP = expression(
    rf"\bLINE\b|(?<![A-Za-z])(?:LINE(?![视視][频頻讯訊]|通[话話]|[电電][话話]|[语語]音)|[Ll]ine)(?=\s?[{HAN}]|[上了给跟])|(?<=[{HAN}]\s)[Ll]ine\b|(?<=[{HAN}])[Ll]ine\b|"
    rf"^[Ll]ine(?=\s)"
)
# A contact word that is a thing here, no contact: 电话号码, 他的微信, 开会 of theirs, "in a meeting".
NOT_CONTACT = expression(
    r"\s*[:：]?\s*\d{5}|号码|号|卡|费|线(?!上)|地址|群|名片|预约|邀请|记录|材料|设备|厂|机|柜|室|台|营销|推广|系统|软件|成本|问题|师傅|队|工"
)
NOT_CONTACT_BEFORE = expression(
    r"(?:的|留了?个?|加了?个?|换了?|要了?个?|等他?|等她|存了|查|回我|给我|\bin a|\bin the|\bin|\bher|\bhis|\btheir|\ba product|\bno)\s?$"
)
NO_MEETING_BEFORE = expression(r"(?:在|他|她|对方|客户|老板|他们|忙着?|要去)\s?$")  # 他在开会
LATER_BEFORE = expression(r"(?:改天|回头|下次|以后|有空|改日|择日|另约)(?:再|去|来)?\s?$")
DONE_BY = expression(r"[里上中]?[^\s,，。了]{0,4}了(?!解)")  # 电话确认了, 微信上跟他说了
CHANNEL_BEFORE = expression(r"\b(?:on|via|by|per|over|through|the)\s$")
NOT_DONE_BEFORE = expression(r"(?:没有?|未|从未|不曾|\bnot|n't|n’t|never)\s?$")
PAST_AFTER = expression(r"了(?!解)|过(?![来去]|几|两)|完")
PAST_WORD = expression(
    r"[了过着]$|[了完过]一?个?电话$|[见碰遇系]到$|刚|on\sthe\sphone|没打通|打不通|未接|已读|来电|成交|ed$|ed\b|\b(?:met|went|been|saw|rang|spoke|caught|sat|was|"
    r"were|came|sent|ran|won|sold|bought|drove|just|heard|got|had|out)\b"
)

# Nobody was reached.
TRIED = expression(
    any_of(
        r"""
    没接(?!触) 没人接 没有接 没接通 没接到 未接 不接(?!受) 无人接听 没通 没打通 打不通 打没通 拒接 挂断 挂了(?!号)
    占线 忙线 关机 停机 空号 转语音 语音信箱 没联系上 没联系到 联系不上 联络不上 没联络上
    不在(?![乎意于此这那考预范他她我]) 人不在 没在 没人(?!要|买|跟|和|能|管|用|做|说|知道) 没见到 没见着 没见上
    没见成 没碰到 没碰上 没遇到 没遇上 没找到人 没找着 找不到人 扑空 扑了个空 白跑 跑空 吃了?闭门羹 没开门 关门了?
    店没开 已读不回 已读没回 已读未回 未读 没读(?![书懂过完]) 没回(?![来家去应头]) 没回应 没有回复? 没有回应 不回(?![来家去头]) 没理我?
    无回应 没反应 未回复? 没回复 没答复 避而不见 放.{0,2}鸽子 爽约 没来 没聊成 没谈成 没说上 没聊上 没约到 出国了 休假了 没让进 不让进 没进去 没进门 未遇 不遇 没去成 没能去 在开会 开会中 在忙
    出差了 不方便接 出差不在 外出 \bno\sanswer\b \bdid\s?n[o']?t\s(?:answer|pick\sup|reply|respond|show)
    \bdidn['’]?t\s(?:answer|pick\sup|reply|respond|show) \bnot\s(?:in|there|available|home|answering|around)\b
    \bwasn['’]?t\s(?:in|there|available|around)\b \bweren['’]?t\sin\b \bout\sof\s(?:office|the\soffice|town)\b
    \bvoice\s?mail\b \b(?:he|she|they|who|boss|owner|manager)\s(?:was|were)\s(?:out|away)\b \bbounced\b \bno\s(?:reply|response|show|one\s(?:there|in|home|picked\sup|answered))\b \bno-show\b
    \bnobody\s(?:there|in|home|picked\sup|answered)\b \bleft\sa\s(?:message|msg|note|card|voicemail)\b
    \bleft\s(?:message|msg|vm)\b \b(?:vm|message|msg)\sleft\b \bunreachable\b \bcould\s?n[o']?t\sreach
    \bcouldn['’]?t\s(?:reach|get\shold|find) \bcan['’]?t\sreach \bmissed\s(?:him|her|them)\b
    \bline\s(?:was\s)?busy\b \bwent\sto\svoicemail \bhung\sup\b \bstood\sme\sup\b \bghosted\b \b(?:was|is|were|are)\sclosed\b \bthey['’]?re\sclosed\b
    \bseen\sbut\sno \bleft\son\sread\b \bclosed\sfor\s(?:lunch|the\sday)\b \bno\sluck\b \bengaged\b(?!\sin) \bin\sa\smeeting\b(?!\swith)
"""
    )
)
# What the words of trying say of the kind, where nothing else does.
TRIED_KINDS = (
    (
        TouchKind.CALL,
        expression(r"接|占线|关机|停机|空号|拒|挂|语音|打|answer|pick|voice|\bvm\b|line|hung|unreachable"),
    ),
    (TouchKind.MESSAGE, expression(r"已读|未读|回|read|reply|respon")),
    (TouchKind.VISIT, expression(r"扑|跑|门|没人|见|碰|遇|there|closed|nobody|show|card|note")),
)
# Somebody was, after all: 老板不在, 跟店长聊了.
REACHED = expression(
    r"聊了|谈了|讲了|只讲|见了(?!鬼)|见到了|碰到了|遇到了|沟通了|(?:跟|和|与)[^\s,，。]{1,8}(?:聊|谈|说|讲|沟通|确认|"
    r"交流|对接)了?|接待了?我|回电了?(?!话给)|打回来|回我了|下了单|签了|成交|回了(?:微信|消息|信息|电话|讯息)|"
    r"\b(?:spoke|talked|met|chatted|saw|called (?:me )?back)\b|\bgot (?:him|her|them)\b"
)
NOT_REACHED_BY = expression(
    r"前台|门卫|保安|门口|柜台|总机|助理|秘书|reception|receptionist|guard|assistant|answering machine"
)

# An order was made.
ORDER = expression(
    any_of(
        rf"""
    签了 签约 签单 签合同 签下 签回 签好 签完 续签 续单 加单 追单 成交 下单 下了单 下了个?订单 下了?大单 拿下了? 付了定金 付了订金
    交了定金 订了(?=货|\d|[一二两三四五六七八九十]) 合同签 \bsigned\b \bclosed\sthe\sdeal\b \bclosed\sa\sdeal\b
    \bdeal\sclosed\b \border\splaced\b \bclosed\s(?={MASK}) \bPO\s(?:received|signed|issued)\b \bplaced\s(?:an|the|their|a\s\w+)\sorder\b \b(?:re-?)?ordered\b \bbought\b(?!\s(?:from|elsewhere)) \bpurchased\b \bwon\sthe\sdeal\b \bit['’]?s\sa\sdeal\b
"""
    )
)
NO_ORDER_BEFORE = expression(
    rf"(?:没|没有|未|不|还没|还没有|准备|想|要|等|可以|能|会|打算|催|让|请|劝|谈|约|能否|是否|什么时候|何时|考虑|争取|"
    rf"差点|快|马上|尽快|希望|如果|再|才|以后|不肯|肯|敢|不想|拒绝|待|去|来|促|"
    rf"尚未|答应|说好|同意|not|n't|n’t|never|to be|get|gets|getting|has to be|if|once|almost|nearly|yet to be|be|"
    rf"until|till|when|before)(?:{NAME}|他|她|客户|老板)?\s?$"
)

# Whose action a day belongs to. OURS makes it the next touch; the strong ones before the weak ones.
AGAIN = any_of(
    rf"""
    再(?:次|一次)?(?:去|打|来|约|聊|谈|说|联系|联络|跟|拜访|见|访|看|试|问|催|发|送|过去|过来|找|跑|沟通|确认|电|上门|碰|议|给|传|拨|通|讨论|报|对)
    回访 复访 回头 跟进 跟踪 追踪 跟催 追 催 联系(?!人|方式|不上|电话|地址) 联络(?!人|不上) 再说 再看 复诊 续约 约
    拜访 上门 登门 过去(?!了|的|说|一年) 碰面 碰头 见面 面谈 会面 通话 电话 打给 打电话 打过去 回电 致电 沟通 演示
    开会 会议 提案 签约 签合同 签单 (?<![他她们方户过回下失])去(?!了|年|过|世|掉|除|税|库) 见(?!过|了|效|到)
    找(?:他|她|客户|老板|{NAME}) 聊 谈 过来 来(?:我们|公司|厂)
    到(?:他|她|对方|客户|{NAME})\S{{0,3}}(?:公司|那|店|厂|办公室|家) 简报 提案 拜会 call(?!ed|ing\b|s\b)
    calling following\sup visiting come\sby follow(?:\s|-)?up phone ring visit(?!ed|or) meet(?!\w) (?:go|come|going|coming|head|heading)\sback check\s(?:in|back) touch\sbase drop\sby
    stop\sby swing\sby circle\sback catch(?:\s|-)?up revisit return\b chase ping see\s(?:him|her|them|{NAME})
    go\s(?:see|to|there|over) lunch coffee dinner demo present(?!ed) try\sagain again speak talk reconnect
    next\s(?:visit|call|meeting|touch|contact) meeting appointment get\sback contact
"""
)
WEAK = any_of(
    rf"""
    给(?:他|她|他们|对方|客户|老板|{NAME}) 送(?!了|的|货|到|达) 寄(?!了|的)
    发(?:送|报价|合同|资料|邮件|微信|方案|样品|过去|给|他|她|一?份|消息|信息|图|样|新|短信) 传(?:给|资料|报价|过去)
    提醒 问(?:他|她|一下|下|问|{NAME}) 回复(?:他|她|客户|{NAME}) 答复(?:他|她|客户) 出(?:方案|报价|图|样) 准备 确认
    收款 收(?:钱|尾款|货款) 对账 报价(?!单) 带(?:他|她|样品|合同|技术|工程师) 安排 拿(?:样|合同|货)
    交(?:方案|报价|图|样品) 量尺 量房 安装 维修 检修 sending send(?!s) email mail bring deliver\sthe remind quote(?!d)
    prepare submit install invoice bill renew collect draft finish book arrange post schedule review update check pay ask
    tell take give write reply answer pick\sup
"""
)


def _bounded(words: str) -> str:
    """Latin words only as whole words; Chinese ones have no edges."""
    return rf"(?<![a-z]){words}(?![a-z])"


OURS_RIGHT_GAP = expression(
    rf"(?:[\s,，]|我们?|咱们?|俺|再|又|还|要|想|得|需要?|应该|可以|准备|打算|计划|会|和|跟|给|与|同|在|的|一起|{NAME}|"
    rf"他们?|她们?|对方|客户|老板|前|之前|以前|左右|把|先|就|才|都|的时候|那天|去|到|来|"
    rf"上?公司|现场|当面|亲自|记得|务必|一定|必须|必|我方|第[一二三四五\d]次|带\S{{0,4}}|把\S{{1,8}}?(?=发|给|送|寄|交|带|拿|做|改)|"
    rf"-|—|:|：|→|\bi\b|\bwe\b|['’]ll|will|\bto\b|going|have|need|must|should|let['’]?s|then|gonna|just|please|"
    rf"pls|and|\bor\b)*+"
)
ARRANGED = expression(
    rf"(?:约好?了?|约定|约在|约到|约的是?|约(?:他|她|{NAME}|了(?:他|她|{NAME}))|定在|定于|定了|订在|改到|改成|"
    rf"改在|改约|改|推到|推迟到|延到|延后到|提前到|安排在|安排到|排到|下次\S{{0,4}}|下回|时间是|日期是?|等到?|"
    r"(?:confirmed|booked|scheduled|arranged|rebooked|fixed|set up)\b[^.;,!?]{0,30}?(?:for|on)?|rescheduled (?:to|for)|moved to|pushed to|set for|booked for|scheduled for|arranged for|agreed on|"
    r"appointment(?: is| on)?)[\s:：]*(?:是|在|到|为|on|at|for)?\s*$"
)
# What follows a day that is theirs and calls for nothing of ours.
THEIRS = expression(
    any_of(
        r"""
    出差 出国 回国 回老家 回来 回去 回公司 要跟 要向 汇报 上会 过会 休假 放假 请假 休息 度假 旅游 旅行 开业 开张 开店 装修 搬家 搬迁 搬到 搬
    生日 结婚 满月 过年 过节 发货 到货 交货 收货 出货 进货 补货 送货 送到 送达 交付 配送 上货 提货 入库 上线 到期
    过期 盘点 涨价 降价 调价 招标 投标 开标 验收 生产 投产 开工 停工 复工 完工 手术 住院 考试 高考 中考 生娃 上班
    下班 上任 离职 入职 退休 年会 展会 参展 培训 发工资 结账日 断货 到港 出院 生效 截止 到(?=$|\s|[，,。]) 关门 歇业
    停业 营业 体检 家长会 团建 内部开会 要开会 在开会 有会 有事 没空 忙 不在 才有空 有空 才回 到家 开学 放学
    \b(?:is|are|'s|’s|will\sbe|be|goes|go|going|get|gets|comes)\s?(?:on\s)?(?:travel\w*|away|out|off|on\s(?:holiday|vacation|leave)|holiday|vacation|leave|back(?!\sto\s(?:me|us))|busy|abroad|closed|opening|moving)
    \btravel\w* \bon\s(?:leave|holiday|vacation|parental\sleave)\b \bship(?:s|ping|ped|ment)?\b
    \bdeliver(?:y|ies|s)\b \bgoods\sarrive \barriv(?:es|al) \blaunch(?:es)? \bopens?\b \bopening\b \bmov(?:es|ing)\b
    \bexpires?\b \bdue\b \bstarts?\b \bends?\b \bbirthday\b \bholidays?\b \bstock\w* \brenovat\w*
    \bgo(?:es)?\slive\b \binventory\b \baudit\b
"""
    )
)
THEIRS_SUBJECT = expression(
    rf"(?:他们?|她们?|对方|客户|老板娘?|{NAME}|采购|财务|公司|店里|厂里|\bhe|\bshe|\bthey|\bclient|"
    rf"\bcustomer)(?:说|讲|会|要|将|also|will|said)?\s*$"
)
THEIRS_BETWEEN = expression(r"(?<![跟和给与同找约把陪帮请])(?:他们?|她们?|对方|客户|老板)\s*(?:要|会|想|将|说)?\s*$")
# After a day in the past or in between: something that was done or made then, mentioned here.
MENTIONED = expression(
    rf"\s?(?:以?来)?(?:就|都|一直|还)?没(?!问题)|\s?(?:我们?|他们?|她们?|客户|给他|给她)?\s?(?:跟|和|给|与)?(?:{NAME}|他|她)?(?:发|寄|送|给|说|谈|"
    r"报|下|签|付|打|交|买|订|拿|提|定|约|装|用|换|来|拜访|见|聊)(?:给\S{1,3})?(?:的|好的|过的)"
)
# An English noun that is no action of ours here: on the phone, had a call, our meeting.
NO_ACTION_BEFORE = expression(
    r"(?:\bthe|\bon|\bhad(?: an?)?|\bour|\bafter|\bgood|\bgreat|\blong|\bquick|\bhis|\bher|\btheir)\s*$"
)
THEN = expression(r"到时候?|届时|那天|那时")  # and then it is our turn

FILLERS = expression(
    rf"嗯+|呃+|唔+(?=[\s,，、。…])|诶+|欸+|哎+|唉+|喔+|噢+(?!不)|"
    rf"(?<!金)(?<!名)(?<!余)(?<!差)(?<!总)(?<!数)额+(?=[\s,，、。…]|那个|就是)|啊+(?=[\s,，、。…]|$)|那个+(?!月|"
    rf"周|星期|人)|那什么|(?<=[{HAN}\s,，])就是说|怎么说呢|"
    r"\b(?:u+m+|u+h+|e+r+m?|h+m+|you know|i mean(?=,? (?:he|she|they|it|we|i)\b))\b[,.]?"
)
CORRECTION = expression(
    r"(?:哦|噢|啊|呃|诶|喔)?(?:不对不对|不对|不是不是|哦不|噢不|啊不|喔不|说错了?|讲错了?|写错了?|打错了?|错了|"
    r"搞错了?|记错了?|更正|口误)[\s,，。:：、]*(?:应该)?(?:是|改成|改为)?|(?<=[\s,，])应该是|"
    r"\b(?:no,? wait|wait,? no|sorry|correction|scratch that|make that|actually|i meant?|or rather|"
    r"no,)[\s,:]*(?:it'?s|on|i meant?)?"
)
NOT_BUT = expression(r"不是(?=\S{1,8}[\s,，]*(?:而?是|,))")
REMIND = expression(
    r"^[\s,，。!！]*(?:请|麻烦|帮我|帮忙|你|记得|到时候?|设个?|建个?|加个?|定个?)*\s*(?:提醒(?!他|她|了|客户|"
    r"对方|过)|闹钟|备忘)|提醒(?:我|一下我|下我|咱)|叫我(?=\S)|"
    r"\bremind me\b|^\s*reminder\b|^\s*remind\b|\bdon['’]?t (?:let me )?forget\b|\bset (?:a |an )?(?:reminder|alarm)\b"
)
# A reminder only together with a day: 后天记得给王姐回电话.
BEAR_IN_MIND = expression(
    r"记得(?=送|给|打|带|发|去|约|问|催|提醒|买|准备|确认|联系|回|跟|看|拿|收|交|寄|做)|别忘|不要忘|千万要|"
    r"remember to"
)
ASKING = expression(
    r"^\s*(?:查一?下?|搜一?下?|找一?下|搜索|查找|看一?下|(?:search|find|look ?up|show me|who is|"
    r"who's)\b)\s*(?=\S)|(?:的?(?:电话|手机|号码|地址|微信号?|邮箱|资料|联系方式|生日)(?:号码|是多少|多少|是什么|"
    r"是啥|在哪|呢|吗)?|是谁|在哪)?\s*[?？]\s*$|"
    r"的(?:电话|手机|手机号|号码|地址|微信号?|邮箱|资料|联系方式|生日)(?:号码|是多少|多少|是什么)?\s*$|(?:电话|"
    r"手机|微信|邮箱)(?:号码|号|多少)\s*$"
)
# Something was done or said: what a plan does not have.
DONE = expression(
    rf"[{HAN}{MASK}](?<![忘约])(?<!约好)(?<!定)了(?!解|不起|吗)|定了(?!周|下|明|后|这|时间|\d)|[聊谈说讲看试送问交做]过(?!来|去|几|两)|[谈聊]得|[谈聊说讲]到(?!时)|(?:^|[\s,，])说(?!好)|"
    rf"刚[才刚]?|已经?(?=[{HAN}])|(?:{NAME}|他|她|对方|客户|老板)(?:那边)?(?:说|讲|让我|叫我|要求|表示|觉得|认为|嫌|想|同意|"
    rf"答应|拒绝|不|没|还没|问|担心|反馈|反映|满意|愿意|决定|抱怨|投诉|介意|犹豫)|"
    r"\b(?:was|were|said|says|asked|wants?|wanted|agreed|likes?|liked|signed|told|gave|sent|got|had|happy|"
    r"unhappy|interested|refused|confirmed|complained|needs|thinks|renewed|ordered|paid|discussed|showed|"
    r"seemed|hesitant|ok with|good|went well)\b|"
    r"\b\w{3,}ed\b"
)

# Cantonese as it is typed, letter by letter.
CANTONESE = str.maketrans("咗喺佢嘅冇唔畀俾嚟倾", "了在他的没不给给来谈")
ARRIVES = expression(r"(?<=[一二三四五六日天号\d])到(?=\s)")  # 预计周五到 下周一追踪: no range
WENT = expression(rf"[\s,，]*(?:[聊谈说看问试]得|[{HAN}]{{1,2}}了)")  # right after a date: what went on then
CALL_THEN = expression(r"\b(?:call|ring|visit|meet|see|try|follow up|check in|go)\b[^.;!?]{0,20}\bthen\b")
WHEN_LABEL = expression(
    r"(?<!下次)(?<!回访)(?<!约定)(?:拜访|跟进|联系|沟通|见面|登记|记录)?(?:时间|日期)\s*[:：]\s*$|\b(?:date|when)\s*:\s*$"
)
UNTIL = expression(r"until|till|'til")
INTRODUCED = expression(r"(?:转?介绍|推荐)(?:过?来)?的|的(?:朋友|同事|亲戚|老婆|太太|老公|儿子|女儿|弟弟|哥哥)(?!介绍)")
INTENDED = expression(r"[要想得会]|准备|打算|计划|will|going|need")
MOVED = expression(r"(?:reschedul\w*|moved?|push\w*|postpon\w*|shift\w*|改期|改时间|推迟|延后|提前)[^.;!?。；]{0,24}$")
MOVED_TO = expression(r"[^.;,，。；]{0,24}?(?:\bto|改到|改成|改为|推到|推迟到|延到|挪到|换到|提前到|调到)\s*")
THEIRS_TIE = expression(r"(?:到|至|是|在|于|期到|日期)?")  # 出差到周五
PICTURE = expression(
    "[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27ff\u2b00-\u2bff\ufe0e\ufe0f\u200d\U0001f000-\U0001faff]"
)
CLAUSE_END = expression(r"[。；;！!？?\n，]|,(?!\d)|\.(?=\s|$)")
LIST_GAP = expression(r"\s*(?:和|跟|与|及|以及|、|,|，|/|&|\+|and|还有|也|又|\s)*+")
DAY_WORD = expression(
    r"[天日号周月年后]|星期|礼拜|前|early|late|tod|tom|yest|week|month|mon|tue|wed|thu|fri|sat|sun|day|night|jan|"
    r"feb|mar|apr|may|jun|"
    r"jul|aug|sep|oct|nov|dec|\d[/-]\d|\bin\b|ago"
)

AGAIN_WORD = expression(_bounded(AGAIN), re.ASCII)
WEAK_WORD = expression(_bounded(WEAK), re.ASCII)
# Can only be a next one, whatever the day: a past day beside it is a contradiction.
ONLY_NEXT = expression(
    r"再|复访|回访|跟催|催|追(?!踪)|follow|check\s(?:in|back)|circle|chase|try|again|next|(?:go|come|head)(?:ing)?\sback|revisit"
)
ONLY_OURS = expression(r"再[打联拜访约催跟找]|回访|复访|跟进|催|追|拜访|上门|call|follow|visit|ring|phone")
THEIRS_ENGLISH = expression(
    rf"(?:\b(?:he|she|they|client|customer|boss|owner)|{MASK})(?:\s(?:said|says|asked|promised|"
    rf"wants?))?(?:['’](?:ll|re|s)|\s(?:will|is|are|is going|would|can|wants?|needs?|plans?|hopes?|asked|promised|"
    rf"said)(?:\s(?:to|he|she|they)(?:['’]ll|\swill)?)?)\s*$"
)
# Of which kind the next touch will be, by the action's own words.
ACTION_KINDS = {
    "visit": TouchKind.VISIT,
    "call": TouchKind.CALL,
    "meeting": TouchKind.MEETING,
    "message": TouchKind.MESSAGE,
    "order": TouchKind.ORDER,
    "email": TouchKind.EMAIL,
}
ACTION_KIND = expression(
    r"(?P<call>再打|\bcalling\b|再拨|回电|打给|打过去|打一下|去个电话|\bcall\b|\bring\b|\bphone\b)|(?P<visit>再去|再来|(?<![补送发寄带传打转])过去|"
    r"再跑|上门|(?<!过)去(?!掉)|\bvisit(?:ing)?\b|\bcome by\b|\bgo (?:back|see|there|over)\b|\bdrop\sby\b|\bstop\sby\b|\bswing\sby\b|"
    r"\bcome back\b|\brevisit\b)|"
    r"(?P<meeting>见|碰|\bmeet\b|\blunch\b|\bcoffee\b|\bdinner\b|\bsee (?:him|her|them)\b)|(?P<message>发(?:消息|"
    r"信息|微信|短信)|\btext\b|\bmessage\b|\bping\b)|(?P<email>\be-?mail\b)|(?P<order>签(?:合同|约|单))"
)
# What may stand before the date of a plan without making it more than one.
PLAN_LEAD = expression(
    rf"(?:[\s,，:：、{MASK}]|我们?|咱们?|他们?|她们?|客户|老板|想|要|得|去|准备|打算|计划|需要?|安排|和|跟|与|给|在|约好?了?|定了|定好|"
    rf"时间|下次|{_bounded(AGAIN)}|{_bounded(WEAK)}|\b(?:i|we|will|going|need|have|plan|planning|want|to|must|"
    rf"should|"
    r"let|please|pls|with|the|a|an|on|at|for|back|him|her|them|again|arranged|booked|set|up)\b|['’](?:ll|s|m|re))*+"
)
IDLE_CHARS = f" ,，.。、:：;；!！?？~～-—\n\t{MASK}我吧呢啊哦"
