"""Results of a survey: figures at once, the chart and the file by a job."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from analytics import surveys as count
from domain.errors import NotAllowed
from domain.exports import LARGEST_FILE, Format
from domain.people import LEADS, STAFF, Actor
from domain.survey_results import FEWEST, Figure, Sight, Tally
from domain.surveys import Survey
from domain.values import frozen
from handlers.jobs import Job, Progress, Task
from handlers.routing import Request, Route
from storage.survey_results import SurveyResults, hidden
from storage.uow import UnitOfWork
from views import survey_results as view
from views.language import Translator
from views.links import ShowResults
from views.replies import Reply

CHART, FILE = "survey_chart", "survey_file"  # kinds of jobs


def show(req: Request) -> Reply:
    press = req.press(ShowResults)
    results = req.uow.survey_results(req.actor)
    sight = results.sight(press.survey_id)
    funnel = results.funnel(sight.survey)
    if hidden(sight, funnel.responses):
        return view.too_few(req.t, sight, funnel)
    found = _figures(results, sight)
    return view.results(req.t, sight, funnel, found, press.page, lead=req.actor.is_lead)


def show_texts(req: Request) -> Reply:
    press = req.press(view.FreeAnswers)
    results = req.uow.survey_results(req.actor)
    survey = open_results(results, press.survey_id, words=True)
    return view.free_answers(req.t, survey, results.texts(survey, press.number))


def show_reps(req: Request) -> Reply:
    results = req.uow.survey_results(req.actor)
    survey = results.sight(req.press(view.ByRep).survey_id).survey
    question = count.headline(survey.definition)
    if survey.anonymous:
        raise NotAllowed("results")
    tallies = [one for one in results.tallies(survey) if question and one.key == question.key]
    names = results.names({one.member_id for one in tallies if one.member_id is not None})
    by_rep: dict[str, list[Tally]] = {}
    by_team: dict[str, list[Tally]] = {}
    for one in tallies:
        name, team = names.get(one.member_id or 0, ("–", None))
        by_rep.setdefault(name, []).append(one)
        by_team.setdefault(team or "–", []).append(one)
    if question is None:
        return view.by_rep(req.t, survey, [], [])
    reps, teams = ([(name, count.score(question, rows)) for name, rows in by.items()] for by in (by_rep, by_team))
    return view.by_rep(req.t, survey, *(sorted(one, key=lambda pair: -pair[1].n) for one in (reps, teams)))


def show_causes(req: Request) -> Reply:
    """Before and since: the survey's score by the day on which the last matter of that kind was closed."""
    press = req.press(view.ByCause)
    results = req.uow.survey_results(req.actor)
    sight = results.sight(press.survey_id)
    page = results.causes(number=press.number)
    scores = [_before_and_since(results, sight, one.ended_at) for one in page.items]
    return view.by_cause(req.t, sight.survey, page, scores)


def draw_chart(req: Request) -> Reply:
    survey = open_results(req.uow.survey_results(req.actor), req.press(view.DrawChart).survey_id)
    _owe(req, CHART, survey)
    return view.drawing(req.t)


def write_answers(req: Request) -> Reply:
    """A file leaves the house: it is written down."""
    press = req.press(view.ExportAnswers)
    results = req.uow.survey_results(req.actor)
    survey = open_results(results, press.survey_id, words=True)
    name = f"{survey.name}-{req.today.isoformat()}.{press.kind}"
    req.uow.act(req.actor, "sheet.exported", undo=None, facts={"name": name, "count": results.count(survey)})
    _owe(req, FILE, survey, name=name, kind=str(press.kind))
    return view.writing(req.t)


def open_results(results: SurveyResults, survey_id: int, *, words: bool = False) -> Survey:
    """A survey whose answers may be seen now.

    Raises:
        NotAllowed: there are too few, or free answers that are not the reader's.
    """
    sight = results.sight(survey_id)
    if hidden(sight, results.count(sight.survey)) or (words and not sight.words):
        raise NotAllowed("results")
    return sight.survey


def _figures(results: SurveyResults, sight: Sight) -> list[Figure]:
    fewest = FEWEST if sight.aggregate else 1
    return count.figures(sight.survey.definition, results.tallies(sight.survey), fewest=fewest)


def _before_and_since(
    results: SurveyResults, sight: Sight, at: dt.datetime | None
) -> tuple[Figure | None, Figure | None]:
    question = count.headline(sight.survey.definition)
    if at is None or question is None or sight.aggregate:
        return None, None
    old, new = results.tallies(sight.survey, until=at), results.tallies(sight.survey, since=at)
    return count.score(question, old), count.score(question, new)


def _owe(req: Request, job: str, survey: Survey, **more: str) -> None:
    facts: dict[str, Any] = {
        "survey_id": survey.id,
        "name": survey.name,
        "person_id": req.actor.person_id,
        "locale": req.actor.locale,
        "zone": req.actor.zone.key,
        "now": req.now.isoformat(),
    }
    req.uow.jobs.enqueue(job, facts | more, person_id=req.actor.person_id)


# In the worker -----------------------------------------------------------------------------------------------------


def draw(task: Task) -> Iterator[bytes | None]:
    """The picture, with the rights of this moment."""
    from analytics import charts  # a second that the bot itself never needs

    t = _translator(task)
    with task.reading() as connection:
        results = _results(task, connection)
        sight = results.sight(task.facts["survey_id"])
        funnel = results.funnel(sight.survey)
        panels = [] if hidden(sight, funnel.responses) else view.panels(t, _figures(results, sight))
    yield charts.draw(sight.survey.name, view.subtitle(t, funnel), panels) if panels else None


@frozen
class Written:
    content: bytes
    responses: int


def write(task: Task) -> Iterator[Written]:
    """The answers as a sheet; those of an anonymous survey in no order."""
    from views import sheets  # 0.1 s that the bot itself never needs

    t = _translator(task)
    with task.reading() as connection, TemporaryDirectory(prefix="keyuan-answers-") as folder:
        results = _results(task, connection)
        survey = open_results(results, task.facts["survey_id"], words=True)
        rows = [view.row(t, survey, one) for one in results.given(survey)]
        path = Path(folder) / "answers"
        put = sheets.write_xlsx if Format(task.facts["kind"]) is Format.XLSX else sheets.write_csv
        put(path, view.headings(t, survey), rows)
        yield Written(path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b"", len(rows))


def _translator(task: Task) -> Translator:
    return Translator(task.facts["locale"], ZoneInfo(task.facts["zone"]))


def _results(task: Task, connection: Any) -> SurveyResults:
    uow = UnitOfWork(connection, dt.datetime.fromisoformat(task.facts["now"]))
    return uow.survey_results(uow.people.actor(task.facts["person_id"]))


# In the core -------------------------------------------------------------------------------------------------------


def store_chart(
    uow: UnitOfWork, actor: Actor, facts: dict[str, Any], picture: bytes | None, offset: int, now: dt.datetime
) -> Progress:
    return Progress(1, 1, view.chart(Translator.of(actor), facts, picture))


def store_file(
    uow: UnitOfWork, actor: Actor, facts: dict[str, Any], part: Written, offset: int, now: dt.datetime
) -> Progress:
    t = Translator.of(actor)
    return Progress(1, 1, view.exported(t, facts, part.content, part.responses) if part.content else view.too_large(t))


ROUTES = (
    Route(ShowResults, show, STAFF),
    Route(view.FreeAnswers, show_texts, STAFF),
    Route(view.ByRep, show_reps, LEADS),
    Route(view.ByCause, show_causes, STAFF),
    Route(view.DrawChart, draw_chart, STAFF),
    Route(view.ExportAnswers, write_answers, STAFF, once=True),
)
JOBS = {
    CHART: Job(draw, store_chart, view.chart_title, seconds=120),
    FILE: Job(write, store_file, view.chart_title, seconds=600),
}
