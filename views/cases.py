"""Cases for the staff: the list by what presses most, the page of one, and what is chosen from there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from domain.cases import Account, CaseFile, CaseLine, CaseState, Cause, CloseReason, Entry, EntryKind
from domain.customers import CustomerLine, Page
from domain.people import Actor, MemberLine
from views.case_words import cause_name, overdue, promise, reason_name, state_name, what, whose
from views.history import ACTS, undo_button
from views.language import Translator
from views.links import CustomerCases, OpenCase, OpenCustomer
from views.pages import turn
from views.quotes import quoted, unlinked
from views.replies import DONE, Button, Reply, Rows, capital, clip, escape, payload
from views.start import Place, go

WORDS = 240  # characters of the customer's words on the page; **Story** has all of them
STORY = 5  # latest lines of the story on the page
STORY_PAGE = 8  # lines of a page of the whole story
LINE = 90  # characters of one of them


@payload("kl1")
class ListCases:
    """``team`` 1: all in sight, else one's own."""

    number: int
    team: int


@payload("kt1")
class TakeCase:
    case_id: int
    version: int


@payload("kg1")
class ChooseKeeper:
    case_id: int
    number: int


@payload("kh1")
class GiveCase:
    case_id: int
    member_id: int
    version: int


@payload("kw1")
class WaitForCustomer:
    case_id: int
    version: int


@payload("ks1")
class SolveCase:
    case_id: int
    version: int


@payload("kc1")
class ChooseReason:
    case_id: int


@payload("kd1")
class CloseCase:
    case_id: int
    reason: CloseReason
    version: int


@payload("ku1")
class HurryCase:
    case_id: int


@payload("kf1")
class ShowFiles:
    case_id: int


@payload("km1")
class MoreOfCase:
    case_id: int


@payload("ky1")
class ShowStory:
    case_id: int
    number: int


@payload("kz1")
class ChooseCause:
    case_id: int


@payload("ki1")
class SetCause:
    case_id: int
    cause: Cause


# Lists -------------------------------------------------------------------------------------------------------------


def my_cases(t: Translator, page: Page[CaseLine], *, team: bool, actor: Actor, now: dt.datetime) -> Reply:
    """Open cases, what presses most first, each a button."""
    head = t.gettext("<b>Cases of my people</b>") if team else t.gettext("<b>My cases</b>")
    other = [Button(t.gettext("My cases") if team else t.gettext("Cases of my people"), ListCases(0, int(not team)))]
    rows = [other] if actor.is_lead else []
    if not page.items:
        nothing = t.gettext("No case is open. Well done.")
        return Reply(f"{head}\n{nothing}", rows=[*rows, [go(t, Place.TODAY)]])
    lines = [case_line(t, case, number, now=now, team=team) for number, case in enumerate(page.items, 1)]
    turned = turn(t, page.number, page.last, lambda number: ListCases(number, int(team)))
    return Reply("\n".join([f"{head} · {page.total}", *lines]), rows=[_numbers(page), *turned, *rows])


def of_customer(
    t: Translator, customer: CustomerLine, page: Page[CaseLine], *, file: Button, now: dt.datetime
) -> Reply:
    """All cases of a customer, the open ones first."""
    lines = [t.gettext("📮 <b>Cases of {name}</b>").format(name=escape(clip(customer.name, 40)))]
    lines += [case_line(t, case, number, now=now, named=False) for number, case in enumerate(page.items, 1)]
    if not page.items:
        lines.append(t.gettext("There is none yet. File one when the customer phones or writes elsewhere."))
    rows = [_numbers(page)] if page.items else []
    rows += turn(t, page.number, page.last, lambda number: CustomerCases(customer.id, number))
    return Reply("\n".join(lines), rows=[*rows, [file], [Button("‹ " + t.gettext("Card"), OpenCustomer(customer.id))]])


def case_line(
    t: Translator, case: CaseLine, number: int, *, now: dt.datetime, team: bool = False, named: bool = True
) -> str:
    """``1. 张伟 · complaint · delivery · promised for Thu 10:00``."""
    parts = [f"<b>{escape(clip(case.customer, 20))}</b>"] if named else [f"<code>{case.reference}</code>"]
    parts += [what(t, case)]
    if case.next_due:
        parts.append(promise(t, case.next_due, now=now))
    else:
        parts.append(state_name(t, case.state))
    if team:
        parts.append(escape(clip(case.owner or t.gettext("nobody"), 12)))
    return f"{number}. " + " · ".join(parts)


def _numbers(page: Page[CaseLine]) -> list[Button]:
    return [Button(str(number), OpenCase(case.id)) for number, case in enumerate(page.items, 1)]


# One case ----------------------------------------------------------------------------------------------------------


def case_page(t: Translator, file: CaseFile, *, answer: Button, promise: Button, note: Button) -> Reply:
    """Customer, words, clock and the latest of the story, with what can be done."""
    case = file.case
    lines = [f"{what(t, case)} · <code>{case.reference}</code>", _who(t, case), quoted(case.words, WORDS)]
    lines += [story_line(t, entry) for entry in file.story[-STORY:]]
    lines += _clock(t, file)
    lines += _account(t, file)
    if case.cause:
        lines.append(t.gettext("Cause: {cause}").format(cause=cause_name(t, Cause(case.cause))))
    return Reply("\n".join(lines), rows=_page_rows(t, file, answer, promise, note), ask=DONE)


def _page_rows(t: Translator, file: CaseFile, answer: Button, promise: Button, note: Button) -> Rows:
    case = file.case
    rows: list[list[Button]] = []
    if case.is_open and case.state is not CaseState.SOLVED:
        solve = Button(t.gettext("✅ Solved"), SolveCase(case.id, case.version))
        rows.append([answer, solve])
        row = [promise]
        if case.state is not CaseState.WAITING:
            row.append(Button(t.gettext("⏸ Waiting"), WaitForCustomer(case.id, case.version)))
        if not file.mine:
            row.insert(0, Button(t.gettext("🙋 Take"), TakeCase(case.id, case.version)))
        rows.append(row)
    files = [Button(f"📎 {file.files}", ShowFiles(case.id))] if file.files else []
    rows.append([note, *files, Button(t.gettext("⋯ More"), MoreOfCase(case.id))])
    card = [Button(t.gettext("👤 Card"), OpenCustomer(case.customer_id))] if file.card else []
    return [*rows, [*card, _back(t)]]


def more(t: Translator, file: CaseFile, *, learn: Rows) -> Reply:
    """What is seldom done."""
    case = file.case
    rows: list[list[Button]] = []
    if case.is_open:
        if case.state is not CaseState.SOLVED:
            hurry = [] if case.urgent else [Button(t.gettext("🔴 Urgent"), HurryCase(case.id))]
            rows.append([Button(t.gettext("➡️ Transfer"), ChooseKeeper(case.id, 0)), *hurry])
        rows.append([Button(t.gettext("✖️ Close…"), ChooseReason(case.id))])
    rows += [list(row) for row in learn]
    rows.append([Button(t.gettext("📖 Story"), ShowStory(case.id, 0)), _to_case(t, case.id)])
    lines = [f"{what(t, case)} · <code>{case.reference}</code>", _who(t, case), *learnt(t, case)]
    return Reply("\n".join(lines), rows=rows)


def learnt(t: Translator, case: CaseLine) -> list[str]:
    """What was recorded for the later analysis."""
    values = (
        (t.gettext("Cause: {cause}"), "cause", cause_name(t, Cause(case.cause)) if case.cause else None),
        (t.gettext("Product: {product}"), "product", case.product),
        (t.gettext("Lesson: {lesson}"), "lesson", case.lesson),
    )
    return [words.format(**{name: escape(clip(value, LINE))}) for words, name, value in values if value]


def story(t: Translator, case: CaseLine, page: Page[Entry]) -> Reply:
    """All that happened, a page at a time, oldest first."""
    lines = [f"{what(t, case)} · <code>{case.reference}</code>", *(story_line(t, entry) for entry in page.items)]
    if page.number == 0:
        lines.insert(1, quoted(case.words, 2 * WORDS))
    turned = turn(t, page.number, (max(page.total, 1) - 1) // STORY_PAGE, lambda number: ShowStory(case.id, number))
    return Reply("\n".join(lines), rows=[*turned, [_to_case(t, case.id)]])


def story_line(t: Translator, entry: Entry) -> str:
    """One line of the story, with its time and who."""
    return f"{t.moment(entry.at)} {_event(t, entry)}"


def _event(t: Translator, entry: Entry) -> str:
    who = escape(clip(entry.member, 12)) if entry.member else t.gettext("customer")
    words = clip(entry.text, LINE)
    match entry.kind:
        case EntryKind.WORDS:
            return "💬 " + _says(t, who, unlinked(words))
        case EntryKind.ANSWER:
            return "📤 " + _says(t, who, escape(words))
        case EntryKind.NOTE:
            return "🗒 " + _says(t, who, escape(words))
        case EntryKind.STATE:
            return f"▸ {state_name(t, CaseState(entry.text))}"
        case EntryKind.TRANSFER:
            return "➡️ " + t.gettext("with {name}").format(name=escape(words))
        case EntryKind.PROMISE:
            at = dt.datetime.fromisoformat(entry.text)
            return "🕐 " + t.gettext("promised for {time}").format(time=t.moment(at))
        case EntryKind.URGENT:
            return "🔴 " + (t.gettext("urgent") if entry.member else t.gettext("the customer wants the manager"))
        case EntryKind.REASON:
            known = entry.text in list(CloseReason)
            return "✖️ " + (reason_name(t, CloseReason(entry.text)) if known else escape(words))


def _says(t: Translator, who: str, words: str) -> str:
    return t.pgettext("case", "{who}: {words}").format(who=who, words=words)


def _who(t: Translator, case: CaseLine) -> str:
    owner = escape(case.owner) if case.owner else t.gettext("nobody")
    return f"<b>{whose(t, case)}</b> · {state_name(t, case.state)} · {owner}"


def _clock(t: Translator, file: CaseFile) -> list[str]:
    due = file.case.next_due
    if due is None or file.left is None:
        return []
    if file.left <= dt.timedelta():
        return [overdue(t, due)]
    minutes = int(file.left.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    left = t.gettext("{h} h {m} min").format(h=hours, m=rest) if rest else t.gettext("{h} h").format(h=hours)
    return ["🕐 " + t.gettext("promised for {time}, {left} of working time left").format(time=t.moment(due), left=left)]


def _account(t: Translator, file: CaseFile) -> list[str]:
    if not file.case.is_open:
        return []
    match file.account:
        case Account.HERE:
            return []
        case Account.UNCONFIRMED:
            return [t.gettext("⚠️ The account is not confirmed yet: say on the card whether it is the customer.")]
        case Account.BLOCKED:
            return [t.gettext("⚠️ The customer has blocked the bot: please call.")]
        case Account.NONE:
            return [t.gettext("☎️ Not in the chat: answers are recorded, and told by phone.")]


def done(t: Translator, screen: Reply, kind: str, *, act_id: int) -> Reply:
    """The page after an act of this kind, with Undo beneath."""
    words = capital(ACTS[kind](t))
    rows = [*screen.rows, [undo_button(t, act_id)]]
    return replace(screen, text=f"✅ {words}\n{screen.text}", rows=rows, toast=clip(words, 190))


def given_away(t: Translator, case: CaseLine, *, act_id: int) -> Reply:
    """After a transfer, where the giver may see the case no more."""
    text = t.gettext("✅ <code>{reference}</code> is with {name} now.").format(
        reference=case.reference, name=escape(case.owner or "")
    )
    return Reply(text, rows=[[undo_button(t, act_id), _back(t)]], ask=DONE)


def changed(t: Translator, screen: Reply) -> Reply:
    """The page as it stands, for a button that was too old."""
    return replace(screen, toast=t.gettext("It has changed in the meantime. This is how it stands now."))


# Choosing ----------------------------------------------------------------------------------------------------------


def choose_keeper(t: Translator, case: CaseLine, page: Page[MemberLine]) -> Reply:
    rows = [[Button(clip(one.name, 24), GiveCase(case.id, one.id, case.version))] for one in page.items]
    text = t.gettext("Who should take care of <code>{reference}</code>?").format(reference=case.reference)
    if not page.items:
        text = t.gettext("There is nobody to give it to.")
    turned = turn(t, page.number, page.last, lambda number: ChooseKeeper(case.id, number))
    return Reply(text, rows=[*rows, *turned, [_to_case(t, case.id)]])


def choose_cause(t: Translator, case: CaseLine) -> Reply:
    buttons = [Button(capital(cause_name(t, cause)), SetCause(case.id, cause)) for cause in Cause]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    return Reply(t.gettext("What was the root cause?"), rows=[*rows, [_to_case(t, case.id)]])


def files(t: Translator, case: CaseLine, shown: Sequence[Reply]) -> Reply:
    """What the customer sent along, again, and the way back beneath."""
    text = t.ngettext("📎 {n} file of <code>{reference}</code>", "📎 {n} files of <code>{reference}</code>", len(shown))
    return Reply(
        text.format(n=len(shown), reference=case.reference),
        rows=[[_to_case(t, case.id)]],
        fresh=True,
        also=tuple(shown),
    )


def _to_case(t: Translator, case_id: int) -> Button:
    return Button("‹ " + t.gettext("Back"), OpenCase(case_id))


def _back(t: Translator) -> Button:
    return Button("‹ " + t.gettext("Cases"), ListCases(0, 0))
