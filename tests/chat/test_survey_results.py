"""Results in the chat: figures, words, the picture and the file, each within what its reader may see."""

# ruff: noqa: F811 (fixtures come in under their own names)

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.app import App
from bot.signing import Signer, button_keys
from domain.surveys import EnteredBy
from storage.database import Database
from tests.chat.bound import client  # noqa: F401 (fixture)
from tests.chat.company import WEDNESDAY, Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import OTHER_REP, REP, StaffIds
from tests.chat.people import Answer, Message, Person
from tests.chat.surveyed import Ask, ask, asked, define  # noqa: F401 (a fixture)
from tests.chat.test_answers import SHORT, K
from tests.chat.test_touches import PICTURE
from views.links import OpenSurvey, ShowResults
from views.survey_photos import ShowPhotos, ShowPhotosOf
from views.survey_results import ByCause, ByRep, DrawChart, ExportAnswers, FreeAnswers
from views.survey_sent import ShowInvitation
from views.surveys import ShowSent

NOW = dt.datetime.fromisoformat(WEDNESDAY)
SCORED = define(asked("nps", K.NPS, "会推荐我们吗？"), *SHORT.questions)
Open = Callable[[Person, int], Awaitable[Message | Answer]]


@pytest.fixture
def results(database: Database) -> Open:
    """Press the button that leads to a survey's results."""

    async def press(who: Person, survey_id: int) -> Message | Answer:
        shown = await who.say("/help")
        with database.transaction(NOW) as uow:
            person = uow.people.find(who.id)
            assert person is not None
            payload = ShowResults(survey_id, 0)
            signed = Signer(button_keys(uow)).sign(payload, person_id=person.person_id, chat_id=who.id)
        return await who.press_data(shown.id, signed)

    return press


@pytest.fixture
def fill(database: Database, company: Company, staff: StaffIds) -> Callable[..., None]:
    """Answers of 张伟 (REP's) and of 赵敏 (OTHER_REP's), so many of each."""

    def give(survey_id: int, answers: dict[str, Any], *, named: str | None) -> None:
        with database.transaction(NOW) as uow:
            row: dict[str, Any] = {"survey_id": survey_id, "month": NOW.date().replace(day=1)}
            row["entered_by"] = EnteredBy.CHAT
            if named:
                member = staff.members[REP if named == "张伟" else OTHER_REP]
                row |= {"customer_id": company.ids[named], "member_id": member, "at": NOW}
            key = uow.responses.start(row)
            uow.responses.write(uow.responses.get(key), {"answers": answers, "complete": True})
            if not named:
                uow.responses.release(survey_id, month=row["month"], wave_id=None)

    return give


def survey_of(database: Database, invitation_id: int) -> int:
    with database.transaction(NOW) as uow:
        found = uow.invitations(uow.people.program()).find(invitation_id)
        assert found is not None
        return found.survey_id


@pytest.mark.both_databases
async def test_figures_words_picture_and_file(
    client: Person, rep: Person, lead: Person, ask: Ask, results: Open, fill: Callable[..., None], database: Database
) -> None:
    key = survey_of(database, ask(SCORED))
    for score in (10, 9, 9, 3):
        fill(key, {"nps": score, "score": 4, "words": f"甲方话{score}"}, named="张伟")
    fill(key, {"nps": 0, "score": 1, "words": "=1+1 乙方话"}, named="赵敏")
    shown = await results(lead, key)
    assert isinstance(shown, Message)
    assert "NPS +20" in shown.text and "n = 5" in shown.text and "3.4 / 5" in shown.text and "样本少" in shown.text
    words = await lead.follow(shown, FreeAnswers)
    assert "乙方话" in words.text and "赵敏" in words.text
    reps = await lead.follow(await lead.follow(words, ShowResults), ByRep)
    assert "NPS +50" in reps.text and "NPS −100" in reps.text and "一部" in reps.text
    causes = await lead.follow(await lead.follow(reps, ShowResults), ByCause)
    assert "结案时" in causes.text
    back = await lead.follow(causes, ShowResults)
    picture = await lead.follow(back, DrawChart)
    assert picture.document.startswith(b"\x89PNG") and int.from_bytes(picture.document[16:20], "big") == 1080
    file = await lead.follow(back, lambda data: data.split(".")[0] == "vr1" and ".csv" in data)
    text = file.document.decode("utf-8-sig")
    assert "甲方话10" in text and "赵敏" in text and "\n=1+1" not in text and ",=1+1" not in text
    mine = await results(rep, key)
    assert isinstance(mine, Message) and "NPS +50" in mine.text and "n = 4" in mine.text
    assert "乙方话" not in (await rep.follow(mine, FreeAnswers)).text
    assert not any(button.startswith("按销售") for button in mine.buttons)


async def test_few_answers_are_hidden_and_visits_are_figures_for_the_rep(
    client: Person, rep: Person, lead: Person, ask: Ask, results: Open, fill: Callable[..., None], database: Database
) -> None:
    nameless = survey_of(database, ask(SHORT, anonymous=True))
    visit = survey_of(database, ask(SHORT, template="after_visit"))
    for n in range(4):
        fill(nameless, {"score": 1, "words": f"标记{n}"}, named=None)
        fill(visit, {"score": 1, "words": f"标记{n}"}, named="张伟")
    for who, key in ((lead, nameless), (rep, visit)):
        hidden = await results(who, key)
        assert isinstance(hidden, Message) and "不到 5 份" in hidden.text and "标记" not in hidden.text
    fill(nameless, {"score": 5, "words": "标记4"}, named=None)
    fill(visit, {"score": 5, "words": "标记4"}, named="张伟")
    shown = await results(lead, nameless)
    assert isinstance(shown, Message) and "n = 5" in shown.text and "每 5 份" in shown.text
    fill(nameless, {"score": 1, "words": "标记5"}, named=None)
    again = await lead.follow(await lead.follow(shown, FreeAnswers), ShowResults)
    assert again.text == shown.text  # whoever looks before and after one answer learns nothing
    assert "张伟" not in (await lead.follow(shown, FreeAnswers)).text
    own = await results(rep, visit)
    assert isinstance(own, Message) and "n = 5" in own.text
    assert not any(tag in data for data in own.data for tag in (FreeAnswers.TAG, ExportAnswers.TAG))  # type: ignore[attr-defined]


async def pictures(bot: App, who: Person, shown: Message, button: type) -> Message:
    """Press a way to photos: the list of them, whichever of its messages came last."""
    await who.follow(shown, button)
    await bot.idle()
    return next(one for one in reversed(who.messages) if "🖼" in one.text)


@pytest.mark.both_databases
async def test_photos_are_shown_to_who_reads_the_words(
    client: Person,
    rep: Person,
    other_rep: Person,
    lead: Person,
    ask: Ask,
    results: Open,
    fill: Callable[..., None],
    database: Database,
    bot: App,
) -> None:
    key = survey_of(database, ask(define(asked("score", K.RATING, "满意吗？"), asked("pic", K.PHOTO, "拍张照片"))))
    second = await client.follow(await client.say("/survey"), "5")
    assert "发一张照片" in second.text
    await client.share("photo", PICTURE, name="shop.png")
    with database.transaction(NOW) as uow:
        kept = uow.uploads.add(PICTURE)
    fill(key, {"score": 4, "pic": kept}, named="赵敏")  # from a page
    fill(key, {"score": 4, "pic": None}, named="赵敏")
    shown = await results(lead, key)
    assert isinstance(shown, Message)
    listed = await pictures(bot, lead, shown, ShowPhotos)
    assert "张伟" in listed.text and "赵敏" in listed.text and "拍张照片" in listed.text and "3." not in listed.text
    assert len([one for one in lead.messages if "photo" in one.view]) == 2
    mine = await results(rep, key)
    assert isinstance(mine, Message)
    own = await pictures(bot, rep, mine, ShowPhotos)
    assert "张伟" in own.text and "赵敏" not in own.text
    file = await lead.follow(shown, lambda data: data.split(".")[0] == "vr1" and ".csv" in data)
    assert "一张照片" in file.document.decode("utf-8-sig")

    sent = await rep.follow(await rep.follow(await rep.say("/survey"), OpenSurvey), ShowSent)
    answered = await rep.follow(sent, ShowInvitation)
    assert "1. 满意吗？ – 5" in answered.text and "2. 拍张照片 – 一张照片" in answered.text
    again = await pictures(bot, rep, answered, ShowPhotosOf)
    assert "张伟" in again.text and "赵敏" not in again.text and "满意" not in again.text


async def test_photos_of_nameless_answers_come_without_a_name(
    client: Person,
    rep: Person,
    lead: Person,
    ask: Ask,
    results: Open,
    fill: Callable[..., None],
    database: Database,
    bot: App,
) -> None:
    definition = define(asked("score", K.RATING, "满意吗？"), asked("pic", K.PHOTO, "拍张照片"))
    nameless = survey_of(database, ask(definition, anonymous=True))
    visit = survey_of(database, ask(definition, template="after_visit"))
    with database.transaction(NOW) as uow:
        kept = [uow.uploads.add(PICTURE) for _ in range(5)]
    for n in range(5):
        fill(nameless, {"score": 1, "pic": kept[n]}, named=None)
        fill(visit, {"score": 1, "pic": kept[n]}, named="张伟")
    shown = await results(lead, nameless)
    assert isinstance(shown, Message)
    listed = await pictures(bot, lead, shown, ShowPhotos)
    assert "张伟" not in listed.text and "11月" not in listed.text and "3. 拍张照片" in listed.text
    assert "1. 拍张照片" in (await pictures(bot, lead, listed, ShowPhotos)).text  # the rest
    own = await results(rep, visit)
    assert isinstance(own, Message)
    assert ShowPhotos.TAG not in str(own.data)  # type: ignore[attr-defined]
