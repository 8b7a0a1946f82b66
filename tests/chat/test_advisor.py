"""Who looks after me, and being called back: within working hours, once, and beside what was agreed before."""

import pytest

from tests.chat.bound import client, pending_client  # noqa: F401 (fixtures)
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Person
from views.advisor import AskCall
from views.links import OpenAdvisor


@pytest.mark.both_databases
async def test_a_customer_is_called_back_in_the_window(client: Person, rep: Person) -> None:  # noqa: F811
    home = await client.start()
    assert {"advisor", "feedback", "me", "help"} <= set(client.menu) and "find" not in client.menu
    screen = await client.follow(home, OpenAdvisor)
    assert "王娜" in screen.text and "恢复上班" not in screen.text
    assert screen.buttons[:2] == ["📞 11月18日 周三 09:00–13:00", "📞 11月18日 周三 13:00–18:00"]
    noted = await client.follow(screen, "📞 11月18日 周三 13:00–18:00")
    assert "王娜会给您回电" in noted.text
    told = await rep.expect_push()
    assert "张伟" in told.text and "11月18日 周三 13:00–18:00" in told.text and not told.silent
    assert "11月18日 周三 13:00" in (await rep.say("/find 张伟")).text
    client.sandbox.world.clock.move(3 * 3600)
    assert "张伟" in (await rep.expect_push()).text


async def test_what_was_agreed_stays_and_three_wishes_are_enough(client: Person, rep: Person) -> None:  # noqa: F811
    await rep.say("明天下午3点去拜访张伟")
    screen = await client.say("/advisor")
    for number in range(3):
        await client.press(screen, screen.buttons[number + 1])
        assert "回电" in (await rep.expect_push()).text
        screen = await client.say("/advisor")
    assert "已经收到" in (await client.follow(screen, AskCall)).text
    await rep.quiet()
    assert "11月19日 周四 15:00" in (await rep.say("/find 张伟")).text
    assert "给张伟回电（11月18日 周三 13:00–18:00）" in (await rep.say("/reminders")).text


async def test_out_of_hours_the_next_opening_is_named(client: Person, rep: Person) -> None:  # noqa: F811
    client.sandbox.world.clock.move_to("2026-11-20T21:00:00+08:00", zone="Asia/Shanghai")
    screen = await client.say("/advisor")
    assert "我们 11月23日 周一 09:00 恢复上班" in screen.text
    assert screen.buttons[0] == "📞 11月23日 周一 09:00–13:00"
    client.sandbox.world.clock.move_to("2026-11-23T12:45:00+08:00", zone="Asia/Shanghai")
    later = await client.follow(screen, screen.buttons[0])
    assert later.buttons[0] == "📞 11月23日 周一 13:00–18:00"  # too late for the first: fresh ones


async def test_who_is_not_confirmed_reads_no_name(pending_client: Person, rep: Person) -> None:  # noqa: F811
    screen = await pending_client.say("/advisor")
    assert "王娜" not in screen.text
    assert "王娜" not in (await pending_client.follow(screen, AskCall)).text
    assert "还在等你确认" in (await rep.expect_push()).text


async def test_help_and_leaving_a_question(client: Person) -> None:  # noqa: F811
    words = await client.say("/help")
    assert "/feedback" in words.text and "/privacy" in words.text
    assert "没有需要取消的操作" in (await client.say("/cancel")).text
