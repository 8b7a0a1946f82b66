"""New customers: asked for step by step, filed in one line, and what may be the same one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.cards import ContactField, Field, Filed
from domain.customers import ChannelKind, CustomerDraft, Duplicate, Grade, Standing
from domain.touches import DraftLine
from parsing.customer_joins import employed
from views.cards import POOL, Claim, EditCustomer, sign
from views.field_names import channel_name, labelled
from views.fields import EditField, EditOwnContact
from views.history import undo_button
from views.language import Translator
from views.links import LogTouch, OpenCustomer, leave
from views.next_touches import stands_line
from views.replies import DONE, Ask, Button, Reply, Style, capital, clip, escape, mark_of, payload
from views.start import Place, go
from views.words import customer_kind_name, grade_name, stage_name

STEP_NAME = "customers.new"
STEP_PHONE = "customers.phone"
STEP_DUPLICATE = "customers.duplicate"  # only facts: a text still means what it always means
NAME = 40  # characters of a name in a sentence


@payload("ct2")
class SkipPhone:
    """File the new customer of the open dialog without a phone."""

    mark: int


@payload("cm1")
class CreateAnyway:
    """File the customer although there may be one; ``said``: the message it came from."""

    said: int


@payload("ce9")
class NameCompany:
    """The one word in the note of a new customer is the company; the person becomes its contact."""

    customer_id: int
    version: int


@payload("cv1")
class AskLead:
    """Ask the lead about the colleague's customer; ``said``: the message the new one came from."""

    said: int


@payload("cf8")
class ItIsTheName:
    """What was taken for a log is the new customer's name."""

    draft_id: int
    version: int


def ask_name(t: Translator, *, wrong: bool = False) -> Reply:
    """The guided way: the name first, or everything at once."""
    text = t.gettext(
        "Who is the new customer? Send the name, or all in one line:\n"
        "<code>Anna Lee 13800000000 noodle bar, Wuhou</code>\n"
        "Or share the contact with 📎."
    )
    if wrong:
        text = t.gettext("I found no name in that.") + "\n" + text
    return Reply(text, rows=[[leave(t)]], ask=Ask(STEP_NAME))


def log_or_name(t: Translator, asked: Reply, draft: DraftLine) -> Reply:
    """A draft's card after the question for a name, with the way back to the name."""
    name = Button(t.gettext("It is the name"), ItIsTheName(draft.id, draft.version))
    return replace(asked, rows=[*asked.rows[:-1], [name], asked.rows[-1]])


def ask_phone(t: Translator, draft: CustomerDraft, facts: dict[str, Any], *, wrong: bool = False) -> Reply:
    """The guided way: then the phone, which may be left out."""
    text = t.gettext("<b>{name}</b>: what is the phone number? You can also share the contact.").format(
        name=escape(clip(draft.name, NAME))
    )
    if wrong:
        text = "⚠️ " + t.gettext("I could not read a phone number in that.") + "\n" + text
    rows = [[Button(t.gettext("Skip"), SkipPhone(mark_of(draft.name))), leave(t)]]
    return Reply(text, rows=rows, ask=Ask(STEP_PHONE, {"draft": facts}))


def filed(t: Translator, new: Filed) -> Reply:
    """What was filed, what stands next, and what may be added."""
    customer = new.customer
    lines = [t.gettext("✅ New customer: <b>{name}</b>").format(name=escape(clip(customer.name, 60)))]
    graded = [] if customer.grade is Grade.UNGRADED else [grade_name(t, customer.grade)]
    kinds = [customer_kind_name(t, customer.kind), stage_name(t, customer.stage), *graded]
    lines.append(f"{sign(customer.kind)} {capital(' · '.join(kinds))}")
    for contact in customer.contacts:
        if contact.name and contact.name != customer.name:
            lines.append("👥 " + escape(clip(" ".join(filter(None, (contact.name, contact.title))), NAME)))
        lines += [f"{channel_name(t, c.kind)} {escape(clip(c.value, NAME))}" for c in contact.channels]
    place = " ".join(part for part in (customer.city, customer.district, customer.address) if part)
    if place:
        lines.append("📍 " + escape(clip(place, 60)))
    if customer.tags:
        lines.append("🏷 " + escape(clip(" ".join(f"#{tag}" for tag in customer.tags), 60)))
    values = (
        (t.gettext("Industry"), customer.industry),
        (t.gettext("Needs"), customer.needs),
        (t.gettext("Budget"), customer.budget),
        (t.gettext("Source"), customer.source),
    )
    lines += [labelled(t, label, value) for label, value in values if value]
    if customer.note:
        lines.append("🗒 " + escape(clip(customer.note, 100)))
    if new.next_touch:
        lines.append(stands_line(t, new.next_touch))
    rows = [[undo_button(t, new.act_id), Button(t.gettext("Open card"), OpenCustomer(customer.id))]]
    if works := employed(customer):
        label = t.gettext("🏢 Works at {name}").format(name=clip(works.company, 12))
        rows.append([Button(label, NameCompany(customer.id, customer.version))])
    rows += [_missing(t, new), [Button(t.gettext("📝 Log"), LogTouch(customer.id))]]
    return Reply("\n".join(lines[:14]), rows=rows, ask=DONE, protected=True)


def _missing(t: Translator, new: Filed) -> list[Button]:
    """What is worth adding: the phone first, then grade and tags."""
    customer = new.customer
    has_phone = any(c.kind is ChannelKind.PHONE for contact in customer.contacts for c in contact.channels)
    buttons = [] if has_phone else [Button(t.gettext("➕ Phone"), EditOwnContact(customer.id, ContactField.PHONE))]
    if customer.grade is Grade.UNGRADED:
        buttons.append(Button(t.gettext("➕ Grade"), EditField(customer.id, Field.GRADE, customer.version)))
    if not customer.tags:
        buttons.append(Button(t.gettext("➕ Tags"), EditField(customer.id, Field.TAGS, customer.version)))
    return [*buttons, Button(t.gettext("✏️ More…"), EditCustomer(customer.id, 0))][:4]


def maybe_known(
    t: Translator, draft: CustomerDraft, duplicates: Sequence[Duplicate], facts: dict[str, Any], *, said: int
) -> Reply:
    """There may be such a customer: open, claim, ask the lead, or file it all the same. What was typed is kept."""
    text = [t.gettext("⚠️ <b>{name}</b> may be on file already:").format(name=escape(clip(draft.name, NAME)))]
    rows = []
    for one in duplicates[:4]:
        text.append("• " + _told(t, one))
        if one.line is not None:
            name = clip(one.line.name, 16)
            open_it = Button(t.gettext("Open: {name}").format(name=name), OpenCustomer(one.line.id))
            claim = Button(t.gettext("🙋 Claim: {name}").format(name=name), Claim(one.line.id), style=Style.PRIMARY)
            rows.append([claim if one.standing is Standing.POOL else open_it])
    if any(one.standing is Standing.COLLEAGUE for one in duplicates):
        rows.append([Button(t.gettext("✋ Ask the lead"), AskLead(said), style=Style.PRIMARY)])
    rows.append([Button(t.gettext("Create anyway"), CreateAnyway(said))])
    text.append(t.gettext("Not filed yet; what you sent is kept."))
    return Reply("\n".join(text), rows=rows, ask=Ask(STEP_DUPLICATE, facts))


def others_wait(filed: Reply, facts: dict[str, Any]) -> Reply:
    """The card of one that was filed, while others are still to be decided."""
    return replace(filed, ask=Ask(STEP_DUPLICATE, facts))


def _told(t: Translator, one: Duplicate) -> str:
    by = _by(t, one.by)
    if one.line is None:
        return t.gettext("a colleague has a customer with the same {what}").format(what=by)
    name = escape(clip(one.line.name, NAME))
    match one.standing:
        case Standing.YOURS:
            return t.gettext("your customer <b>{name}</b> has the same {what}").format(name=name, what=by)
        case Standing.POOL:
            return t.gettext("{pool} <b>{name}</b> in the public pool has the same {what}").format(
                pool=POOL, name=name, what=by
            )
        case _:
            return t.gettext("<b>{name}</b> of {owner} has the same {what}").format(
                name=name, owner=escape(one.line.owner or ""), what=by
            )


def _by(t: Translator, by: str) -> str:
    match by:
        case "phone":
            return t.gettext("phone number")
        case "wechat":
            return t.gettext("WeChat id")
        case _:
            return t.gettext("company name")


def lead_asked(t: Translator) -> Reply:
    """To the one who asked: it was passed on."""
    text = t.gettext("✋ The lead was asked and will get back to you.")
    return Reply(text, rows=[[go(t, Place.TODAY)]], toast=t.gettext("Asked"))


def question_to_lead(t: Translator, *, asker: str, name: str, customer_id: int, customer: str, owner: str) -> Reply:
    """To the lead: somebody met a customer that another one has."""
    text = t.gettext(
        "✋ {asker} wanted to file <b>{name}</b>, which seems to be <b>{customer}</b> of {owner}. Please settle it."
    ).format(
        asker=escape(asker), name=escape(clip(name, NAME)), customer=escape(clip(customer, NAME)), owner=escape(owner)
    )
    return Reply(text, rows=[[Button(t.gettext("Open card"), OpenCustomer(customer_id))]])


def nobody_to_ask(t: Translator, said: int) -> Reply:
    """It became free meanwhile, or there is no lead: filing it is the way on."""
    text = t.gettext("Nobody has this customer any more. You can file it now.")
    return Reply(text, rows=[[Button(t.gettext("Create anyway"), CreateAnyway(said))]])


def gone(t: Translator) -> Reply:
    """What was typed is no longer kept."""
    return Reply(
        t.gettext("That was a while ago. Please send it again with /new."), rows=[[go(t, Place.NEW)]], fresh=True
    )
