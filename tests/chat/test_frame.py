"""The frame as people meet it: strangers, unknown commands, buttons that are no longer open."""

from tests.chat.people import Answer, Person


async def test_a_stranger_is_told_once_how_it_opens(stranger: Person) -> None:
    assert "专属链接" in (await stranger.say("你好")).text
    stranger.write("在吗")
    await stranger.quiet()


async def test_staff_learn_that_a_command_does_not_exist(rep: Person) -> None:
    assert "/nonsense" in (await rep.say("/nonsense")).text


async def test_a_forged_button_is_no_longer_open(rep: Person) -> None:
    shown = await rep.say("/history")
    answer = await rep.press_data(shown.id, "ux.1~AAAAAAAAAAA")
    assert isinstance(answer, Answer) and answer.show_alert
