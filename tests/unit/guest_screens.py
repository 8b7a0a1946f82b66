"""The screens of customers in the chat, and of the staff about them; ``screens.py`` has the others."""

import datetime as dt
from collections.abc import Callable, Iterator

from domain.bindings import Binding, BindingState
from domain.consents import Purpose, Topic, Wishes
from domain.erasures import Erasure
from domain.me import Correction, CorrectionState, Mine, Record
from domain.talks import TalkLine, TalkMedia
from tests.unit.screen_samples import ID, NOW, VERSION, Sample, page
from views import me, privacy, talks, wishes
from views.history import undo_button
from views.replies import Reply

Builder = Callable[[Sample], Iterator[Reply] | list[Reply]]


def binding(s: Sample, state: BindingState = BindingState.CONFIRMED) -> Binding:
    """An account of a customer."""
    return Binding(ID, VERSION, ID, ID, ID, state, s.w.title, NOW, s.w.person, "bright", s.w.person, s.w.name, ID)


def talk(s: Sample, *, member: str | None = None, media: TalkMedia | None = None, confirmed: bool = True) -> TalkLine:
    return TalkLine(
        ID,
        VERSION,
        ID,
        s.w.name,
        ID,
        s.w.person,
        ID,
        s.w.person,
        ID if member else None,
        member,
        "" if media else s.w.note[:300],
        NOW,
        ID,
        ID,
        open=member is None,
        recalled=False,
        media=media,
        confirmed=confirmed,
    )


def _talks() -> dict[str, Builder]:
    photo, place = TalkMedia("photo", "x", None, None, None), TalkMedia("location", "", None, 31.2, 121.5)

    def relayed(s: Sample) -> Iterator[Reply]:
        for media in (None, photo, place):
            yield talks.relayed(s.t, talk(s, media=media, confirmed=False), quiet=True, manager=True, changed=True)

    return {
        "talks.received": lambda s: [
            talks.received(s.t, talk(s), advisor, opens=opens)
            for advisor in (None, s.w.member)
            for opens in (None, NOW)
        ],
        "talks.passed_up": lambda s: [talks.passed_up(s.t, lead) for lead in (None, s.w.member)],
        "talks.said": lambda s: [talks.said(s.t, talk(s, member=s.w.member), dedupe="k", reply_to=1)],
        "talks.relayed": relayed,
        "talks.ask_answer": lambda s: [talks.ask_answer(s.t, talk(s))],
        "talks.ask_words": lambda s: [talks.ask_words(s.t, binding(s))],
        "talks.answered": lambda s: [
            talks.answered(s.t, talk(s, member=s.w.member, media=media), act_id=ID) for media in (None, photo)
        ],
        "talks.recalled": lambda s: [talks.recalled(s.t, talk(s), had_left=left) for left in (True, False)],
        "talks.closed": lambda s: [talks.closed(s.t, talk(s), undo=undo_button(s.t, ID))],
        "talks.unbound": lambda s: [talks.unbound(s.t, ID)],
        "talks.one": lambda s: [talks.one(s.t, talk(s))],
        "talks.page": lambda s: [
            talks.page(s.t, s.line(), page(talk(s, member=s.w.member)), [binding(s)] * 4),
            talks.page(s.t, s.line(), page(talk(s), 0, total=0), []),
        ],
    }


def record(s: Sample, *, place: bool = True) -> Record:
    """The own record, every field filled."""
    return Record(ID, ID, s.w.name, ID, s.w.member, s.contact(), s.w.city, s.w.address, place)


def _own() -> dict[str, Builder]:
    def correction(s: Sample, state: CorrectionState = CorrectionState.OPEN) -> Correction:
        return Correction(ID, VERSION, ID, s.w.person, ID, s.w.name, ID, Mine.NAME, s.w.nickname, state)

    erasure = Erasure(ID, VERSION, ID, ID, ID, NOW, NOW)
    wish = Wishes(frozenset({Purpose.SERVICE}), frozenset({Topic.NEWS}))
    paused = Wishes(paused_until=NOW + dt.timedelta(days=9))
    stopped = Wishes(stopped=True)
    return {
        "me.me": lambda s: [me.me(s.t, [record(s), record(s, place=False)], n) for n in (0, 1)] + [me.me(s.t, [])],
        "me.not_confirmed": lambda s: [me.not_confirmed(s.t)],
        "me.ask_value": lambda s: [me.ask_value(s.t, record(s), field) for field in Mine],
        "me.not_own": lambda s: [me.not_own(s.t, record(s))],
        "me.changed": lambda s: [me.changed(s.t, record(s), field) for field in Mine],
        "me.passed_on": lambda s: [me.passed_on(s.t, record(s), Mine.NAME)],
        "me.still_right": lambda s: [me.still_right(s.t, record(s))],
        "me.thanks": lambda s: [me.thanks(s.t)],
        "me.asked": lambda s: [me.asked(s.t, correction(s))],
        "me.decided": lambda s: [me.decided(s.t, correction(s), taken=taken, act_id=ID) for taken in (True, False)],
        "me.told": lambda s: [me.told(s.t, correction(s, state)) for state in CorrectionState],
        "wishes.wishes": lambda s: [wishes.wishes(s.t, s.actor, one, now=NOW) for one in (wish, paused, stopped)],
        "wishes.stopped": lambda s: [wishes.stopped(s.t)],
        "wishes.choose_language": lambda s: [wishes.choose_language(s.t)],
        "wishes.choose_quiet": lambda s: [wishes.choose_quiet(s.t)],
        "privacy.privacy": lambda s: [
            privacy.privacy(s.t, [binding(s)], stands, organisation=name, parts=frozenset({"cases", "surveys"}))
            for stands, name in (([], None), ([erasure], s.w.name))
        ],
        "privacy.data_file": lambda s: [privacy.data_file(s.t, {}, day="2026-11-25")],
        "privacy.ask_erase": lambda s: [privacy.ask_erase(s.t)],
        "privacy.will_erase": lambda s: [privacy.will_erase(s.t, erasure)],
        "privacy.eve": lambda s: [privacy.eve(s.t, erasure)],
        "privacy.kept": lambda s: [privacy.kept(s.t)],
        "privacy.told": lambda s: [privacy.told(s.t, binding(s), erasure)],
    }


GUESTS: dict[str, Builder] = {**_talks(), **_own()}
