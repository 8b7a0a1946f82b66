"""Photos that answered a survey: they themselves, sent once more, and beneath whose they are."""

from collections.abc import Iterator, Sequence

from domain.customers import Page
from domain.survey_results import PHOTOS, Given
from domain.surveys import Question, QuestionKind, Survey, said
from views.language import Translator
from views.links import ShowResults
from views.pages import turn
from views.replies import Button, Reply, clip, escape, payload

Sent = tuple[int, Question, str]  # the place of a response, what was asked, and the file's id


@payload("vy1")
class ShowPhotos:
    survey_id: int
    number: int


@payload("vz1")
class ShowPhotosOf:
    """Those of one response, by its invitation."""

    invitation_id: int


def photos_in(survey: Survey, given: Sequence[Given]) -> Iterator[Sent]:
    """The photos of some responses, in their order."""
    for place, one in enumerate(given):
        for question in survey.definition.questions:
            value = one.answers.get(question.key)
            if question.kind is QuestionKind.PHOTO and isinstance(value, str):
                yield place, question, value


def to_photos(t: Translator, survey: Survey) -> list[Button]:
    """The way to them, for a survey that asks for photos."""
    asks = any(one.kind is QuestionKind.PHOTO for one in survey.definition.questions)
    return [Button(t.gettext("🖼 Photos"), ShowPhotos(survey.id, 0))] if asks else []


def photos(
    t: Translator, survey: Survey, page: Page[Given], sent: Sequence[Sent], shown: Sequence[Reply], *, back: Button
) -> Reply:
    """A line for each photo, with whom it came from; of an anonymous survey in no order and without."""
    lines = [f"🖼 <b>{escape(clip(survey.name, 60))}</b>"]
    lines += [f"{i}. {_line(t, page.items[place], question)}" for i, (place, question, _) in enumerate(sent, 1)]
    if not sent:
        lines.append(t.gettext("No photo was sent here."))
    turns = turn(t, page.number, (page.total - 1) // PHOTOS, lambda number: ShowPhotos(survey.id, number))
    return Reply("\n".join(lines), rows=[*turns, [back]], fresh=bool(shown), also=tuple(shown))


def _line(t: Translator, one: Given, question: Question) -> str:
    asked = escape(clip(said(question.texts, t.locale), 40))
    if one.customer is None or one.at is None:
        return asked
    return f"{escape(clip(one.customer, 30))} · {t.day(one.at.astimezone(t.zone).date())} · {asked}"


def back_to_results(t: Translator, survey: Survey) -> Button:
    return Button(t.gettext("‹ Results"), ShowResults(survey.id, 0))
