"""A survey as its customers will see it, walked by whoever made it: the same screens, and nothing is stored."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.answers import Filling, Response
from domain.survey_sending import Invitation
from domain.surveys import EnteredBy, InvitationState, Survey, said
from views import answers
from views.language import Translator
from views.links import Leave
from views.replies import DONE, Ask, Button, Reply, escape, payload
from views.survey_links import StartPreview, to_survey

STEP = "survey_previews"


@payload("gv1")
class TryPick:
    survey_id: int
    question: int
    value: int


@payload("gf1")
class TryTick:
    survey_id: int
    question: int
    mask: int


@payload("gh1")
class TryMany:
    survey_id: int
    question: int
    mask: int


@payload("gs1")
class TrySkip:
    survey_id: int
    question: int


@payload("gj1")
class TryOpen:
    survey_id: int
    question: int


def filling(survey: Survey, given: Mapping[str, Any], *, now: dt.datetime) -> Filling:
    """A filling that is in no table."""
    nobody = Response(0, 0, survey.id, None, None, dict(given), False, EnteredBy.CHAT, None, None)
    asked = Invitation(
        id=survey.id,
        version=1,
        survey_id=survey.id,
        wave_id=None,
        customer_id=0,
        customer="",
        owner_id=None,
        contact_id=None,
        contact=None,
        person_id=None,
        touch_id=None,
        case_id=None,
        response_id=None,
        state=InvitationState.OPENED,
        created_at=now,
        send_at=now,
        sent_at=now,
        opened_at=now,
        done_at=None,
        reminded_at=None,
        expires_at=now,
    )
    return Filling(survey, nobody, asked)


def question(
    t: Translator, found: Filling, key: str, *, today: dt.date, mask: int | None = None, hint: str | None = None
) -> Reply:
    """One question, exactly as it will be asked."""
    shown = answers.question(t, found, key, today=today, mask=mask, hint=hint)
    rows = [[_harmless(found.survey.id, button) for button in row] for row in shown.rows]
    text = f"👁 <i>{t.gettext('Preview: nothing is stored.')}</i>\n\n{shown.text}"
    ask = Ask(STEP, {"survey": found.survey.id, "answers": dict(found.answers), "question": key})
    return Reply(text, rows=[*rows, [to_survey(t, found.survey.id)]], ask=ask)


def _harmless(survey_id: int, button: Button) -> Button:
    """The same button, which only goes on with the preview."""
    match button.payload:
        case answers.Pick(question=number, value=value):
            return replace(button, payload=TryPick(survey_id, number, value))
        case answers.Tick(question=number, mask=mask):
            return replace(button, payload=TryTick(survey_id, number, mask))
        case answers.PickMany(question=number, mask=mask):
            return replace(button, payload=TryMany(survey_id, number, mask))
        case answers.Skip(question=number):
            return replace(button, payload=TrySkip(survey_id, number))
        case answers.OpenQuestion(question=number):
            return replace(button, payload=TryOpen(survey_id, number))
        case Leave():
            return button
    raise TypeError(f"a preview has no {button.payload!r}")


def end(t: Translator, survey: Survey) -> Reply:
    """The closing words, and the way back."""
    closing = escape(said(survey.definition.closing, t.locale))
    lines = [closing, f"👁 <i>{t.gettext('End of the preview: nothing was stored.')}</i>"]
    rows = [[Button(t.gettext("↻ Once more"), StartPreview(survey.id)), to_survey(t, survey.id)]]
    return Reply("\n\n".join(line for line in lines if line), rows=rows, ask=DONE)
