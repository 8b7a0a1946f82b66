"""A customer's matter with the program itself: a survey answered, a complaint filed with a photo, solved and confirmed."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from domain.cases import CaseState
from domain.survey_sending import EXPIRES
from domain.surveys import InvitationState, QuestionKind, SurveyState, Trigger
from sandbox import acts
from sandbox.files import Upload
from storage.database import Database
from storage.models import Case, CaseEntry, Customer, Media, Survey, SurveyInvitation, SurveyResponse
from tests.chat.bound import bind
from tests.chat.surveyed import asked, define
from tests.chat.test_touches import PICTURE
from tests.faults.conftest import Crowd
from tests.faults.journey import CUSTOMER, REP, Journey, Step

CLIENT = 2
ZONE = ZoneInfo("Asia/Shanghai")
REFERENCE = r"C-\w{6}"


def bind_client(database: Database, crowd: Crowd) -> None:
    """The account of the rep's customer, confirmed; agreed to everything."""
    with database.reading() as connection:
        customer_id = connection.execute(select(Customer.id).where(Customer.name == CUSTOMER)).scalar_one()
    crowd.sandbox.world.chats.people[REP].started = True
    bind(database, crowd.sandbox, CLIENT, customer_id, confirmed_by=1)


@dataclass(slots=True)
class Matter(Journey):
    """One matter a day, each on the morning after the one before: nobody is asked at night, or complains often."""

    since: dict[int, int] = field(default_factory=dict)  # the last message of a chat before it began

    def prepare(self, database: Database) -> None:
        """The next morning; a survey waits for its answer."""
        clock = self.crowd.sandbox.world.clock
        clock.move_to("next 10:00", zone=str(ZONE))
        chats = self.crowd.sandbox.world.chats.by_id
        self.since = {who: max(chats[who].entries, default=0) if who in chats else 0 for who in (REP, CLIENT)}
        now = clock.now()
        with database.transaction(now) as uow:
            client, program = uow.people.find(CLIENT), uow.people.program()
            assert client is not None
            [binding] = uow.bindings(client).mine()
            uow.act(None, "sample", undo=None)
            questions = (
                asked("score", QuestionKind.RATING, f"How was {self.word}?", required=True),
                asked("words", QuestionKind.TEXT, f"Anything about {self.word}?"),
            )
            sent = {"state": SurveyState.OPEN, "trigger": Trigger.BY_HAND}
            survey_id = uow.surveys(program).add(self.word, define(*questions, closing=f"Thanks, {self.word}."), **sent)
            whose = {
                "customer_id": binding.customer_id,
                "contact_id": binding.contact_id,
                "person_id": client.person_id,
            }
            times = {"created_at": now, "send_at": now, "sent_at": now, "expires_at": now + EXPIRES}
            state = {"survey_id": survey_id, "state": InvitationState.SENT}
            uow.invitations(program).add(state | whose | times)

    def heard(self, who: int) -> list[str]:
        """All that the customer hears; of what the rep hears, what is about this matter."""
        entries = self.crowd.sandbox.world.chats.by_id[who].entries
        said = [entries[n].raw.get("text", "") for n in sorted(entries) if n > self.since[who] and entries[n].by_bot]
        return said if who == CLIENT else [text for text in said if self._is_mine(text)]

    def _is_mine(self, text: str) -> bool:
        return self.word in text or any(found in text for found in self._references())

    def _references(self) -> set[str]:
        return {found for text in self.heard(CLIENT) for found in re.findall(REFERENCE, text)}

    def steps(self) -> Iterator[Step]:
        """From the survey to the last word."""
        yield lambda: self.say(CLIENT, "/survey"), CLIENT, rf"1/2(.|\n)*How was {self.word}"
        yield lambda: self._press(CLIENT, "How was", "4"), CLIENT, rf"2/2(.|\n)*about {self.word}"
        yield lambda: self.say(CLIENT, f"{self.word} was fine"), CLIENT, f"Thanks, {self.word}"
        yield lambda: self.say(CLIENT, "/feedback"), CLIENT, "What would you like to tell us"
        yield lambda: self._press(CLIENT, "What would you", "Complaint"), CLIENT, "What is it about"
        yield lambda: self._press(CLIENT, "What is it about", "Delivery"), CLIENT, "in your own words"
        yield lambda: self.say(CLIENT, f"{self.word} is broken"), CLIENT, "So far: 1 message"
        yield self._share, CLIENT, "1 file"
        yield lambda: self._press(CLIENT, "1 file", "Submit"), CLIENT, f"{self.word} is broken"
        yield lambda: None, REP, "📮 New"
        yield lambda: self.say(REP, f"/cases {self._references().pop()}"), REP, f"^(?!📮 New)(.|\n)*{self.word}"
        yield lambda: self._press(REP, "^(?!📮 New)", "Solved"), REP, "Undo|undo|solved"
        yield lambda: self.crowd.sandbox.world.clock.move(660), CLIENT, "we believe that it is solved"
        yield lambda: self._press(CLIENT, "we believe", "✅ Solved"), CLIENT, "is solved. Thank you"
        yield lambda: None, REP, "says: solved"

    def _share(self) -> None:
        world = self.crowd.sandbox.world
        acts.share_file(world, world.chats.people[CLIENT], "photo", Upload("box.png", "image/png", PICTURE))

    def _press(self, who: int, text: str, label: str) -> None:
        """The button with such a label under the first message with such a text."""
        world = self.crowd.sandbox.world
        for number, entry in sorted(world.chats.by_id[who].entries.items()):
            said = entry.raw.get("text", "")
            if number <= self.since[who] or not entry.by_bot or not re.search(text, said):
                continue
            if who == REP and not self._is_mine(said):
                continue
            for row in entry.raw.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        acts.press(world, world.chats.people[who], number, button["callback_data"])
                        return
        raise AssertionError(f"no button {label} under {text}")

    def check(self, database: Database, *, killed: bool) -> None:
        """One set of answers, one case with its photo and its story."""
        with database.reading() as connection:
            run = connection.execute
            answers = select(SurveyResponse.answers, SurveyResponse.complete).join(Survey)
            given = run(answers.where(Survey.name == self.word)).all()
            assert given == [({"score": 4, "words": f"{self.word} was fine"}, True)]
            asked_once = select(func.count()).select_from(SurveyInvitation).join(Survey)
            assert run(asked_once.where(Survey.name == self.word)).scalar_one() == 1
            case_id, state = run(select(Case.id, Case.state).where(Case.words == f"{self.word} is broken")).one()
            assert state == CaseState.CONFIRMED
            assert run(select(Media.kind).where(Media.case_id == case_id)).scalars().all() == ["photo"]
            story = run(select(CaseEntry.kind, CaseEntry.text).where(CaseEntry.case_id == case_id)).all()
            assert sorted(map(tuple, story)) == STORY, story
        copies = {who: Counter(_kind_of(text) for text in self.heard(who)) for who in (CLIENT, REP)}
        assert set(copies[CLIENT]) | set(copies[REP]) | {LATE} == set(KINDS), copies
        for counts in copies.values():  # one send is under way in each chat
            assert counts.total() - len(counts) <= killed, copies
        assert not self.crowd.sandbox.world.violations


LATE = "answer to a press that waited"
KINDS = {  # as a message stands at the end, or where a second copy of it was left
    "survey": "^[12]/2",
    "thanks": "^✅ Thanks",
    "questions": "^(What|Please tell)",
    "case": "^(So far|📮 C-)",
    "solved?": "(we believe|is solved. Thank)",
    "new": "^📮 New",
    "page": "complaint · delivery · C-",
    "confirmed": "says: solved",
    LATE: "^Received, thank you$",
}
STORY = [("state", state) for state in ("confirmed", "received", "solved")]


def _kind_of(text: str) -> str:
    return next(kind for kind, words in KINDS.items() if re.search(words, text))
