"""演示里的文字：标题、正文、具体建议、答复，按题材拼出来，读着像真的，人和事都是虚构的。"""

from __future__ import annotations

from random import Random

#: 题材：标题里的词 → 单位编码、正文里的事实、具体建议、单位的措施
TOPICS = (
    (
        ("水库", "河", "饮水", "沟渠", "堤", "灌溉", "水利", "防洪"),
        "HN-SLT",
        "渠系老化渗漏，枯水期部分村组断流，汛期险工险段年年抢护",
        ("把病险设施列入年度除险加固计划", "明确管护责任和经费来源"),
        "列入年度水利建设计划并落实管护责任",
    ),
    (
        ("公路", "道路", "路面", "交通", "桥", "铁路", "高铁", "红绿灯", "停车", "客运"),
        "HN-JTT",
        "路面破损、弯道视距不足，货车绕行增多，去年发生多起事故",
        ("将该路段纳入改造计划", "完善警示标志和安全防护设施"),
        "纳入国省道和农村公路提质改造计划",
    ),
    (
        ("教育", "学校", "教师", "学生", "校园", "幼儿"),
        "HN-JYT",
        "班额偏大，寄宿床位不足，音体美教师缺编突出",
        ("增加学位和教师编制", "改善寄宿条件"),
        "安排专项资金新增学位并统筹调配教师编制",
    ),
    (
        ("医", "卫生", "健康", "疾控", "养老", "护理"),
        "HN-WJW",
        "基层医疗机构人员流失，设备老旧，群众看病仍要跑县城",
        ("加强基层医疗人才培养", "更新基层必需设备"),
        "实施基层医疗能力提升项目",
    ),
    (
        ("农", "乡村", "粮", "耕地", "种", "养殖", "茶"),
        "HN-NYT",
        "小农户与市场衔接不紧，冷链不足，产品卖不上价",
        ("支持建设产地冷链", "培育区域公用品牌"),
        "安排现代农业专项支持产地冷链和品牌建设",
    ),
    (
        ("小区", "住房", "城市", "污水", "管网", "燃气", "物业", "电梯"),
        "HN-ZJT",
        "老旧小区管网年久失修，加装电梯协调难，停车位紧缺",
        ("加快老旧小区改造", "完善协调议事办法"),
        "纳入城镇老旧小区改造年度任务",
    ),
    (
        ("环境", "污染", "垃圾", "生态", "大气", "水质"),
        "HN-HBT",
        "垃圾转运能力不足，个别断面水质波动，群众反映较多",
        ("补齐处理设施短板", "建立联合巡查机制"),
        "督促落实整治方案并按月通报",
    ),
    (
        ("科技", "创新", "人工智能", "研发"),
        "HN-KJT",
        "科技成果转化链条不畅，中小企业研发投入意愿不强",
        ("完善成果转化激励", "支持企业建研发平台"),
        "修订成果转化办法，支持企业建设创新平台",
    ),
    (
        ("旅游", "文化", "文物", "非遗"),
        "HN-WLT",
        "旅游旺季接待能力不足，文物点保护经费缺口大",
        ("完善旅游基础设施", "增加文物保护投入"),
        "纳入文旅重点项目并安排文物保护资金",
    ),
    (
        ("财政", "资金", "债", "转移支付", "经费"),
        "HN-CZT",
        "县级财政运转压力大，部分配套资金难以落实",
        ("加大转移支付力度", "优化配套政策"),
        "在年度预算中统筹增加转移支付",
    ),
    (
        ("企业", "工业", "制造", "园区", "产业链", "品牌"),
        "HN-GXT",
        "产业链配套不全，中小企业融资难、用工难",
        ("出台强链补链措施", "搭建银企对接平台"),
        "开展产业链对接并落实惠企政策",
    ),
    (
        ("社会", "低保", "殡葬", "救助", "社区", "老年"),
        "HN-MZT",
        "服务设施覆盖不足，基层人手少，标准多年未调整",
        ("提高保障标准", "增加服务设施"),
        "适时提高保障标准并新建服务设施",
    ),
)
DEFAULT_UNIT = "HN-FGW"
PLACES = (
    "长沙县",
    "浏阳市",
    "攸县",
    "湘乡市",
    "衡南县",
    "武冈市",
    "平江县",
    "石门县",
    "慈利县",
    "安化县",
    "桂阳县",
    "祁阳市",
    "溆浦县",
    "新化县",
    "凤凰县",
    "醴陵市",
    "汨罗市",
    "临澧县",
    "宁远县",
    "洪江市",
)
TEMPLATES = (
    "关于加快推进{place}{thing}的建议",
    "关于支持{place}{thing}的建议",
    "关于进一步加强{place}{thing}的建议",
    "关于解决{place}{thing}问题的建议",
    "关于完善{place}{thing}工作机制的建议",
)
THINGS = {
    "HN-SLT": ("病险水库除险加固", "农村饮水安全", "中小河流治理", "灌区续建配套"),
    "HN-JTT": ("农村公路提质改造", "国省干线安全隐患整治", "城乡客运一体化"),
    "HN-JYT": ("乡村教师队伍建设", "中小学扩容提质", "校园食品安全"),
    "HN-WJW": ("基层医疗能力提升", "医养结合", "精神卫生服务"),
    "HN-NYT": ("高标准农田建设", "农产品冷链物流", "油茶产业发展", "农村人居环境整治"),
    "HN-ZJT": ("老旧小区改造", "城镇污水管网建设", "住宅加装电梯"),
    "HN-HBT": ("农村黑臭水体治理", "固体废物处置", "重点流域水质保护"),
    "HN-KJT": ("科技成果转化", "创新平台建设"),
    "HN-WLT": ("红色旅游发展", "传统村落保护"),
    "HN-CZT": ("县级财力保障", "乡村振兴资金统筹"),
    "HN-GXT": ("产业链强链补链", "中小企业融资服务", "先进制造业集群培育"),
    "HN-MZT": ("居家养老服务", "殡葬设施建设", "社会救助标准动态调整"),
    "HN-FGW": ("重大项目前期工作", "县域经济发展", "充电基础设施建设", "营商环境优化"),
    "HN-RST": ("职业技能培训", "返乡创业就业"),
    "HN-ZRT": ("国土空间规划衔接", "地质灾害防治"),
    "HN-GAT": ("反电信诈骗宣传", "乡镇警务力量建设"),
    "HN-YBJ": ("异地就医结算", "门诊共济保障"),
    "HN-LYJ": ("林下经济发展", "古树名木保护"),
}


#: 各单位管的事归在哪一类
CATEGORIES = {
    "发展规划和综合经济": ("HN-FGW",),
    "工业、能源和投资": ("HN-GXT",),
    "农林牧渔和水利": ("HN-SLT", "HN-NYT", "HN-LYJ"),
    "贸易、交通、邮政和文旅等服务业": ("HN-JTT", "HN-WLT"),
    "财政、税收和金融": ("HN-CZT",),
    "城乡建设和资源环境": ("HN-ZJT", "HN-HBT", "HN-ZRT"),
    "科教卫和体育": ("HN-JYT", "HN-WJW", "HN-KJT"),
    "社会及公共事务": ("HN-MZT", "HN-RST", "HN-YBJ"),
    "法治建设": ("HN-GAT",),
}


def category_of(title: str) -> str:
    """虚构标题的分类：看题材归哪个单位。"""
    code = next((code for code, things in THINGS.items() if any(thing in title for thing in things)), DEFAULT_UNIT)
    return next(name for name, codes in CATEGORIES.items() if code in codes)


def topic_of(title: str) -> tuple | None:
    """标题属于哪个题材。"""
    return next((topic for topic in TOPICS if any(word in title for word in topic[0])), None)


def unit_for(title: str, rng: Random) -> str:
    """按题材定主办单位；说不准的归发改委或随机一家综合部门（负荷因此很陡）。"""
    for code, things in THINGS.items():
        if any(thing in title for thing in things):
            return code
    topic = topic_of(title)
    return topic[1] if topic else rng.choice((DEFAULT_UNIT, DEFAULT_UNIT, "HN-CZT", "HN-RST", "HN-ZRT", "HN-GAT"))


def invented_title(rng: Random) -> str:
    """一条虚构标题；各单位的件数按题材多少自然分出多寡。"""
    weights = [len(things) for things in THINGS.values()]
    weights[list(THINGS).index(DEFAULT_UNIT)] *= 3
    code = rng.choices(list(THINGS), weights)[0]
    return rng.choice(TEMPLATES).format(place=rng.choice(PLACES), thing=rng.choice(THINGS[code]))


def body_for(title: str, rng: Random) -> tuple[str, list[str]]:
    """正文与具体建议。"""
    topic = topic_of(title)
    fact = topic[2] if topic else "现行做法分散，部门之间衔接不够，群众和企业反映较多"
    asks = list(topic[3]) if topic else ["明确牵头部门和时间表", "建立定期通报机制"]
    core = title.removeprefix("关于").removesuffix("的建议")
    villages = rng.randrange(3, 12)
    body = (
        f"近期围绕{core}作了调研，走访了{villages}个村、{rng.randrange(2, 6)}个单位，"
        f"召开座谈会{rng.randrange(1, 4)}次。\n"
        f"目前的主要问题是：{fact}。相关部门已有一些探索，但缺少统筹，资金渠道分散。"
    )
    extra = ["将落实情况向代表和群众公开"] if rng.random() < 0.3 else []
    return body, asks + extra


def measure_for(title: str) -> str:
    """答复里的一条措施。"""
    topic = topic_of(title)
    return topic[4] if topic else "会同有关部门研究提出工作方案，按进度推进"


CONTACTS = {
    "before": "向代表了解提出建议的背景和期望，听取对办理工作的意见。",
    "during": "向代表介绍办理进展和有关政策，协商具体措施，意见基本一致。",
    "after": "向代表告知答复意见和下一步安排，听取评价。",
}
VIEWS = ("希望抓紧落实，按时间表推进。", "认可办理思路，建议加强跟踪。", "对初步意见表示理解，希望明确资金来源。")
DISSATISFIED = (
    "答复没有针对第二条建议，时间表不明确。",
    "措施笼统，没有说清楚资金和责任单位。",
    "没有到现场了解情况。",
)
