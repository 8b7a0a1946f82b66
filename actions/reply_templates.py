"""Adding and deleting reply templates, and filling one in for a case."""

from domain.cases import CaseLine
from domain.errors import NotAllowed, Throttled
from domain.people import Actor
from domain.reply_templates import MOST, Template, check_template, fill
from storage.uow import UnitOfWork
from views.language import Translator


def add_template(uow: UnitOfWork, actor: Actor, name: str, text: str, *, shared: bool) -> tuple[Template, int]:
    """Store a template and return it with the act.

    Raises:
        Invalid: see ``check_template``.
        NotAllowed: only leads write for others.
        Throttled: the actor has ``MOST`` own ones.
    """
    name, text = name.strip(), text.strip()
    check_template(name, text)
    if shared and not actor.is_lead:
        raise NotAllowed("template")
    if not shared and uow.templates(actor).count_own() >= MOST:
        raise Throttled("templates")
    act_id = uow.act(actor, "template.added", facts={"name": name})
    return uow.templates(actor).get(uow.templates(actor).add(name, text, shared=shared)), act_id


def remove_template(uow: UnitOfWork, actor: Actor, template_id: int) -> tuple[Template, int]:
    """Delete a template and return it with the act.

    Raises:
        NotFound: not one that the actor may use.
        NotAllowed: it is others' to change.
    """
    template = uow.templates(actor).get(template_id)
    if not uow.templates(actor).may_change(template_id):
        raise NotAllowed("template")
    act_id = uow.act(actor, "template.removed", facts={"name": template.name})
    uow.templates(actor).remove(template_id)
    return template, act_id


def fill_in(uow: UnitOfWork, actor: Actor, template: Template, case: CaseLine, t: Translator) -> str:
    """The words of a template for a case; times in the language and zone of ``t``, the customer's."""
    return fill(
        template.text,
        {
            "name": case.contact or case.customer,
            "reference": case.reference,
            "promised": t.moment(case.promised) if case.promised else "",
            "adviser": actor.name,
            "company": uow.organisation().name or "",
            "product": case.product or "",
        },
    )
