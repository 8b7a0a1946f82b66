"""Accounts of customers, as staff see them: is it he, who is in the chat, and what each is there."""

from collections.abc import Sequence

from domain.bindings import Binding, BindingState, Part
from domain.customers import CustomerLine
from views.history import undo_button
from views.language import Translator
from views.links import OpenAccounts, OpenCustomer, PersonalLink
from views.replies import Button, Reply, Style, clip, escape, fit, payload

MOST = 8  # accounts of a customer that one screen shows


@payload("by1")
class ConfirmBinding:
    """Yes, it is he."""

    binding_id: int
    version: int


@payload("bn1")
class EndBinding:
    """No, or no longer."""

    binding_id: int
    version: int


@payload("bo1")
class OpenBinding:
    binding_id: int


@payload("bp1")
class SetPart:
    """What somebody is at the customer; the part that stands is taken off."""

    binding_id: int
    part: Part
    version: int


def part_name(t: Translator, part: Part) -> str:
    match part:
        case Part.BUYER:
            return t.gettext("buyer")
        case Part.USER:
            return t.gettext("user")
        case Part.PAYER:
            return t.gettext("payer")


def account_name(binding: Binding) -> str:
    """The account's own name and address: ``张伟 @zw``."""
    return binding.name + (f" @{binding.username}" if binding.username else "")


def whose(t: Translator, binding: Binding) -> str:
    """The contact and the customer, escaped; a person is named once."""
    contact, customer = binding.contact or binding.customer, binding.customer
    if contact == customer:
        return f"<b>{escape(clip(customer, 40))}</b>"
    return t.gettext("<b>{contact}</b> ({customer})").format(
        contact=escape(clip(contact, 30)), customer=escape(clip(customer, 40))
    )


def opened(t: Translator, binding: Binding, *, quiet: bool) -> Reply:
    """To the owner, when a personal link was opened: is it he?"""
    text = t.gettext("📱 Your link for {whose} was opened by {account} just now. Is that the right person?").format(
        whose=whose(t, binding), account=escape(clip(account_name(binding), 60))
    )
    rows = [_yes_no(t, binding), [Button(t.gettext("Open card"), OpenCustomer(binding.customer_id))]]
    return Reply(text, rows=rows, quiet=quiet)


def arrived(t: Translator, binding: Binding, source: str, *, quiet: bool) -> Reply:
    """To whoever gets the prospects of a public link."""
    text = t.gettext("🌱 A new prospect came by your link ({source}): {account}.").format(
        source=escape(clip(source, 60)), account=escape(clip(account_name(binding), 60))
    )
    return Reply(text, rows=[[Button(t.gettext("Open card"), OpenCustomer(binding.customer_id))]], quiet=quiet)


def _yes_no(t: Translator, binding: Binding) -> list[Button]:
    return [
        Button(t.gettext("Yes, it is"), ConfirmBinding(binding.id, binding.version), style=Style.SUCCESS),
        Button(t.gettext("No"), EndBinding(binding.id, binding.version), style=Style.DANGER),
    ]


def confirmed(t: Translator, binding: Binding, *, act_id: int) -> Reply:
    text = t.gettext("✅ {account} is {whose}. The customer is told in 10 minutes.").format(
        account=escape(clip(account_name(binding), 60)), whose=whose(t, binding)
    )
    rows = [[undo_button(t, act_id), Button(t.gettext("Open card"), OpenCustomer(binding.customer_id))]]
    return Reply(text, rows=rows, toast=t.gettext("Noted"))


def ended(t: Translator, binding: Binding, *, act_id: int) -> Reply:
    text = t.gettext("🚫 {account} is no longer tied to {whose}. What waited to be sent was withdrawn.").format(
        account=escape(clip(account_name(binding), 60)), whose=whose(t, binding)
    )
    link = Button(t.gettext("🔗 Personal link"), PersonalLink(binding.customer_id))
    card = Button(t.gettext("Open card"), OpenCustomer(binding.customer_id))
    return Reply(text, rows=[[undo_button(t, act_id)], [link, card]], toast=t.gettext("Untied"))


def decided_already(t: Translator, binding: Binding) -> Reply:
    """A press on a question that somebody answered meanwhile: how it stands."""
    text = f"{_sign(binding)} {whose(t, binding)}: {escape(clip(account_name(binding), 60))} · {_state(t, binding)}"
    rows = [[Button(t.gettext("Open card"), OpenCustomer(binding.customer_id))]]
    return Reply(text, rows=rows, toast=t.gettext("This has changed in the meantime. Here is the latest."))


# On the card -------------------------------------------------------------------------------------------------------


def accounts(t: Translator, customer: CustomerLine, bindings: Sequence[Binding], *, act_id: int | None = None) -> Reply:
    """Who of a customer is in the chat."""
    lines = [t.gettext("<b>{name}</b>: in the chat").format(name=escape(clip(customer.name, 60)))]
    lines += [_line(t, binding) for binding in bindings[:MOST]]
    if not bindings:
        lines.append(t.gettext("Nobody yet. Send the personal link, or let it be scanned."))
    buttons = [Button(fit(account_name(binding), 22), OpenBinding(binding.id)) for binding in bindings[:MOST]]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    undo = [undo_button(t, act_id)] if act_id is not None else []
    last = [Button(t.gettext("‹ Card"), OpenCustomer(customer.id)), *undo]
    return Reply(
        "\n".join(lines), rows=[*rows, [Button(t.gettext("🔗 Personal link"), PersonalLink(customer.id))], last]
    )


def account(t: Translator, binding: Binding, *, act_id: int | None = None) -> Reply:
    """One account: the owner's word, what it is at the customer, and Unbind."""
    text = [whose(t, binding), _line(t, binding)]
    parts = [
        Button(("✓ " if binding.part == part else "") + part_name(t, part), SetPart(binding.id, part, binding.version))
        for part in Part
    ]
    unbind = Button(t.gettext("Unbind"), EndBinding(binding.id, binding.version), style=Style.DANGER)
    decide = _yes_no(t, binding) if binding.state is BindingState.PENDING else [unbind]
    undo = [undo_button(t, act_id)] if act_id is not None else []
    back = Button("‹ " + t.gettext("Back"), OpenAccounts(binding.customer_id))
    return Reply("\n".join(text), rows=[parts, decide, [back, *undo]], toast=t.gettext("Saved") if undo else None)


def _line(t: Translator, binding: Binding) -> str:
    """``📱 张伟 @zw · buyer · confirmed``."""
    words = [escape(clip(account_name(binding), 40))]
    if binding.contact and binding.contact != binding.customer:
        words.append(escape(clip(binding.contact, 20)))
    if binding.part in list(Part):
        words.append(part_name(t, Part(binding.part)))
    return f"{_sign(binding)} " + " · ".join([*words, _state(t, binding)])


def _sign(binding: Binding) -> str:
    return {BindingState.PENDING: "❔", BindingState.CONFIRMED: "📱", BindingState.ENDED: "🚫"}[binding.state]


def _state(t: Translator, binding: Binding) -> str:
    match binding.state:
        case BindingState.PENDING:
            return t.gettext("waits for your yes")
        case BindingState.CONFIRMED:
            return t.gettext("confirmed")
        case BindingState.ENDED:
            return t.gettext("untied")
