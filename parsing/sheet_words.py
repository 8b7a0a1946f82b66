"""The words customer files are written with: headings, and the values of closed sets.

Simplified and Traditional Chinese (looked up as Simplified) and English, folded: lower case, without blanks and
punctuation. What our own export writes (views/words.py, views/sheets.py) is among them, word for word.
"""

from typing import TypeVar

from domain.customers import CustomerKind, Gender, Grade, Stage
from domain.sheets import Field

T = TypeVar("T")


def _by_word(words: dict[T, str]) -> dict[str, T]:
    return {word: value for value, line in words.items() for word in line.split()}


HEADINGS: dict[str, Field] = _by_word(
    {
        Field.KEYUAN_ID: "客源编号 keyuanid",
        Field.KIND: "个人或公司 personorcompany 客户性质 客户类型 类型 类别 customertype accounttype type kind",
        Field.NAME: """
            客户名称 客户名 客户姓名 客户 姓名 名称 名字 全名 客户全称 会员 会员姓名 会员名称 顾客 顾客姓名 买家
            收货人 甲方 客人 customer customername client clientname name fullname account accountname displayname
            member membername buyer 名 姓 姓氏 firstname givenname lastname familyname surname forename
        """,
        Field.SHORT_NAME: "简称 客户简称 公司简称 企业简称 单位简称 shortname companyshortname",
        Field.COMPANY: """
            公司 公司名称 公司名 公司全称 企业 企业名称 企业全称 单位 单位名称 工作单位 客户公司 所属公司 所在公司
            任职公司 机构 机构名称 组织 商号 店名 店铺 店铺名称 门店 门店名称 商户 商户名称 抬头 发票抬头 公司行号
            company companyname organization organisation organizationname organisationname business businessname
            employer firm companyorganization
        """,
        Field.CONTACT_NAME: """
            联系人 联系人姓名 联系人名称 主要联系人 首要联系人 联络人 联络人姓名 主要联络人 连络人 窗口 对接人
            接洽人 法人 法定代表人 法人代表 经办人 contact contactname contactperson primarycontact maincontact attn
            attention contactfullname contactfirstname contactlastname
        """,
        Field.NICKNAME: "昵称 暱称 别名 外号 绰号 小名 微信昵称 微信名 nickname alias knownas preferredname",
        Field.TITLE: "职位 职务 职称 头衔 岗位 职衔 联系人职务 联系人职位 title jobtitle contacttitle position",
        Field.PART: "决策角色 决策作用 角色 决策者角色 decisionrole buyingrole",
        Field.PHONE: """
            电话 手机 手机号 手机号码 电话号码 联系电话 联系方式 联系号码 联络电话 连络电话 移动电话 行动电话
            手机电话 主要电话 首选电话 号码 phone1 mobile1 phone mobile mobilephone mobilenumber cell cellphone
            cellular telephone tel phonenumber contactnumber phoneno mobileno telno contactno
        """,
        Field.PHONE2: """
            备用电话 电话2 手机2 手机号2 其他电话 其它电话 座机 座机号码 固定电话 固话 办公电话 公司电话 市话
            市内电话 家庭电话 住宅电话 第二电话 另一电话 phone2 mobile2 otherphone homephone workphone officephone
            businessphone secondaryphone alternatephone alternativephone landline companyphone
        """,
        Field.FAX: "传真 传真号 传真号码 传真电话 fax faxnumber faxno",
        Field.EMAIL: """
            邮箱 电子邮箱 电子邮件 邮件 邮箱地址 电邮 电邮地址 信箱 电子信箱 电子邮件地址 邮件地址 email
            emailaddress mail emails mailaddress
        """,
        Field.WECHAT: "微信 微信号 微信号码 微信id wechat wechatid wechatno wechataccount weixin wxid",
        Field.OTHER_CHANNEL: """
            其他联系方式 其他联络方式 qq qq号 qq号码 line lineid 赖 whatsapp telegram skype facebook 旺旺 钉钉
            othercontact othercontacts
        """,
        Field.PREFERRED_CHANNEL: """
            偏好联系方式 偏好联络方式 首选联系方式 联系偏好 沟通方式 沟通偏好 偏好渠道 preferredchannel
            preferredcontact preferredcontactmethod contactpreference bestwaytocontact
        """,
        Field.PREFERRED_TIME: """
            方便时间 方便联系时间 方便联络时间 偏好时间 偏好联系时间 最佳联系时间 合适时间 联系时段 preferredtime
            besttime besttimetocall besttimetocontact preferredcontacttime
        """,
        Field.GENDER: "性别 称谓 gender sex salutation titleofcourtesy",
        Field.BIRTHDAY: "生日 出生日期 出生年月日 出生年月 出生 生辰 birthday birthdate birth dateofbirth dob",
        Field.OCCUPATION: "职业 occupation profession job",
        Field.INDUSTRY: "行业 所属行业 客户行业 产业 产业别 行业类别 行业类型 行业别 industry sector lineofbusiness",
        Field.NEEDS: """
            需求 客户需求 需求描述 采购需求 意向产品 购买意向 需求产品 关注产品 needs need requirements requirement
            demand
        """,
        Field.PREFERENCES: "偏好 喜好 购买偏好 产品偏好 preferences preference likes",
        Field.INTERESTS: "兴趣 爱好 兴趣爱好 interests interest hobbies hobby",
        Field.BUDGET: "预算 预算金额 采购预算 年预算 budget",
        Field.COUNTRY: "国家 国别 国家地区 国家或地区 country countryregion nation countrycode 国籍",
        Field.REGION: """
            省 省份 省份或州 省市 州 省州 地区 大区 区域 所在省份 province provinceorstate state region stateprovince stateregion territory
        """,
        Field.CITY: "城市 市 县市 所在城市 市县 都市 city town citytown",
        Field.DISTRICT: "区 区县 县区 行政区 市区 乡镇市区 乡镇 所在区 district county borough suburb",
        Field.ADDRESS: """
            地址 详细地址 公司地址 联系地址 联络地址 通讯地址 通信地址 收货地址 住址 家庭住址 街道 门牌 所在地
            所在地区 省市区 办公地址 街道地址 address streetaddress street address1 addressline1 address2
            addressline2 mailingaddress fulladdress billingaddress shippingaddress
        """,
        Field.POSTCODE: "邮编 邮政编码 邮递区号 邮区 zip zipcode postcode postalcode zippostalcode",
        Field.LOCATION: """
            坐标 经纬度 位置 定位 座标 gps 纬度 经度 coordinates latlng latlong geolocation location latitude lat
            longitude lng lon long
        """,
        Field.SOURCE: """
            来源 客户来源 来源渠道 渠道 渠道来源 获客渠道 线索来源 资料来源 获知渠道 source leadsource
            customersource channel origin
        """,
        Field.STAGE: """
            阶段 客户阶段 状态 客户状态 跟进状态 跟进阶段 销售阶段 商机阶段 进度 stage status leadstatus
            lifecyclestage customerstage dealstage salesstage
        """,
        Field.GRADE: """
            分级 等级 客户等级 客户级别 客户分级 级别 重要程度 重要性 客户价值 评级 grade rating tier rank ranking
            customergrade customerlevel priority
        """,
        Field.TAGS: "标签 客户标签 标记 卷标 tags tag labels label",
        Field.OWNER: """
            负责人 客户负责人 业务员 业务 业务人员 业务代表 负责业务 销售 销售员 销售人员 销售代表 销售负责人
            客户经理 跟进人 跟进人员 跟进销售 归属人 归属销售 所属人 所属销售 所有者 所有人 拥有者 承办人 顾问
            专属顾问 owner salesrep salesperson salesrepresentative accountowner accountmanager contactowner
            assignedto assignee rep leadowner customerowner companyowner ownername
        """,
        Field.NEXT_TOUCH: """
            下次跟进 下次跟进时间 下次跟进日期 下次联系 下次联系时间 下次联络 下次联络时间 下次拜访 下次拜访时间
            下次回访 下次追踪 下次追踪时间 回访时间 回访日期 提醒时间 提醒日期 计划跟进时间 nexttouch nextcontact
            nextfollowup nextfollowupdate followup followupdate nextactivity nextactivitydate nextcontactdate
        """,
        Field.LAST_TOUCH: """
            最近跟进 最近跟进时间 最近跟进日期 最后跟进 最后跟进时间 最后跟进日期 上次跟进 上次跟进时间 最近联系
            最近联系时间 最后联系时间 上次联系 上次联系时间 上次拜访 最近拜访 最近联络 上次联络 最后联络时间
            最近追踪 lasttouch lastcontact lastcontacted lastcontactdate lastactivity lastactivitydate lastfollowup
            lastvisit
        """,
        Field.EXTERNAL_ID: """
            客户编号 客户编码 客户代码 客户代号 客户id 客户号 客编 编号 编码 代码 代号 会员号 会员编号 会员卡号 卡号
            id customerid customernumber customerno customercode clientid clientno clientcode accountid
            accountnumber accountno externalid contactid memberid recordid code
        """,
        Field.NOTE: """
            备注 备注信息 说明 描述 附注 注释 注记 备忘 附记 跟进记录 跟进情况 跟进内容 拜访记录 客户备注 note notes
            remark remarks comment comments description memo
        """,
        Field.IGNORE: """
            序号 行号 项次 序 no index 创建时间 创建日期 创建人 建档日期 建档时间 录入时间 更新时间 修改时间 更新人
            最后修改时间 created createdat createddate createdate createdby updated updatedat updateddate modified
            modifiedat modifieddate lastmodified lastmodifieddate 密码 password 身份证 身份证号 身份证号码 证件号
            证件号码 身分证字号 idcard idnumber 头像 照片 avatar photo picture image photopath middlename additionalname 未导入原因 未汇入原因
            notimportedbecause
        """,
    }
)

STAGES: dict[str, Stage] = _by_word(
    {
        Stage.PROSPECT: """
            prospect lead new newlead subscriber cold 潜在 潜在客户 潜客 新客户 线索 未联系 初步接触 待跟进 未成交
        """,
        Stage.INTERESTED: """
            interested opportunity qualified negotiation negotiating proposal warm hot 意向 有意向 意向客户 跟进中
            跟进 洽谈 洽谈中 谈判 谈判中 报价 已报价 商机 试用 试用中
        """,
        Stage.WON: """
            won customer client closedwon active buyer first repeat 成交 已成交 成交客户 初购 复购 首购 回购 签约
            已签约 已签单 合作中 正式客户 老客户 已购 已购买
        """,
        Stage.LOYAL: "loyal evangelist advocate champion 忠诚 忠诚客户 忠实 忠实客户",
        Stage.DORMANT: "dormant inactive sleeping paused 沉睡 沉睡客户 休眠 休眠客户 沉默 沉默客户 不活跃",
        Stage.LOST: """
            lost churned closedlost disqualified unqualified 流失 已流失 流失客户 战败 丢单 无意向 放弃 输单 无效
        """,
    }
)

GRADES: dict[str, Grade] = _by_word(
    {
        Grade.A: """
            a a类 a级 a级客户 a类客户 高价值 高 重要 重点 重点客户 重要客户 high highvalue gradea a高价值 ahighvalue
        """,
        Grade.B: "b b类 b级 b级客户 b类客户 中价值 中 medium mid mediumvalue gradeb b中价值 bmediumvalue",
        Grade.C: "c c类 c级 c级客户 c类客户 低价值 低 low lowvalue gradec c低价值 clowvalue",
        Grade.D: "d d类 d级 d级客户 d类客户 观察 watch observe graded d观察 dtowatch",
        Grade.UNGRADED: "- 未分级 未定级 未评级 ungraded",
    }
)

GENDERS: dict[str, Gender] = _by_word(
    {
        Gender.FEMALE: "f female woman 女 女性 女士 小姐 太太 夫人 ms mrs miss ms. mrs.",
        Gender.MALE: "m male man 男 男性 先生 mr mr.",
        Gender.OTHER: "other diverse nonbinary non-binary x 其他 其它",
    }
)

KINDS: dict[str, CustomerKind] = _by_word(
    {
        CustomerKind.PERSON: "person individual private consumer 个人 个人客户 自然人 散客 个体 personal",
        CustomerKind.COMPANY: """
            company business organization organisation corporate enterprise 公司 企业 企业客户 公司客户 单位 机构
            法人 b2b
        """,
    }
)
