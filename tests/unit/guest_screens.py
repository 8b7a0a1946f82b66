"""The screens of customers in the chat, and of the staff about them; ``screens.py`` has the others."""

from collections.abc import Callable, Iterator

from domain.bindings import Binding, BindingState
from domain.talks import TalkLine, TalkMedia
from tests.unit.screen_samples import ID, NOW, VERSION, Sample, page
from views import talks
from views.history import undo_button
from views.replies import Reply

Builder = Callable[[Sample], Iterator[Reply] | list[Reply]]


def binding(s: Sample, state: BindingState = BindingState.CONFIRMED) -> Binding:
    """An account of a customer."""
    return Binding(ID, VERSION, ID, ID, ID, state, s.w.title, NOW, s.w.person, "bright", s.w.person, s.w.name, ID)


def _talk(s: Sample, *, member: str | None = None, media: TalkMedia | None = None, confirmed: bool = True) -> TalkLine:
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
            yield talks.relayed(s.t, _talk(s, media=media, confirmed=False), quiet=True, manager=True, changed=True)

    return {
        "talks.received": lambda s: [
            talks.received(s.t, _talk(s), advisor, opens=opens)
            for advisor in (None, s.w.member)
            for opens in (None, NOW)
        ],
        "talks.passed_up": lambda s: [talks.passed_up(s.t, lead) for lead in (None, s.w.member)],
        "talks.said": lambda s: [talks.said(s.t, _talk(s, member=s.w.member), dedupe="k", reply_to=1)],
        "talks.relayed": relayed,
        "talks.ask_answer": lambda s: [talks.ask_answer(s.t, _talk(s))],
        "talks.ask_words": lambda s: [talks.ask_words(s.t, binding(s))],
        "talks.answered": lambda s: [
            talks.answered(s.t, _talk(s, member=s.w.member, media=media), act_id=ID) for media in (None, photo)
        ],
        "talks.recalled": lambda s: [talks.recalled(s.t, _talk(s), had_left=left) for left in (True, False)],
        "talks.closed": lambda s: [talks.closed(s.t, _talk(s), undo=undo_button(s.t, ID))],
        "talks.unbound": lambda s: [talks.unbound(s.t, ID)],
        "talks.one": lambda s: [talks.one(s.t, _talk(s))],
        "talks.page": lambda s: [
            talks.page(s.t, s.line(), page(_talk(s, member=s.w.member)), [binding(s)] * 4),
            talks.page(s.t, s.line(), page(_talk(s), 0, total=0), []),
        ],
    }


GUESTS: dict[str, Builder] = {**_talks()}
