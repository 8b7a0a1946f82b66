"""Taking back, and reading who did what: by page, by customer, by member, as far as the reader may see."""

import pytest

from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import OTHER_REP, REP, StaffIds
from tests.chat.people import Answer, Person
from views.cards import Claim
from views.history import FilterByMember, HistoryPage, OpenAct, Undo
from views.import_choices import StartImport
from views.links import OpenCustomer
from views.owners import Assign
from views.replies import pack
from views.teams import ChooseHeir, OpenMember, OpenTeam

pytestmark = pytest.mark.usefixtures("company")
LOG = "拜访 张伟 谈了新报价 #大客户 下周三上午10点回访"


# Undo --------------------------------------------------------------------------------------------------------------


async def test_undo_by_button_leads_to_the_card(rep: Person) -> None:
    logged = await rep.say(LOG)
    undone = await rep.follow(logged, Undo)
    assert undone.id == logged.id and "↩︎ 已撤销：记录跟进 · 张伟。" in undone.text
    card = await rep.follow(undone, OpenCustomer)
    assert "张伟" in card.text and "谈了新报价" not in card.text


@pytest.mark.both_databases
async def test_undo_by_command_takes_steps_back_one_after_the_other(rep: Person) -> None:
    await rep.say("/new 吴昊 13800139999")
    await rep.say("拜访 吴昊 第一次见面")
    assert "记录跟进 · 吴昊" in (await rep.say("/undo")).text
    assert "新增客户 · 吴昊" in (await rep.say("/undo")).text
    assert "没有可撤销" in (await rep.say("/undo")).text
    assert "吴昊" not in "".join((await rep.say("/find 张")).text)


async def test_a_second_tap_does_nothing(rep: Person) -> None:
    logged = await rep.say(LOG)
    data = next(data for data in logged.data if data.startswith("hu1."))
    await rep.follow(logged, Undo)
    again = await rep.press_data(logged.id, data)
    assert isinstance(again, Answer) and "已经办好" in again.text


async def test_after_ten_minutes_it_is_too_late(rep: Person) -> None:
    logged = await rep.say(LOG)
    rep.sandbox.world.clock.move(601)
    late = await rep.press(logged, Undo)
    assert isinstance(late, Answer) and late.show_alert and "已经过了" in late.text
    assert "没有可撤销" in (await rep.say("/undo")).text


async def test_what_was_changed_since_is_left_alone(rep: Person) -> None:
    first = await rep.say(LOG)
    said = next(message for message in rep.messages if message.text == LOG)
    await rep.edit(said.id, LOG + " 带了样品")
    refused = await rep.press(first, Undo)
    assert isinstance(refused, Answer) and refused.show_alert and "刚刚有人改过" in refused.text
    assert "谈了新报价" in (await rep.say("/find 张伟")).text


@pytest.mark.both_databases
async def test_an_older_log_goes_while_a_newer_one_stands(rep: Person) -> None:
    first = await rep.say("拜访 天天鲜生 谈了新报价 下周三上午10点回访")
    second = await rep.say("微信 天天鲜生 发了合同 下周四再去")
    undone = await rep.follow(first, Undo)
    card = await rep.follow(undone, OpenCustomer)
    assert "谈了新报价" not in card.text and "发了合同" in card.text
    assert "意向" in card.text and "11月26日 周四（约定" in card.text  # by the log that stands
    undone = await rep.follow(second, Undo)
    card = await rep.follow(undone, OpenCustomer)
    assert "潜在" in card.text and "11月25日" not in card.text and "11月26日" not in card.text
    assert "10月22日 周四（建议）" in card.text  # as it was before both


async def test_undo_of_a_customer_given_away_tells_the_same_people(
    lead: Person, rep: Person, other_rep: Person, staff: StaffIds
) -> None:
    card = await lead.say("/find 张伟")
    choice = await lead.follow(card, data_startswith="cw1.")
    given = await lead.follow(choice, data_startswith=pack(Assign(1, staff.members[OTHER_REP], 0))[:-1])
    assert "赵涛" in given.text
    await rep.expect_push()
    await other_rep.expect_push()
    await lead.follow(given, Undo)
    for somebody in (rep, other_rep):
        assert "李强撤销了：更换负责人 · 张伟" in (await somebody.expect_push()).text


async def test_a_customer_who_moved_on_cannot_be_changed_by_an_old_button(
    lead: Person, rep: Person, staff: StaffIds
) -> None:
    logged = await rep.say(LOG)
    card = await lead.say("/find 张伟")
    choice = await lead.follow(card, data_startswith="cw1.")
    await lead.follow(choice, data_startswith=pack(Assign(1, staff.members[OTHER_REP], 0))[:-1])
    await rep.expect_push()
    refused = await rep.press(logged, Undo)
    assert isinstance(refused, Answer) and refused.show_alert
    assert "谈了新报价" in (await lead.say("/find 张伟")).text


# The trail ---------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
async def test_a_log_is_read_with_everything_it_changed(rep: Person) -> None:
    await rep.say(LOG)
    trail = await rep.say("/history")
    assert "王娜 · 记录跟进 · 张伟" in trail.text and "按成员看" not in trail.buttons
    act = await rep.follow(trail, OpenAct)
    for words in ("＋ 跟进 拜访", "阶段：潜在 → 意向", "＋ 标签 大客户", "＋ 下次跟进", "11月25日 周三"):
        assert words in act.text, act.text
    for code in ("customer_id", "touched_at", "prospect", "norm", "reached", "agreed"):
        assert code not in act.text
    assert len(act.text.splitlines()) < 15
    back = await rep.follow(act, HistoryPage)
    assert back.text == trail.text


async def test_fields_are_named_in_words_before_and_after(rep: Person) -> None:
    card = await rep.say("/find 张伟")
    fields = await rep.follow(card, data_startswith="ce1.")
    grades = await rep.follow(fields, "分级")
    await rep.follow(grades, "B 中价值")
    trail = await rep.say("/history 张伟")
    assert trail.text.startswith("张伟的操作记录")
    act = await rep.follow(trail, OpenAct)
    assert "分级：A 高价值 → B 中价值" in act.text


async def test_a_trail_is_found_by_customer_and_by_member(lead: Person, rep: Person) -> None:
    await rep.say(LOG)
    assert "王娜的操作记录" in (await lead.say("/history 王娜")).text
    both = await lead.say("/history 张")
    assert "叫“张”的不止一位" in both.text and "张伟" in both.buttons and "张建国" in both.buttons
    chosen = await lead.follow(both, "张伟")
    assert "记录跟进" in chosen.text and "打开卡片" in chosen.buttons
    none = await lead.say("/history <不存在>")
    assert "没有“<不存在>”" in none.text
    assert "操作记录" in (await lead.follow(none, "全部记录")).text


@pytest.mark.both_databases
async def test_a_lead_filters_by_member_and_turns_pages(lead: Person, rep: Person, staff: StaffIds) -> None:
    for n in range(9):
        await rep.say(f"/remind 明天{n + 9}点 第{n}件事")
    await lead.say("/remind 明天9点 主管的事")
    trail = await lead.say("/history")
    assert "主管的事" in trail.text
    members = await lead.follow(trail, FilterByMember)
    only = await lead.follow(members, "王娜")
    assert "主管的事" not in only.text and "第8件事" in only.text and "第1件事" not in only.text
    older = await lead.follow(only, "较早 ›")
    assert "第1件事" in older.text and "第8件事" not in older.text
    act = await lead.follow(older, OpenAct)
    back = await lead.follow(act, "‹ 返回")
    assert back.text == older.text
    newer = await lead.follow(back, "‹ 较新")
    assert newer.text == only.text
    assert staff.members[REP] > 0


async def test_reps_read_neither_each_other_nor_what_moved_on(
    lead: Person, rep: Person, other_rep: Person, staff: StaffIds
) -> None:
    await rep.say(LOG)
    assert "张伟" not in (await other_rep.say("/history")).text
    assert "没有“张伟”" in (await other_rep.say("/history 张伟")).text
    team = await lead.follow(await lead.say("/team"), data_startswith=pack(OpenTeam(staff.team_id, 0)))
    member = await lead.follow(team, data_startswith=pack(OpenMember(staff.members[REP])))
    await lead.follow(await lead.follow(member, ChooseHeir), "赵涛 · 销售 · 1")
    await rep.expect_push()
    trail = await rep.say("/history")
    assert "记录跟进" in trail.text and "张伟" not in trail.text
    act = await rep.follow(trail, OpenAct)
    assert "谈了新报价" not in act.text and "涉及同事的客户" in act.text
    assert "张伟" in (await other_rep.say("/history 张伟")).text


async def test_phones_of_the_pool_are_masked(rep: Person, lead: Person, staff: StaffIds) -> None:
    made = await rep.say("/new 吴昊 13800139999")
    assert "13800139999" in made.text
    trail = await rep.say("/history")
    act = await rep.follow(trail, OpenAct)
    assert "＋ 联系方式 13800139999" in act.text
    team = await lead.follow(await lead.say("/team"), data_startswith=pack(OpenTeam(staff.team_id, 0)))
    member = await lead.follow(team, data_startswith=pack(OpenMember(staff.members[REP])))
    await lead.follow(await lead.follow(member, ChooseHeir), "公海")
    await rep.expect_push()
    act = await rep.follow(await rep.say("/history"), OpenAct)
    assert "13800139999" not in act.text and "138****9999" in act.text and "吴昊" in act.text


async def test_a_claim_shows_whose_it_was_and_is(rep: Person) -> None:
    await rep.follow(await rep.say("/find 曾雨"), Claim)
    act = await rep.follow(await rep.say("/history 曾雨"), OpenAct)
    assert "负责人：— → 王娜" in act.text


@pytest.mark.both_databases
async def test_bulk_acts_stand_in_the_trail_of_each_customer(
    lead: Person, rep: Person, other_rep: Person, staff: StaffIds
) -> None:
    sheet = "姓名,手机,城市,负责人\n刘洋,13700137001,杭州,王娜\n张伟,13800138001,上海,王娜\n"
    await lead.follow(await lead.share("document", sheet.encode(), name="展会名单.csv"), StartImport)
    trail = await rep.say("/history 刘洋")
    assert "李强 · 从 展会名单.csv 导入" in trail.text
    act = await rep.follow(trail, OpenAct)
    assert "＋ 客户 刘洋" in act.text and "＋ 联系方式 13700137001" in act.text
    assert "张伟" not in act.text and "上海" not in act.text  # one file, but the trail of one customer
    known = await rep.say("/history 张伟")
    assert "从 展会名单.csv 导入" in known.text
    assert "城市：— → 上海" in (await rep.follow(known, OpenAct)).text
    team = await lead.follow(await lead.say("/team"), data_startswith=pack(OpenTeam(staff.team_id, 0)))
    member = await lead.follow(team, data_startswith=pack(OpenMember(staff.members[REP])))
    await lead.follow(await lead.follow(member, ChooseHeir), "赵涛 · 销售 · 1")
    assert "没有“刘洋”" in (await rep.say("/history 刘洋")).text
    trail = await other_rep.say("/history 刘洋")
    assert "李强 · 交接：王娜 → 赵涛" in trail.text and "从 展会名单.csv 导入" in trail.text
    act = await other_rep.follow(trail, OpenAct)
    assert "负责人：王娜 → 赵涛" in act.text and "张建国" not in act.text


async def test_own_settings_are_told_in_words(rep: Person) -> None:
    await rep.follow(await rep.follow(await rep.say("/settings"), "时区"), "东京")
    act = await rep.follow(await rep.say("/history"), OpenAct)
    assert "个人设置 时区：— → 东京" in act.text


async def test_in_english(rep: Person) -> None:
    await rep.follow(await rep.follow(await rep.say("/settings"), "语言"), "English")
    logged = await rep.say("visited Lin & Sons, renewed for a year, call back in 2 weeks")
    trail = await rep.say("/history")
    assert "touch logged · Lin & Sons" in trail.text
    act = await rep.follow(trail, OpenAct)
    assert "＋ touch visit" in act.text and "Stage: prospect → interested" in act.text
    assert "Undone: touch logged · Lin & Sons" in (await rep.follow(logged, Undo)).text


async def test_in_traditional_chinese(rep: Person) -> None:
    await rep.follow(await rep.follow(await rep.say("/settings"), "语言"), "繁體中文")
    logged = await rep.say("拜訪 張偉 談了新報價")
    act = await rep.follow(await rep.say("/history"), OpenAct)
    assert "＋ 跟進 拜訪" in act.text
    assert "已復原：記錄跟進" in (await rep.follow(logged, Undo)).text
