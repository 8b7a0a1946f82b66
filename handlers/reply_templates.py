"""Reply templates: seeing, adding and deleting them. They are used on the answer's screen of ``cases``."""

from actions import reply_templates as act
from domain.people import STAFF
from handlers.routing import Request, Route, Step
from views import reply_templates as view
from views.replies import Reply


def show_list(req: Request) -> Reply:
    number = req.press(view.ListTemplates).number
    return view.templates(req.t, req.uow.templates(req.actor).all(), number, actor=req.actor)


def open_template(req: Request) -> Reply:
    template = req.uow.templates(req.actor).get(req.press(view.OpenTemplate).template_id)
    return view.template_page(req.t, template, may_change=req.uow.templates(req.actor).may_change(template.id))


def ask_template(req: Request) -> Reply:
    return view.ask_template(req.t, shared=bool(req.press(view.NewTemplate).shared))


def take_template(req: Request) -> Reply:
    """The first line is the name, the rest the words."""
    name, _, text = req.text.strip().partition("\n")
    shared = bool(req.facts["shared"])
    if not text.strip():
        return view.ask_template(req.t, shared=shared)
    template, act_id = act.add_template(req.uow, req.actor, name, text, shared=shared)
    return view.added(req.t, template, act_id=act_id)


def remove(req: Request) -> Reply:
    template, act_id = act.remove_template(req.uow, req.actor, req.press(view.RemoveTemplate).template_id)
    return view.removed(req.t, template, act_id=act_id)


ROUTES = (
    Route(view.ListTemplates, show_list, STAFF),
    Route(view.OpenTemplate, open_template, STAFF),
    Route(view.NewTemplate, ask_template, STAFF),
    Route(Step(view.STEP), take_template, STAFF),
    Route(view.RemoveTemplate, remove, STAFF, once=True),
)
