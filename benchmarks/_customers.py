"""Customers of a large seller, made by arithmetic: 95 of 100 are firms of their own, the others repeat one with a slip.

Brands follow a steep curve (some are shared by hundreds of firms, most by few), places follow the size of their cities,
industries and forms are those of a business register. The same customers on every machine.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

_CITIES = (
    "上海 北京 深圳 广州 杭州 苏州 成都 武汉 南京 重庆 天津 宁波 青岛 长沙 郑州 西安 无锡 佛山 东莞 厦门 济南 合肥 福州 温州 泉州 常州 嘉兴 绍兴 台州 "
    "南通 烟台 石家庄 沈阳 大连 哈尔滨 长春 昆明 南昌 贵阳 南宁 太原 兰州 乌鲁木齐 海口 珠海 中山 惠州 金华 湖州 扬州 徐州 潍坊 临沂 洛阳 芜湖 襄阳 宜昌 "
    "株洲 柳州 桂林 绵阳 遵义 咸阳 包头 银川 西宁 唐山 保定 邯郸"
)
CITIES = _CITIES.split()
_USUAL = (
    "华信新中东金德海天大盛泰祥兴隆恒瑞丰源通达利安康宏远鑫诚顺昌嘉美佳博创联科正益百亿宝龙凤山江河星辰光明辉煌腾飞翔云峰林森木石磊岩玉珠银铜铁钢汇聚众合和平永久长青松柏"
    "梅兰竹菊春夏秋冬晨曦朝阳旭日升月雪雨露风雷电火炎热土城国民族强富贵荣耀胜凯旋威武雄鹰虎豹马牛羊鹿鹤燕雁鹏鲲鲸鱼川湖溪泉润泽沐浩瀚洋波涛浪舟航帆旗帜卓越超群英杰才俊智慧思"
    "维意念真善良友邦邻亲情缘福禄寿喜乐欢庆吉如诺言语文章书画诗琴棋艺术巧匠工精细致雅韵"
)
_LEVEL_ONE = bytes(code for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for code in (row, cell))
_EVERYDAY = _LEVEL_ONE.decode("gb2312", "ignore")
LETTERS = "".join(dict.fromkeys(_USUAL + _EVERYDAY[::4]))
"""What brands are made of, the usual ones first. A slip gives any of the 3,755 characters in everyday use."""
_INDUSTRIES = (
    "科技 贸易 商贸 信息技术 电子科技 机械设备 实业 建筑工程 食品 服饰 物流 广告 文化传媒 生物科技 医疗器械 化工 建材 五金 家具 汽车配件 环保科技 网络科技 "
    "餐饮管理 电气 塑胶 包装材料 农业科技 新能源 装饰工程 供应链管理 教育科技 酒店管理 智能科技 自动化设备 纺织品 模具 医药 房地产开发 物业管理 企业管理咨询"
)
INDUSTRIES = _INDUSTRIES.split()
FORMS = ("有限公司", "有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司")


def make_customers(con: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Creates the tables `customer` (customer_id, name, credit_code, phone, email) of about `rows` rows and `truth`
    (left_id, right_id): the pairs that are one firm. No two firms have the same name."""
    con.register("city", pa.table({"n": range(len(CITIES)), "city": CITIES}))
    con.register("letter", pa.table({"n": range(len(LETTERS)), "letter": list(LETTERS)}))
    con.register("industry", pa.table({"n": range(len(INDUSTRIES)), "industry": INDUSTRIES}))
    con.register("form", pa.table({"n": range(len(FORMS)), "form": FORMS}))
    chance = "(hash({0}, i) % 1000003 / 1000003.0)"

    def pick(what: str, size: int, steep: float) -> str:
        return f"CAST(floor({size} * pow({chance.format(repr(what).replace(chr(34), chr(39)))}, {steep})) AS INTEGER)"

    con.execute(
        "CREATE OR REPLACE TEMP TABLE firm AS WITH drawn AS (SELECT i, "
        f"{pick('city', len(CITIES), 2)} AS c, {pick('a', len(LETTERS), 2.2)} AS a, {pick('b', len(LETTERS), 2.2)} AS b, "
        f"{pick('d', len(LETTERS), 2.2)} AS d, {pick('e', len(LETTERS), 2.2)} AS e, {pick('industry', len(INDUSTRIES), 1.5)} AS k, {pick('form', len(FORMS), 1)} AS f "
        f"FROM range({rows}) t(i)) "
        "SELECT i, city, la.letter || lb.letter || CASE WHEN hash('long', i) % 10 < 5 THEN ld.letter ELSE '' END || CASE WHEN hash('long', i) % 10 < 3 THEN le.letter ELSE '' END AS brand, industry, form "
        "FROM drawn JOIN city ON city.n = c JOIN letter la ON la.n = a JOIN letter lb ON lb.n = b JOIN letter ld ON ld.n = d "
        "JOIN letter le ON le.n = e JOIN industry ON industry.n = k JOIN form ON form.n = f"
    )
    con.execute("DELETE FROM firm WHERE i NOT IN (SELECT min(i) FROM firm GROUP BY city, brand, industry)")
    slip = "(hash('slip', i) % 8)"
    at = "(1 + CAST(hash('at', i) % length(brand || industry) AS INTEGER))"
    other = f"(substr('{_EVERYDAY}', 1 + CAST(hash('letter', i) % {len(_EVERYDAY)} AS INTEGER), 1))"
    core = "brand || industry"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE again AS SELECT i, CASE "
        f"WHEN {slip} = 0 THEN city || '市' || {core} || form "
        f"WHEN {slip} = 1 THEN {core} || '（' || city || '）' || form "
        f"WHEN {slip} = 2 THEN city || {core} || CASE form WHEN '有限公司' THEN '有限责任公司' ELSE '有限公司' END "
        f"WHEN {slip} = 3 THEN {core} || form "
        f"WHEN {slip} = 4 THEN city || substr({core}, 1, {at} - 1) || substr({core}, {at} + 1) || form "
        f"WHEN {slip} = 5 THEN city || ' ' || brand || industry || ' ' || form "
        f"WHEN {slip} = 6 THEN city || substr({core}, 1, {at} - 1) || {other} || substr({core}, {at} + 1) || form "
        "ELSE city || brand || industry END AS name, hash('phone', i) % 2 = 0 AS reached FROM firm WHERE hash('again', i) % 100 < 5"
    )
    con.execute(
        "CREATE OR REPLACE TABLE customer AS "
        "SELECT 'C' || lpad(CAST(i AS VARCHAR), 8, '0') AS customer_id, city || brand || industry || form AS name, CAST(NULL AS VARCHAR) AS credit_code, "
        "CASE WHEN hash('phone', i) % 2 = 0 THEN '1' || CAST(3000000000 + i * 7 AS VARCHAR) END AS phone, CAST(NULL AS VARCHAR) AS email FROM firm "
        "UNION ALL SELECT 'D' || lpad(CAST(i AS VARCHAR), 8, '0'), name, NULL, CASE WHEN reached AND hash('told', i) % 3 = 0 THEN '1' || CAST(3000000000 + i * 7 AS VARCHAR) END, NULL FROM again"
    )
    con.execute(
        "CREATE OR REPLACE TABLE truth AS SELECT 'C' || lpad(CAST(i AS VARCHAR), 8, '0') AS left_id, 'D' || lpad(CAST(i AS VARCHAR), 8, '0') AS right_id FROM again"
    )
