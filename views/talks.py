"""Conversations between customers and the staff: what each side sees of it."""

import datetime as dt
from collections.abc import Sequence

from domain.bindings import Binding
from domain.customers import CustomerLine, Page
from domain.talks import TalkLine, TalkMedia
from views.language import Translator
from views.links import OpenCustomer, OpenTalks, leave
from views.quotes import quoted, unlinked
from views.replies import Ask, Button, Reply, Shown, Style, clip, escape, payload

SHOWN = 160  # characters of a message in a list
STEP_ANSWER = "talks.answer"  # facts: talk
STEP_WRITE = "talks.write"  # facts: binding
NAME = "talk"  # what the staff's copy of a message tracks: a reply to it is an answer
SAID = "said"  # what an answer tracks in the customer's chat, so that an edit travels


@payload("tq1")
class AnswerTalk:
    talk_id: int


@payload("tc2")
class CloseTalk:
    """Settled without an answer in the chat."""

    talk_id: int
    version: int


@payload("tr2")
class Recall:
    talk_id: int
    act_id: int


@payload("tp1")
class TurnTalks:
    customer_id: int
    number: int


@payload("tw2")
class WriteTo:
    binding_id: int


@payload("to2")
class OpenTalk:
    talk_id: int


@payload("tm1")
class ToManager:
    """The customer's: let the lead know."""

    talk_id: int


# The customer's side -----------------------------------------------------------------------------------------------


def received(t: Translator, line: TalkLine, advisor: str | None, *, opens: dt.datetime | None) -> Reply:
    """The receipt beneath what a customer wrote; out of hours with the next open time."""
    text = _to_whom(t, advisor)
    if opens is not None:
        text += "\n" + t.gettext("We are closed now and open again {time}. You will be answered then.").format(
            time=t.moment(opens)
        )
    return Reply(text, rows=[[Button(t.gettext("🙋 To the manager"), ToManager(line.id))]], quiet=True)


def _to_whom(t: Translator, advisor: str | None) -> str:
    if advisor is None:
        return t.gettext("✓ Received. Your contact will answer here.")
    return t.gettext("✓ Received. {name} will answer you here.").format(name=escape(advisor))


def passed_up(t: Translator, lead: str | None) -> Reply:
    """The customer asked for the manager."""
    if lead is None:
        return Reply(t.gettext("✓ The manager has it now and will answer you here."))
    text = t.gettext("✓ {name}, the manager, has it now and will answer you here.")
    return Reply(text.format(name=escape(lead)))


def said(t: Translator, line: TalkLine, *, dedupe: str | None, reply_to: int | None = None) -> Reply:
    """An answer as the customer gets it."""
    text = f"💬 <b>{escape(line.member or '')}</b>\n{escape(line.text)}"
    living = f"{SAID}:{line.id}"
    return Reply(text, shown=shown(line.media), living=living, reply_to=reply_to, dedupe=dedupe)


# The staff's side --------------------------------------------------------------------------------------------------


def relayed(t: Translator, line: TalkLine, *, quiet: bool, manager: bool = False, changed: bool = False) -> Reply:
    """What a customer wrote, as a member gets it: a reply to it goes back to the customer."""
    head = f"💬 <b>{escape(line.who)}</b>"
    if not line.confirmed:
        head += " · " + t.gettext("not confirmed yet")
    lines = [head]
    if manager:
        lines.insert(0, t.gettext("🙋 A customer asks for the manager."))
    if changed:
        lines.append(t.gettext("✏️ changed by the customer"))
    if line.text:
        lines.append(quoted(line.text))
    lines.append(t.gettext("Reply to this message to answer."))
    rows = [
        [
            Button(t.gettext("✍️ Answer"), AnswerTalk(line.id), style=Style.PRIMARY),
            Button(t.gettext("✅ Settled"), CloseTalk(line.id, line.version)),
        ],
        [Button(t.gettext("Open card"), OpenCustomer(line.customer_id))],
    ]
    return Reply("\n".join(lines), rows=rows, shown=shown(line.media), living=f"{NAME}:{line.id}", quiet=quiet)


def ask_answer(t: Translator, line: TalkLine) -> Reply:
    text = t.gettext("What shall <b>{who}</b> read? Send it as a text, photo, voice note or file.")
    ask = Ask(STEP_ANSWER, {"talk": line.id})
    return Reply(text.format(who=escape(line.who)), rows=[[leave(t)]], ask=ask, fresh=True)


def ask_words(t: Translator, binding: Binding) -> Reply:
    text = t.gettext("What shall <b>{who}</b> read? Send it as a text, photo, voice note or file.")
    ask = Ask(STEP_WRITE, {"binding": binding.id})
    who = escape(binding.contact or binding.name)
    return Reply(text.format(who=who), rows=[[leave(t)]], ask=ask, fresh=True)


def answered(t: Translator, line: TalkLine, *, act_id: int) -> Reply:
    """To whom it goes, word for word, while it can still be caught."""
    words = escape(clip(line.text, SHOWN)) if line.text else _media_word(t, line.media)
    text = t.gettext("→ <b>{who}</b>: {text}\nIt leaves in 5 seconds; for 2 minutes you can take it back.")
    rows = [
        [Button(t.gettext("↩︎ Recall"), Recall(line.id, act_id), style=Style.DANGER)],
        [Button(t.gettext("Open card"), OpenCustomer(line.customer_id))],
    ]
    return Reply(text.format(who=escape(line.who), text=words), rows=rows)


def recalled(t: Translator, line: TalkLine, *, had_left: bool) -> Reply:
    if had_left:
        text = t.gettext("↩︎ Taken back from the chat of <b>{who}</b>; it may have been read.")
    else:
        text = t.gettext("↩︎ Taken back before it left; <b>{who}</b> has not seen it.")
    rows = [[Button(t.gettext("💬 Messages"), OpenTalks(line.customer_id))]]
    return Reply(text.format(who=escape(line.who)), rows=rows, toast=t.gettext("Taken back"))


def closed(t: Translator, line: TalkLine, *, undo: Button) -> Reply:
    text = t.gettext("✅ Settled: <b>{who}</b>\n<blockquote>{text}</blockquote>")
    words = unlinked(clip(line.text, SHOWN)) or _media_word(t, line.media)
    rows = [[undo, Button(t.gettext("Open card"), OpenCustomer(line.customer_id))]]
    return Reply(text.format(who=escape(line.who), text=words), rows=rows)


def unbound(t: Translator, customer_id: int) -> Reply:
    """The account behind a message is nobody's any more."""
    text = t.gettext("Not sent: this account is no longer tied to the customer. The card shows who is.")
    return Reply(text, rows=[[Button(t.gettext("Open card"), OpenCustomer(customer_id))]])


def one(t: Translator, line: TalkLine) -> Reply:
    """A message from the day's list, opened."""
    return relayed(t, line, quiet=True)


def page(t: Translator, customer: CustomerLine, lines: Page[TalkLine], accounts: Sequence[Binding]) -> Reply:
    """A customer's conversation, the newest at the bottom as in any chat."""
    head = t.gettext("💬 Messages · <b>{name}</b>").format(name=escape(clip(customer.name, 40)))
    text = [head, *(_row(t, line) for line in reversed(lines.items))]
    if not lines.items:
        text.append(t.gettext("Nothing was written here yet."))
    if not accounts:
        text.append(t.gettext("No account is tied to this customer: a personal link from the card does that."))
    rows = [
        [Button(t.gettext("✍️ Write to {name}").format(name=clip(one.contact or one.name, 14)), WriteTo(one.id))]
        for one in accounts[:3]
    ]
    turn = []
    if lines.number < lines.last:
        turn.append(Button("‹ " + t.gettext("Older"), TurnTalks(customer.id, lines.number + 1)))
    if lines.number > 0:
        turn.append(Button(t.gettext("Newer") + " ›", TurnTalks(customer.id, lines.number - 1)))
    back = [Button(t.gettext("‹ Card"), OpenCustomer(customer.id))]
    return Reply("\n".join(text), rows=[*rows, *([turn] if turn else []), back])


def _row(t: Translator, line: TalkLine) -> str:
    who = (
        f"→ {escape(clip(line.member, 20))}"
        if line.member
        else f"<b>{escape(clip(line.contact or line.account, 20))}</b>"
    )
    words = unlinked(clip(line.text, SHOWN)) or _media_word(t, line.media)
    if line.recalled:
        words = t.gettext("taken back")
    return f"{t.moment(line.said_at)} {who} · {words}" + (" 🔴" if line.open else "")


def _media_word(t: Translator, media: TalkMedia | None) -> str:
    match media.kind if media else None:
        case "photo":
            return t.gettext("[photo]")
        case "voice":
            return t.gettext("[voice note]")
        case "location":
            return t.gettext("[location]")
        case _:
            return t.gettext("[file]")


def shown(media: TalkMedia | None) -> Shown | None:
    """The file or place of a message, to be sent again."""
    return None if media is None else Shown(media.kind, media.file_id, media.latitude, media.longitude)
