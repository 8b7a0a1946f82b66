"""What a search found: a page of customers, each a number to tap."""

from collections.abc import Sequence

from domain.customers import MOST_FOUND, PAGE, CustomerLine, Grade, Page
from domain.people import Actor
from views.cards import POOL, sign
from views.language import Translator
from views.links import OpenCustomer, leave
from views.pages import turn
from views.replies import Ask, Button, Reply, clip, escape, fit, mark_of, payload
from views.words import stage_name

STEP_FIND = "customers.find"  # the next text is what to look for
STEP_FOUND = "customers.found"  # results are open: facts for their pages, while a text means what it always means
SHOWN = 40  # characters of the query


@payload("cq2")
class FindPage:
    """Another page of the results whose query waits in the open dialog."""

    number: int
    mark: int


@payload("ci2")
class NewFromQuery:
    """What was looked for and not found becomes a new customer."""

    mark: int


def ask_query(t: Translator, recent: Sequence[CustomerLine]) -> Reply:
    """``/find`` alone: the ones last in touch with, or what to look for."""
    text = t.gettext("Who are you looking for? Part of a name, pinyin or initials, the end of a phone number, or #tag.")
    rows = [[Button(fit(f"{sign(line.kind)} {line.name}"), OpenCustomer(line.id))] for line in recent]
    return Reply(text, rows=[*rows, [leave(t)]], ask=Ask(STEP_FIND))


def found(t: Translator, query: str, page: Page[CustomerLine], *, actor: Actor) -> Reply:
    """One page of results, the best first."""
    more = "+" if page.total >= MOST_FOUND else ""  # a search stops there
    count = t.ngettext("{n} found", "{n} found", page.total).format(n=f"{t.number(page.total)}{more}")
    text = [f"🔎 <b>{escape(clip(query, SHOWN))}</b> · {count}"]
    text += [f"{i}. {customer_line(t, line, actor=actor)}" for i, line in enumerate(page.items, 1)]
    turns = turn(t, page.number, page.last, lambda number: FindPage(number, mark_of(query)))
    rows = [_numbers(page.items), *turns]
    return Reply("\n".join(text), rows=rows, ask=Ask(STEP_FOUND, {"query": query}))


def similar(t: Translator, query: str, lines: Sequence[CustomerLine], *, actor: Actor) -> Reply:
    """Nothing fits, but these sound alike; and the way to a new customer."""
    shown = escape(clip(query, SHOWN))
    if lines:
        head = t.gettext("🔎 Nobody is called “{query}”. Did you mean:").format(query=shown)
    else:
        head = t.gettext("🔎 Nobody found for “{query}”.").format(query=shown)
    text = [head, *(f"{i}. {customer_line(t, line, actor=actor)}" for i, line in enumerate(lines, 1))]
    new = Button(t.gettext("➕ New: {name}").format(name=clip(query, 16)), NewFromQuery(mark_of(query)))
    rows = [*([_numbers(lines)] if lines else []), [new]]
    return Reply("\n".join(text), rows=rows, ask=Ask(STEP_FOUND, {"query": query}))


def gone(t: Translator) -> Reply:
    """The query of old results is no longer at hand."""
    return Reply(toast=t.gettext("These results are old. Please search once more."), alert=True)


def customer_line(t: Translator, line: CustomerLine, *, actor: Actor) -> str:
    """``🏢 <b>Bright Far</b> (Lee) · won · A · Wed, Nov 18``; whose it is where it is not the reader's own."""
    name = f"{sign(line.kind)} <b>{escape(clip(line.name, 30))}</b>"
    if line.contact:
        name += t.gettext(" ({nickname})").format(nickname=escape(clip(line.contact, 16)))
    words = [name, stage_name(t, line.stage)]
    if line.grade is not Grade.UNGRADED:
        words.append(line.grade.value)
    if line.city:
        words.append(escape(clip(line.city, 12)))
    if line.pool:
        words.append(f"{POOL} " + t.gettext("public pool"))
    elif line.owner and line.owner_id != actor.member_id:
        words.append(escape(line.owner))
    if line.touched_on:
        words.append(t.day(line.touched_on))
    return " · ".join(words)


def _numbers(lines: Sequence[CustomerLine]) -> list[Button]:
    return [Button(str(i), OpenCustomer(line.id)) for i, line in enumerate(lines[:PAGE], 1)]
