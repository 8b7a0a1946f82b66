"""The trail of who did what, and the button that takes a write back."""

from collections.abc import Callable, Sequence

from domain.customers import CustomerLine, Page
from domain.history import ActLine, ChangeLine, Shown, Sight
from domain.people import Actor, MemberLine
from views.changes import change_words
from views.language import NAMES, Translator
from views.links import OpenCase, OpenCustomer
from views.pages import turn
from views.places import region_name, zone_name
from views.replies import Button, Reply, clip, escape, payload
from views.start import Place, go
from views.words import role_name

SUBJECT = 24  # characters of whom or what an act was about


@payload("hu1")
class Undo:
    act_id: int


@payload("hp2")
class HistoryPage:
    """A page of the trail: of one customer, of one member, or of everything in sight."""

    customer_id: int | None
    member_id: int | None
    number: int


@payload("ha2")
class OpenAct:
    """One act; the rest says which page leads back."""

    act_id: int
    customer_id: int | None
    member_id: int | None
    number: int


@payload("hm1")
class FilterByMember:
    """For leads and admins: whose acts to see."""

    number: int


# Undo --------------------------------------------------------------------------------------------------------------


def undo_button(t: Translator, act_id: int) -> Button:
    """The button that stands beneath every confirmation of a write."""
    return Button(t.gettext("↩︎ Undo"), Undo(act_id))


def undone(t: Translator, line: ActLine, *, menus: bool = False) -> Reply:
    """What was taken back, and the way to how it stands now."""
    text = t.gettext("↩︎ Undone: {act}.").format(act=act_name(t, line))
    return Reply(text, rows=[[_next_after(t, line)]], toast=t.gettext("Undone"), menus=menus)


def _next_after(t: Translator, line: ActLine) -> Button:
    if line.customer_id is not None and line.kind != "customer.added" and "case" not in line.facts:
        return Button(t.gettext("Open card"), OpenCustomer(line.customer_id))
    match line.noun:
        case "settings" | "away":
            return go(t, Place.SETTINGS)
        case "member" | "team":
            return go(t, Place.TEAM)
        case "invite":
            return go(t, Place.INVITE)
        case "organisation":
            return go(t, Place.SETUP)
        case "case" if line.kind != "case.opened":
            return Button(t.gettext("📮 Open"), OpenCase(line.facts["case"]))
        case "survey":
            return go(t, Place.SURVEYS)
        case _:
            return go(t, Place.TODAY)


def taken_back(t: Translator, line: ActLine, by: str, *, menus: bool = False) -> Reply:
    """To a colleague who was told of the act when it was done."""
    text = t.gettext("↩︎ {name} took this back: {act}.").format(name=escape(by), act=act_name(t, line))
    return Reply(text, rows=[[go(t, Place.TODAY)]], menus=menus)


def nothing_to_undo(t: Translator) -> Reply:
    text = t.gettext("There is nothing to take back: an act can be undone for 10 minutes.")
    return Reply(text, rows=[[go(t, Place.TODAY)]])


# The names of acts -------------------------------------------------------------------------------------------------


def act_name(t: Translator, line: ActLine, *, of_one: bool = False) -> str:
    """What was done, as a line: ``touch logged · Lin & Sons``; ``of_one``: what an act of many was for one of them."""
    if of_one and line.kind in OF_ONE:
        return escape(OF_ONE[line.kind](t, line))
    word = ACTS[line.kind](t) if line.kind in ACTS else t.gettext("something else")
    if line.kind == "act.undone" and line.facts.get("of") in ACTS:
        word = t.gettext("undone: {act}").format(act=ACTS[line.facts["of"]](t))
    return escape(" · ".join([word, *(clip(part, SUBJECT) for part in _subject(t, line) if part)]))


def _subject(t: Translator, line: ActLine) -> list[str]:
    facts = line.facts
    match line.kind:
        case "member.handed_over":
            to = facts.get("to") or t.gettext("the public pool")
            return [f"{facts.get('name')} → {to}", t.number(facts.get("count", 0))]
        case "member.role_changed" | "member.joined" | "invite.made" if facts.get("role"):
            return [facts.get("name") or "", role_name(t, facts["role"])]
        case "survey.sent" | "survey.withdrawn":
            return [line.customer or "", str(facts.get("name") or "")]
        case "survey.wave_sent":
            return [str(facts.get("name") or ""), t.number(facts.get("count", 0))]
        case "organisation.changed":
            return [_chosen(t, name, str(value)) for name, value in facts.get("after", {}).items()] + [
                facts.get("name") or ""
            ]
        case _:
            return [line.customer or str(facts.get("name") or "")]


def _imported(t: Translator, line: ActLine) -> str:
    name = clip(str(line.facts.get("name") or ""), SUBJECT)
    return t.gettext("imported from {file}").format(file=name) if name else t.gettext("spreadsheet imported")


def _handed(t: Translator, line: ActLine) -> str:
    giver, heir = (clip(str(line.facts.get(end) or ""), 12) for end in ("name", "to"))
    return t.gettext("handed over from {giver} to {heir}").format(
        giver=giver, heir=heir or t.gettext("the public pool")
    )


OF_ONE: dict[str, Callable[[Translator, ActLine], str]] = {
    "sheet.imported": _imported,
    "member.handed_over": _handed,
}


def _chosen(t: Translator, name: str, value: str) -> str:
    match name:
        case "locale":
            return NAMES.get(value, value)
        case "region":
            return region_name(t, value)
        case "zone":
            return zone_name(t, value)
        case "worktime":
            return value
        case "strangers":
            return t.gettext("strangers may ask") if value == "open" else t.gettext("by a link only")
        case _:
            return ""


ACTS: dict[str, Callable[[Translator], str]] = {
    "touch.logged": lambda t: t.gettext("touch logged"),
    "touch.changed": lambda t: t.gettext("touch changed"),
    "draft.dropped": lambda t: t.gettext("draft dropped"),
    "draft.kept": lambda t: t.gettext("draft kept"),
    "media.added": lambda t: t.gettext("file added"),
    "talk.received": lambda t: t.gettext("message from the customer"),
    "talk.answered": lambda t: t.gettext("customer answered"),
    "talk.recalled": lambda t: t.gettext("answer taken back"),
    "talk.changed": lambda t: t.gettext("message changed"),
    "talk.closed": lambda t: t.gettext("message settled"),
    "talk.escalated": lambda t: t.gettext("customer asked for the manager"),
    "correction.asked": lambda t: t.gettext("customer asked for a correction"),
    "correction.taken": lambda t: t.gettext("correction taken over"),
    "correction.refused": lambda t: t.gettext("correction refused"),
    "contact.corrected": lambda t: t.gettext("corrected by the customer"),
    "wishes.changed": lambda t: t.gettext("customer's wishes changed"),
    "erasure.asked": lambda t: t.gettext("customer asked to be forgotten"),
    "erasure.withdrawn": lambda t: t.gettext("customer keeps the data"),
    "person.erased": lambda t: t.gettext("customer forgotten"),
    "data.exported": lambda t: t.gettext("customer took the data along"),
    "customer.added": lambda t: t.gettext("customer added"),
    "customer.asked": lambda t: t.gettext("asked about a colleague's customer"),
    "customer.changed": lambda t: t.gettext("customer changed"),
    "customer.assigned": lambda t: t.gettext("owner changed"),
    "customer.claimed": lambda t: t.gettext("claimed from the pool"),
    "customer.released": lambda t: t.gettext("given back to the pool"),
    "contact.added": lambda t: t.gettext("contact added"),
    "contact.changed": lambda t: t.gettext("contact changed"),
    "contact.removed": lambda t: t.gettext("contact removed"),
    "next_touch.agreed": lambda t: t.gettext("next touch set"),
    "next_touch.done": lambda t: t.gettext("next touch done"),
    "reminder.set": lambda t: t.gettext("reminder set"),
    "reminder.changed": lambda t: t.gettext("reminder changed"),
    "reminder.done": lambda t: t.gettext("reminder done"),
    "reminder.deleted": lambda t: t.gettext("reminder deleted"),
    "sheet.imported": lambda t: t.gettext("spreadsheet imported"),
    "sheet.exported": lambda t: t.gettext("spreadsheet exported"),
    "member.joined": lambda t: t.gettext("member joined"),
    "member.renamed": lambda t: t.gettext("member renamed"),
    "member.moved": lambda t: t.gettext("member moved to another team"),
    "member.admin_asked": lambda t: t.gettext("an administrator asked for"),
    "member.role_changed": lambda t: t.gettext("role changed"),
    "member.deactivated": lambda t: t.gettext("access ended"),
    "member.reactivated": lambda t: t.gettext("access restored"),
    "member.handed_over": lambda t: t.gettext("customers handed over"),
    "away.set": lambda t: t.gettext("a stand-in set"),
    "away.ended": lambda t: t.gettext("standing in ended"),
    "team.added": lambda t: t.gettext("team added"),
    "team.renamed": lambda t: t.gettext("team renamed"),
    "team.removed": lambda t: t.gettext("team removed"),
    "team.led": lambda t: t.gettext("lead appointed"),
    "invite.made": lambda t: t.gettext("invite made"),
    "invite.revoked": lambda t: t.gettext("invite revoked"),
    "link.made": lambda t: t.gettext("link for customers made"),
    "link.revoked": lambda t: t.gettext("link for customers revoked"),
    "callback.asked": lambda t: t.gettext("customer wants a call"),
    "binding.opened": lambda t: t.gettext("link opened"),
    "binding.confirmed": lambda t: t.gettext("account confirmed"),
    "binding.changed": lambda t: t.gettext("account changed"),
    "binding.ended": lambda t: t.gettext("account untied"),
    "enquiry.made": lambda t: t.gettext("stranger asked"),
    "enquiry.linked": lambda t: t.gettext("stranger tied to a customer"),
    "enquiry.filed": lambda t: t.gettext("stranger filed as a prospect"),
    "enquiry.refused": lambda t: t.gettext("stranger not tied"),
    "consent.decided": lambda t: t.gettext("consent answered"),
    "survey.made": lambda t: t.gettext("survey made"),
    "survey.changed": lambda t: t.gettext("survey changed"),
    "survey.opened": lambda t: t.gettext("survey opened"),
    "survey.closed": lambda t: t.gettext("survey closed"),
    "survey.deleted": lambda t: t.gettext("survey deleted"),
    "survey.sent": lambda t: t.gettext("survey sent"),
    "survey.wave_sent": lambda t: t.gettext("survey sent to many"),
    "survey.withdrawn": lambda t: t.gettext("survey withdrawn"),
    "settings.changed": lambda t: t.gettext("settings changed"),
    "organisation.changed": lambda t: t.gettext("set-up changed"),
    "survey.answered": lambda t: t.gettext("survey answered"),
    "survey.entered": lambda t: t.gettext("answers entered for a customer"),
    "case.opened": lambda t: t.gettext("case filed"),
    "case.added": lambda t: t.gettext("case: the customer added something"),
    "case.confirmed": lambda t: t.gettext("case: confirmed as solved by the customer"),
    "case.reopened": lambda t: t.gettext("case: reopened by the customer"),
    "case.escalated": lambda t: t.gettext("case: the customer asked for the manager"),
    "case.taken": lambda t: t.gettext("case taken over"),
    "case.transferred": lambda t: t.gettext("case transferred"),
    "case.noted": lambda t: t.gettext("case: note added"),
    "case.promised": lambda t: t.gettext("case: new time promised"),
    "case.paused": lambda t: t.gettext("case: waiting for the customer"),
    "case.solved": lambda t: t.gettext("case solved"),
    "case.closed": lambda t: t.gettext("case closed"),
    "case.silenced": lambda t: t.gettext("case closed after silence"),
    "case.hurried": lambda t: t.gettext("case marked as urgent"),
    "case.analysed": lambda t: t.gettext("case: cause and lesson recorded"),
    "case.answered": lambda t: t.gettext("case answered"),
    "case.recalled": lambda t: t.gettext("case: answer recalled"),
    "template.added": lambda t: t.gettext("reply template added"),
    "template.removed": lambda t: t.gettext("reply template deleted"),
    "act.undone": lambda t: t.gettext("undone"),
    "letter.sent_again": lambda t: t.gettext("held message sent"),
    "letter.dropped": lambda t: t.gettext("held message dropped"),
    "letter.put_back": lambda t: t.gettext("message held again"),
    "press.forged": lambda t: t.gettext("a button pressed that was never given"),
    "link.refused": lambda t: t.gettext("a wrong link tried"),
    "database.restored": lambda t: t.gettext("backup restored"),
}


# The trail ---------------------------------------------------------------------------------------------------------


def trail(t: Translator, page: Page[ActLine], shown: Shown, *, title: str | None, actor: Actor) -> Reply:
    """One page of acts, newest first; each a number that opens its changes."""
    head = (
        t.gettext("<b>History</b>")
        if title is None
        else t.gettext("<b>History of {name}</b>").format(name=escape(clip(title, 40)))
    )
    of_one = shown.customer_id is not None
    lines = [f"{i}. {_line(t, line, of_one=of_one)}" for i, line in enumerate(page.items, 1)]
    if not lines:
        lines = [t.gettext("Nothing has been recorded yet.")]
    numbers = [
        Button(str(i), OpenAct(line.id, shown.customer_id, shown.member_id, page.number))
        for i, line in enumerate(page.items, 1)
    ]
    rows = [*([numbers] if numbers else []), *_pages(t, page, shown)]
    ways = []
    if shown.customer_id is not None:
        ways.append(Button(t.gettext("Open card"), OpenCustomer(shown.customer_id)))
    if shown != Shown():
        ways.append(Button(t.gettext("All of it"), HistoryPage(None, None, 0)))
    if actor.is_lead:
        ways.append(Button(t.gettext("By member"), FilterByMember(0)))
    return Reply("\n".join([head, *lines]), rows=[*rows, ways or [go(t, Place.TODAY)]])


def _line(t: Translator, line: ActLine, *, of_one: bool) -> str:
    who = escape(clip(_who(t, line), 12))
    name = act_name(t, line, of_one=of_one)
    return f"{t.moment(line.at)} {who} · {f'<s>{name}</s>' if line.undone else name}"


def _who(t: Translator, line: ActLine) -> str:
    """A member by name; else whoever is outside, or the program by itself."""
    if line.member or not line.person_id:
        return line.member or t.gettext("Keyuan")
    return t.pgettext("history", "Visitor") if line.customer_id is None else t.pgettext("history", "Customer")


def _pages(t: Translator, page: Page[ActLine], shown: Shown) -> list[list[Button]]:
    row = []
    if page.number > 0:
        row.append(Button("‹ " + t.gettext("Newer"), HistoryPage(shown.customer_id, shown.member_id, page.number - 1)))
    if page.number < page.last:
        row.append(Button(t.gettext("Older") + " ›", HistoryPage(shown.customer_id, shown.member_id, page.number + 1)))
    return [row] if row else []


def choose_member(t: Translator, page: Page[MemberLine]) -> Reply:
    """Whose acts to see."""
    rows = [[Button(clip(m.name, SUBJECT), HistoryPage(None, m.id, 0))] for m in page.items]
    back = Button("‹ " + t.gettext("Back"), HistoryPage(None, None, 0))
    return Reply(t.gettext("Whose acts?"), rows=[*rows, *turn(t, page.number, page.last, FilterByMember), [back]])


def choose_subject(
    t: Translator, typed: str, customers: Sequence[CustomerLine], members: Sequence[MemberLine]
) -> Reply:
    """Several customers or members go by what was typed, or none."""
    rows = [[Button(clip(line.name, SUBJECT), HistoryPage(line.id, None, 0))] for line in customers]
    rows += [[Button("👤 " + clip(m.name, SUBJECT), HistoryPage(None, m.id, 0))] for m in members]
    shown = escape(clip(typed, 40))
    if rows:
        text = t.gettext("Whose history? Several go by “{name}”.").format(name=shown)
    else:
        text = t.gettext("Nobody in your sight goes by “{name}”.").format(name=shown)
    return Reply(text, rows=[*rows, [Button(t.gettext("All of it"), HistoryPage(None, None, 0))]])


MOST_CHANGES = 10  # lines of one act on a phone


def act(t: Translator, line: ActLine, changes: Sequence[ChangeLine], total: int, back: HistoryPage) -> Reply:
    """One act with what it changed, before → after. ``total`` counts the changes, shown or not."""
    told = [text for change in changes for text in change_words(t, change)]
    more = max(len(told) - MOST_CHANGES, 0) + max(total - len(changes), 0)
    told = told[:MOST_CHANGES]
    if more:
        told.append(t.ngettext("… and {n} more", "… and {n} more", more).format(n=t.number(more)))
    if any(change.sight is Sight.NONE for change in changes):
        told.append(t.gettext("Some of it is about customers of colleagues and not shown."))
    head = _line(t, line, of_one=back.customer_id is not None)
    return Reply("\n".join([head, *told]), rows=[[Button("‹ " + t.gettext("Back"), back)]])
