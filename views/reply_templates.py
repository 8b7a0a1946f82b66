"""Reply templates: the list with how each does, one of them, and writing a new one."""

from collections.abc import Sequence

from domain.customers import PAGE
from domain.people import Actor
from domain.reply_templates import GAPS, LONGEST_NAME, Template
from views.history import undo_button
from views.language import Translator
from views.pages import turn
from views.quotes import quoted
from views.replies import DONE, Ask, Button, Reply, Style, clip, escape, payload
from views.start import Place, go

STEP = "templates.new"


@payload("rl1")
class ListTemplates:
    number: int


@payload("rv1")
class OpenTemplate:
    template_id: int


@payload("rw1")
class NewTemplate:
    """``shared`` 1: for everybody of the team."""

    shared: int


@payload("rz1")
class RemoveTemplate:
    template_id: int


def manage_button(t: Translator) -> Button:
    return Button(t.gettext("📄 Templates"), ListTemplates(0))


def templates(t: Translator, all_of_them: Sequence[Template], number: int, *, actor: Actor) -> Reply:
    """A page of templates, the most used first, with how often they were used and answered."""
    shown = all_of_them[number * PAGE : (number + 1) * PAGE]
    lines = [t.gettext("📄 <b>Reply templates</b>")]
    lines += [f"{i}. <b>{escape(one.name)}</b> · {rate(t, one)}" for i, one in enumerate(shown, 1)]
    if not shown:
        lines.append(t.gettext("None yet. What you write twice is worth a template."))
    rows = [[Button(str(i), OpenTemplate(one.id)) for i, one in enumerate(shown, 1)]] if shown else []
    rows += turn(t, number, (max(len(all_of_them), 1) - 1) // PAGE, ListTemplates)
    new = [Button(t.gettext("➕ For me"), NewTemplate(0))]
    if actor.is_lead:
        new.append(Button(t.gettext("➕ For my people"), NewTemplate(1)))
    return Reply("\n".join(lines), rows=[*rows, new, [go(t, Place.TODAY)]], ask=DONE)


def rate(t: Translator, template: Template) -> str:
    """How often it was used, and how often the customer wrote back."""
    used = t.ngettext("used {n} time", "used {n} times", template.used).format(n=t.number(template.used))
    if not template.used:
        return used
    share = round(100 * template.answered / template.used)
    return used + t.gettext(", answered {share} %").format(share=share)


def template_page(t: Translator, template: Template, *, may_change: bool) -> Reply:
    whose = t.gettext("everybody's") if template.member_id is None else t.gettext("yours")
    head = f"📄 <b>{escape(template.name)}</b> · {whose} · {rate(t, template)}"
    rows = [[Button(t.gettext("🗑 Delete"), RemoveTemplate(template.id), style=Style.DANGER)]] if may_change else []
    return Reply(f"{head}\n{quoted(clip(template.text, 900))}", rows=[*rows, [_back(t)]])


def ask_template(t: Translator, *, shared: bool) -> Reply:
    """Name and words in one message, with the gaps that are filled."""
    gaps = " ".join(f"<code>{{{gap}}}</code>" for gap in GAPS)
    text = t.gettext(
        "Send it as one message: its name on the first line (at most {n} characters), the words below.\n"
        "Gaps that are filled in for you: {gaps}"
    ).format(n=LONGEST_NAME, gaps=gaps)
    return Reply(text, rows=[[_back(t)]], ask=Ask(STEP, {"shared": shared}))


def added(t: Translator, template: Template, *, act_id: int) -> Reply:
    text = t.gettext("✅ Template <b>{name}</b> is kept; you find it when you answer.").format(
        name=escape(template.name)
    )
    return Reply(f"{text}\n{quoted(clip(template.text, 900))}", rows=[[undo_button(t, act_id), _back(t)]])


def removed(t: Translator, template: Template, *, act_id: int) -> Reply:
    text = t.gettext("🗑 Template <b>{name}</b> is deleted.").format(name=escape(template.name))
    return Reply(text, rows=[[undo_button(t, act_id), _back(t)]])


def _back(t: Translator) -> Button:
    return Button("‹ " + t.gettext("Templates"), ListTemplates(0))
