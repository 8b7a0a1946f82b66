"""The customer's own matters: filing one in three taps, following it in one message, and deciding when it is solved."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.bindings import Binding
from domain.cases import About, CaseKind, CaseLine, CaseState, EndedBy, EntryKind, Progress
from domain.customers import Page
from views.case_words import KIND_SIGNS, about_name, case_kind_name, state_name, what
from views.language import Translator
from views.links import AskManager, StartFeedback
from views.pages import turn
from views.quotes import quoted
from views.replies import DONE, Ask, Button, Reply, Rows, Style, capital, clip, escape, payload

STEP = "feedback.words"
DRAFT = "feedback"  # the message that collects what is sent, until it is sent off
MOST_FILES = 10  # of one matter at a time: an album is that big
WORDS = 160  # characters of the own words on the status message
ANSWERS = 3  # latest words and answers on the page


@payload("yk1")
class ChooseKind:
    binding_id: int
    kind: CaseKind | None  # None: choose one


@payload("ya1")
class ChooseAbout:
    binding_id: int
    kind: CaseKind
    about: About


@payload("yu1")
class ToggleUrgent:
    pass


@payload("ys1")
class SendFeedback:
    pass


@payload("yo1")
class OpenMine:
    case_id: int


@payload("yl1")
class ListMine:
    number: int


@payload("yw1")
class AddWords:
    case_id: int


@payload("yy1")
class SaySolved:
    case_id: int


@payload("yn1")
class SayNotYet:
    case_id: int


# Filing ------------------------------------------------------------------------------------------------------------


def choose_customer(t: Translator, bindings: Sequence[Binding]) -> Reply:
    """For who is known at several customers: for which of them."""
    rows = [[Button(clip(one.customer, 30), ChooseKind(one.id, None))] for one in bindings]
    return Reply(t.gettext("For whom would you like to tell us something?"), rows=[*rows, [_mine(t)]])


def choose_kind(t: Translator, binding_id: int) -> Reply:
    buttons = [
        Button(f"{KIND_SIGNS[kind]} {capital(case_kind_name(t, kind))}", ChooseKind(binding_id, kind))
        for kind in CaseKind
    ]
    text = t.gettext("What would you like to tell us? Every message gets an answer.")
    return Reply(text, rows=[buttons[:2], buttons[2:], [_mine(t)]])


def choose_about(t: Translator, binding_id: int, kind: CaseKind) -> Reply:
    labels = {about: capital(about_name(t, about)) for about in About} | {About.ADVISER: t.gettext("My adviser")}
    buttons = [Button(labels[about], ChooseAbout(binding_id, kind, about)) for about in About]
    text = t.gettext("What is it about? What concerns your adviser goes to the manager only.")
    back = Button("‹ " + t.gettext("Back"), ChooseKind(binding_id, None))
    return Reply(text, rows=[buttons[:2], buttons[2:4], buttons[4:], [back]])


def collecting(t: Translator, facts: dict[str, Any]) -> Reply:
    """The message that takes words and files, one after the other, until they are sent off."""
    words, files = len(facts["words"]), len(facts["files"])
    if words or files:
        text = t.gettext("So far: {n}. Send more, or tap <b>Submit</b>.").format(
            n=t.list(
                [t.ngettext("{n} message", "{n} messages", words).format(n=words)] * bool(words)
                + [t.ngettext("{n} file", "{n} files", files).format(n=files)] * bool(files)
            )
        )
    else:
        text = t.gettext(
            "Please tell us in your own words. Photos, voice messages and files are welcome too, as many as you like;"
            " then tap <b>Submit</b>."
        )
    rows: list[list[Button]] = []
    if words or files:
        rows.append([Button(t.gettext("📨 Submit"), SendFeedback(), style=Style.SUCCESS)])
    if "case" in facts:
        rows.append([Button("‹ " + t.gettext("Back"), OpenMine(facts["case"]))])
    else:
        urgent = t.gettext("🔴 Urgent: yes") if facts["urgent"] else t.gettext("⚪ Urgent: no")
        rows.append([Button(urgent, ToggleUrgent())])
        rows.append([Button("‹ " + t.gettext("Back"), ChooseKind(facts["binding"], None))])
    return Reply(text, rows=rows, ask=Ask(STEP, facts), living=DRAFT)


def enough(t: Translator, facts: dict[str, Any]) -> Reply:
    """More than fits: what is there is kept."""
    screen = collecting(t, facts)
    full = t.gettext("More than that does not fit into one message. Please send it off; you can add to it afterwards.")
    return replace(screen, text=f"{full}\n{screen.text}")


def nothing_yet(t: Translator) -> Reply:
    """**Send** without anything, or long after the question was left."""
    text = t.gettext("There is nothing to send yet. Please begin again.")
    return Reply(text, rows=[[_new(t), _mine(t)]], ask=DONE)


def filed(t: Translator, progress: Progress) -> Reply:
    """The receipt, which is the status message from now on."""
    return replace(status(t, progress), ask=DONE, toast=t.gettext("Received, thank you"))


# Following ---------------------------------------------------------------------------------------------------------


def status(t: Translator, progress: Progress) -> Reply:
    """The one message that is kept up to date: what was reached when, and when we are heard of next."""
    case = progress.case
    lines = [_head(t, case), quoted(case.words, WORDS), *_steps(t, progress)]
    if case.promised:
        lines.append(t.gettext("You will hear from us by <b>{time}</b>.").format(time=t.moment(case.promised)))
    return Reply("\n".join(lines), rows=_ways(t, case), living=f"case:{case.id}")


def page(t: Translator, progress: Progress) -> Reply:
    """A matter with the latest of what was said on both sides."""
    case = progress.case
    lines = [_head(t, case), quoted(case.words, WORDS)]
    lines += [_said(t, entry.kind, entry.text) for entry in progress.entries[-ANSWERS:]]
    if progress.files:
        n = progress.files
        lines.append("📎 " + t.ngettext("{n} file", "{n} files", n).format(n=n))
    since = next((at for state, at in reversed(progress.reached) if state is case.state), case.opened_at)
    lines.append(f"{_sign(case)} {capital(_state(t, case))} · {t.moment(since)}")
    if case.promised:
        lines.append(t.gettext("You will hear from us by <b>{time}</b>.").format(time=t.moment(case.promised)))
    return Reply("\n".join(lines), rows=[*_ways(t, case), [_mine(t)]], ask=DONE)


def my_cases(t: Translator, shown: Page[CaseLine]) -> Reply:
    """The customer's matters, open ones first, each a button."""
    if not shown.items:
        text = t.gettext("You have not told us anything yet. We are glad to hear what is good, too.")
        return Reply(text, rows=[[_new(t)]])
    lines = [
        f"{number}. {_sign(case)} <code>{case.reference}</code> {case_kind_name(t, case.kind)} · {_state(t, case)}"
        for number, case in enumerate(shown.items, 1)
    ]
    opens = [Button(str(number), OpenMine(case.id)) for number, case in enumerate(shown.items, 1)]
    rows = [opens, *turn(t, shown.number, shown.last, ListMine), [_new(t)]]
    return Reply("\n".join([t.gettext("<b>Your messages to us</b>"), *lines]), rows=rows)


def unknown_reference(t: Translator) -> Reply:
    """Missing and foreign references are answered alike."""
    text = t.gettext("There is no such reference among your messages to us.")
    return Reply(text, rows=[[_mine(t), _new(t)]])


def added(t: Translator, progress: Progress) -> Reply:
    """The receipt of further words."""
    case = progress.case
    text = t.gettext("Added to <code>{reference}</code>.").format(reference=case.reference)
    if case.promised:
        text += " " + t.gettext("You will hear from us by <b>{time}</b>.").format(time=t.moment(case.promised))
    return Reply(text, rows=[*_ways(t, case), [_open(t, case)]], ask=DONE)


def asked_manager(t: Translator, progress: Progress, *, first: bool) -> Reply:
    """The manager was told, or had been before; the message that was pressed stays."""
    words = t.gettext("Passed on to the manager") if first else t.gettext("The manager has been told already")
    return Reply(toast=words, also=(replace(status(t, progress), edit_living=True),))


def solved(t: Translator, progress: Progress) -> Reply:
    text = t.gettext("✅ <code>{reference}</code> is solved. Thank you for telling us.")
    return Reply(
        text.format(reference=progress.case.reference),
        rows=[*_ways(t, progress.case), [_open(t, progress.case)]],
        also=(replace(status(t, progress), edit_living=True),),
    )


def ask_missing(t: Translator, facts: dict[str, Any]) -> Reply:
    """After **Not yet**: what is still missing; it is reopened already."""
    screen = collecting(t, facts)
    text = t.gettext("We go on with it. What is still missing? You can also leave it at that.")
    return replace(screen, text=text)


# What comes as a short new message ---------------------------------------------------------------------------------


def answered(t: Translator, case: CaseLine, words: str, *, by: str | None) -> Reply:
    """Our answer, as it reaches the customer."""
    who = escape(by) if by else t.gettext("Our answer")
    text = f"💬 <code>{case.reference}</code> {who}\n{escape(words)}"
    return Reply(text, rows=[[Button(t.gettext("✍️ Reply"), AddWords(case.id)), _manager(t, case)], [_open(t, case)]])


def promised(t: Translator, case: CaseLine) -> Reply:
    assert case.promised is not None
    text = t.gettext("🕐 <code>{reference}</code>: it takes a little longer. You will hear from us by <b>{time}</b>.")
    return Reply(
        text.format(reference=case.reference, time=t.moment(case.promised)),
        rows=[[Button(t.gettext("✍️ Reply"), AddWords(case.id)), _manager(t, case)], [_open(t, case)]],
    )


def ask_solved(t: Translator, case: CaseLine) -> Reply:
    text = t.gettext("✅ <code>{reference}</code>: we believe that it is solved. Is it?")
    return Reply(text.format(reference=case.reference), rows=[*_ways(t, case), [_open(t, case)]])


def closed(t: Translator, case: CaseLine) -> Reply:
    """It was ended, by us or by silence; the customer has the last word all the same."""
    if case.ended_by == EndedBy.SILENCE:
        text = t.gettext(
            "<code>{reference}</code>: we have not heard from you, so we take it as solved. If not, say so."
        )
    else:
        text = t.gettext("<code>{reference}</code> is closed. If something is still open, say so.")
    return Reply(text.format(reference=case.reference), rows=[*_ways(t, case), [_open(t, case)]])


# Parts -------------------------------------------------------------------------------------------------------------

_PATH = (CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.IN_WORK, CaseState.SOLVED, CaseState.CONFIRMED)
_PLACE = {state: _PATH.index(state) for state in _PATH} | {CaseState.WAITING: 2, CaseState.CLOSED: len(_PATH)}


def _head(t: Translator, case: CaseLine) -> str:
    return f"📮 <b>{case.reference}</b> · {what(t, case)}"


def _steps(t: Translator, progress: Progress) -> list[str]:
    """What was reached, with its time; what is still to come, without."""
    case, times = progress.case, dict(progress.reached)
    lines = []
    for state in _PATH:
        at = times.get(state)
        if _PLACE[state] > _PLACE[case.state] or (at is None and case.state is CaseState.CLOSED):
            if case.is_open:
                lines.append(f"▫️ {capital(state_name(t, state))}")
            continue
        who = f" · {escape(progress.owner)}" if state is CaseState.ASSIGNED and progress.owner else ""
        lines.append(f"✔️ {capital(state_name(t, state))}" + (f" {t.moment(at)}" if at else "") + who)
    if case.state is CaseState.WAITING:
        lines.append(t.gettext("⏸ We are waiting for your answer."))
    if case.state is CaseState.CLOSED:
        lines.append(f"{_sign(case)} {capital(_state(t, case))} {t.moment(times[CaseState.CLOSED])}")
    return lines


def _state(t: Translator, case: CaseLine) -> str:
    if case.state is CaseState.WAITING:
        return t.gettext("waiting for your answer")
    if case.state is CaseState.CLOSED and case.ended_by == EndedBy.SILENCE:
        return t.gettext("closed, since we heard nothing more")
    return state_name(t, case.state)


def _sign(case: CaseLine) -> str:
    if not case.is_open:
        return "✅"
    return "⏸" if case.state is CaseState.WAITING else "🔵"


def _said(t: Translator, kind: EntryKind, words: str) -> str:
    return ("💬 " if kind is EntryKind.ANSWER else t.gettext("You: ")) + escape(clip(words, 200))


def _ways(t: Translator, case: CaseLine) -> Rows:
    """What the customer can do with a matter as it stands."""
    not_yet = Button(t.gettext("❌ Not yet"), SayNotYet(case.id))
    if case.state is CaseState.SOLVED:
        yes = Button(t.gettext("✅ Solved"), SaySolved(case.id), style=Style.SUCCESS)
        return [[yes, not_yet], [Button(t.gettext("➕ New matter"), StartFeedback())]]
    if not case.is_open:
        return [[Button(t.gettext("❌ Not solved"), SayNotYet(case.id)), _new(t)]]
    add = Button(t.gettext("✍️ Add something"), AddWords(case.id))
    return [[add, Button(t.gettext("✅ Solved"), SaySolved(case.id))], [_manager(t, case)]]


def _manager(t: Translator, case: CaseLine) -> Button:
    return Button(t.gettext("🙋 To the manager"), AskManager(case.id))


def _open(t: Translator, case: CaseLine) -> Button:
    return Button(t.gettext("🔎 See all"), OpenMine(case.id))


def _mine(t: Translator) -> Button:
    return Button(t.gettext("📮 My messages"), ListMine(0))


def _new(t: Translator) -> Button:
    return Button(t.gettext("➕ New matter"), StartFeedback())
