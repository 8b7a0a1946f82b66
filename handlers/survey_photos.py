"""Photos that customers answered surveys with, for whoever may read their words."""

from collections.abc import Sequence

from domain.customers import Page
from domain.errors import NotFound
from domain.people import STAFF
from domain.survey_results import Given
from domain.surveys import Survey
from handlers.media import again
from handlers.routing import Request, Route
from handlers.survey_results import open_results
from views import survey_photos as view
from views.replies import Button, Reply
from views.survey_sent import to_invitation


def show(req: Request) -> Reply:
    press = req.press(view.ShowPhotos)
    results = req.uow.survey_results(req.actor)
    survey = open_results(results, press.survey_id, words=True)
    return _photos(req, survey, results.photos(survey, press.number), view.back_to_results(req.t, survey))


def show_of(req: Request) -> Reply:
    one = req.uow.invitations(req.actor).get(req.press(view.ShowPhotosOf).invitation_id)
    given = req.uow.survey_results(req.actor).of_invitation(one)
    if given is None:
        raise NotFound("invitation", one.id)
    survey = req.uow.surveys(req.actor).get(one.survey_id)
    return _photos(req, survey, Page((given,), 0, 1), to_invitation(req.t, one.id))


def _photos(req: Request, survey: Survey, page: Page[Given], back: Button) -> Reply:
    """Each is sent, and numbered in the text beneath; what is gone from here has neither."""
    found = [(one, again(req, "photo", one[2])) for one in view.photos_in(survey, page.items)]
    kept: Sequence[tuple[view.Sent, Reply]] = [(one, reply) for one, reply in found if reply is not None]
    return view.photos(req.t, survey, page, [one for one, _ in kept], [reply for _, reply in kept], back=back)


ROUTES = (
    Route(view.ShowPhotos, show, STAFF),
    Route(view.ShowPhotosOf, show_of, STAFF),
)
