"""What is typed about a case: answers, notes, promised times, reasons, lessons; and filing one for who phoned."""

import datetime as dt
from collections.abc import Sequence

from domain.cases import About, Account, CaseFile, CaseKind, CaseLine, CloseReason
from domain.customers import CustomerLine
from domain.reply_templates import Template
from views.case_words import KIND_SIGNS, about_name, case_kind_name, reason_name
from views.cases import ChooseCause, CloseCase
from views.language import Translator
from views.links import CustomerCases, OpenCase, OpenCustomer
from views.quotes import quoted
from views.replies import DONE, Ask, Button, Reply, Rows, Style, capital, clip, escape, fit, payload

STEP_ANSWER, STEP_NOTE, STEP_PROMISE = "cases.answer", "cases.note", "cases.promise"
STEP_REASON, STEP_LEARN, STEP_FILE = "cases.reason", "cases.learn", "cases.file"
QUOTE = 300


@payload("ka1")
class AnswerCase:
    case_id: int


@payload("kx1")
class UseTemplate:
    """Show a template filled in for a case, before it is sent."""

    case_id: int
    template_id: int


@payload("kj1")
class SendTemplate:
    case_id: int
    template_id: int


@payload("kr1")
class RecallAnswer:
    act_id: int


@payload("kn1")
class NoteCase:
    case_id: int


@payload("kp1")
class PromiseCase:
    case_id: int


@payload("kq1")
class PromiseAt:
    """``stamp``: minutes since 1970."""

    case_id: int
    stamp: int
    version: int


@payload("kb1")
class LearnWords:
    """The product, or (1) the lesson."""

    case_id: int
    lesson: int


@payload("ko1")
class FileFor:
    """For a customer who phoned; step by step."""

    customer_id: int
    kind: CaseKind | None
    about: About | None


def answer_button(t: Translator, case: CaseLine) -> Button:
    return Button(t.gettext("✍️ Answer"), AnswerCase(case.id), style=Style.PRIMARY)


def promise_button(t: Translator, case: CaseLine) -> Button:
    return Button(t.gettext("🕐 New time"), PromiseCase(case.id))


def note_button(t: Translator, case: CaseLine) -> Button:
    return Button(t.gettext("🗒 Note"), NoteCase(case.id))


def file_button(t: Translator, customer_id: int) -> Button:
    return Button(t.gettext("➕ File a case"), FileFor(customer_id, None, None))


def learn_rows(t: Translator, case_id: int) -> Rows:
    """Root cause, product and lesson."""
    return [
        [
            Button(t.gettext("🔍 Cause"), ChooseCause(case_id)),
            Button(t.gettext("📦 Product"), LearnWords(case_id, 0)),
            Button(t.gettext("🎓 Lesson"), LearnWords(case_id, 1)),
        ]
    ]


# Answering ---------------------------------------------------------------------------------------------------------


def ask_answer(t: Translator, file: CaseFile, templates: Sequence[Template], *, manage: Button) -> Reply:
    """Type the answer, or take a template."""
    case = file.case
    name = escape(clip(case.contact or case.customer, 40))
    match file.account:
        case Account.HERE:
            text = t.gettext("Write your answer to <b>{name}</b>. It leaves after 5 seconds.").format(name=name)
        case _:
            text = t.gettext("Write down what you told <b>{name}</b> by phone or face to face.").format(name=name)
    buttons = [Button("📄 " + fit(one.name, 16), UseTemplate(case.id, one.id)) for one in templates]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    return Reply(
        f"{text}\n{quoted(case.words, QUOTE)}",
        rows=[*rows, [manage, _back(t, case.id)]],
        ask=Ask(STEP_ANSWER, {"case": case.id}),
        fresh=True,
    )


def unconfirmed(t: Translator, case: CaseLine) -> Reply:
    """Nothing is said to an account of which nobody knows whose it is."""
    text = t.gettext("First say on the card whether this account is really <b>{name}</b>; then you can answer.").format(
        name=escape(clip(case.contact or case.customer, 40))
    )
    return Reply(text, rows=[[Button(t.gettext("👤 Card"), OpenCustomer(case.customer_id)), _back(t, case.id)]])


def preview(t: Translator, case: CaseLine, template: Template, words: str) -> Reply:
    """A template filled in; it can be sent as it is, or typed anew."""
    head = t.gettext("📄 <b>{name}</b>: send it like this, or type your own words.").format(name=escape(template.name))
    send = Button(t.gettext("📨 Send"), SendTemplate(case.id, template.id), style=Style.PRIMARY)
    return Reply(
        f"{head}\n{quoted(words)}",
        rows=[[send, Button("‹ " + t.gettext("Back"), AnswerCase(case.id))]],
        ask=Ask(STEP_ANSWER, {"case": case.id}),
    )


def answered(t: Translator, case: CaseLine, *, act_id: int, leaves: bool) -> Reply:
    """It is on its way, or recorded."""
    if leaves:
        text = t.gettext("📤 <code>{reference}</code>: your answer leaves in 5 seconds.")
    else:
        text = t.gettext("📤 <code>{reference}</code>: recorded as told outside the chat.")
    lines = [text.format(reference=case.reference)]
    if case.update_due:
        lines.append(t.gettext("Next update promised for {time}.").format(time=t.moment(case.update_due)))
    recall = Button(t.gettext("↩︎ Recall"), RecallAnswer(act_id))
    return Reply("\n".join(lines), rows=[[recall], [_open(t, case.id)]], ask=DONE)


def recalled(t: Translator, case: CaseLine) -> Reply:
    text = t.gettext("↩︎ <code>{reference}</code>: the answer was taken back.").format(reference=case.reference)
    return Reply(text, rows=[[_open(t, case.id)]])


# Notes, times, reasons, lessons ------------------------------------------------------------------------------------


def ask_note(t: Translator, case: CaseLine) -> Reply:
    text = t.gettext("What should your colleagues know? The customer does not see it.")
    return Reply(text, rows=[[_back(t, case.id)]], ask=Ask(STEP_NOTE, {"case": case.id}))


def ask_promise(t: Translator, case: CaseLine, times: Sequence[dt.datetime], *, wrong: bool = False) -> Reply:
    """By when the customer hears from us; typed too. The customer is told when it can be undone no more."""
    rows = [[Button(t.moment(at), PromiseAt(case.id, int(at.timestamp()) // 60, case.version))] for at in times]
    text = t.gettext("By when will the customer hear from us? Tap, or type a day and time.")
    if wrong:
        text = t.gettext("I found no day or time in that.") + "\n" + text
    return Reply(text, rows=[*rows, [_back(t, case.id)]], ask=Ask(STEP_PROMISE, {"case": case.id}))


def choose_reason(t: Translator, case: CaseLine) -> Reply:
    rows = [[Button(capital(reason_name(t, one)), CloseCase(case.id, one, case.version))] for one in CloseReason]
    text = t.gettext("Why is it closed without the customer's word? Tap a reason, or type it.")
    facts = {"case": case.id, "version": case.version}
    return Reply(text, rows=[*rows, [_back(t, case.id)]], ask=Ask(STEP_REASON, facts))


def ask_learn(t: Translator, case: CaseLine, *, lesson: bool) -> Reply:
    if lesson:
        text = t.gettext("What do we learn from it? One sentence is enough.")
    else:
        text = t.gettext("Which product or service is it about?")
    facts = {"case": case.id, "field": "lesson" if lesson else "product"}
    return Reply(text, rows=[[_back(t, case.id)]], ask=Ask(STEP_LEARN, facts))


# Filing for somebody -----------------------------------------------------------------------------------------------


def file_kind(t: Translator, customer: CustomerLine) -> Reply:
    buttons = [
        Button(f"{KIND_SIGNS[kind]} {capital(case_kind_name(t, kind))}", FileFor(customer.id, kind, None))
        for kind in CaseKind
    ]
    text = t.gettext("What does <b>{name}</b> have to say?").format(name=escape(clip(customer.name, 40)))
    back = Button("‹ " + t.gettext("Back"), CustomerCases(customer.id, 0))
    return Reply(text, rows=[buttons[:2], buttons[2:], [back]])


def file_about(t: Translator, customer: CustomerLine, kind: CaseKind) -> Reply:
    buttons = [Button(capital(about_name(t, about)), FileFor(customer.id, kind, about)) for about in About]
    back = Button("‹ " + t.gettext("Back"), FileFor(customer.id, None, None))
    text = t.gettext("What is it about?")
    return Reply(text, rows=[buttons[:2], buttons[2:4], [*buttons[4:], back]])


def file_words(t: Translator, customer: CustomerLine, kind: CaseKind, about: About) -> Reply:
    text = t.gettext("Write down what <b>{name}</b> said, in the customer's own words where you can.").format(
        name=escape(clip(customer.name, 40))
    )
    facts = {"customer": customer.id, "kind": kind, "about": about}
    back = Button("‹ " + t.gettext("Back"), FileFor(customer.id, kind, None))
    return Reply(text, rows=[[back]], ask=Ask(STEP_FILE, facts))


def filed_elsewhere(t: Translator, case: CaseLine) -> Reply:
    """It concerns the one who wrote it down: the lead has it, and nothing of it is shown here any more."""
    text = t.gettext("Passed on to the lead. Thank you for writing it down.")
    return Reply(text, rows=[[Button(t.gettext("👤 Card"), OpenCustomer(case.customer_id))]], ask=DONE)


def _back(t: Translator, case_id: int) -> Button:
    return Button("‹ " + t.gettext("Back"), OpenCase(case_id))


def _open(t: Translator, case_id: int) -> Button:
    return Button(t.gettext("📮 Open"), OpenCase(case_id))
