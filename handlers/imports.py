"""Spreadsheets in: a file sent to the bot is read, shown, imported, and taken back; its buttons and ``/import``."""

import datetime as dt
from dataclasses import replace
from pathlib import PurePath

from actions import import_undo as taking_back
from actions import imports as act
from domain.customers import PAGE, Page
from domain.errors import Changed
from domain.history import ActLine
from domain.imports import ImportLine, ImportState, OwnerRule
from domain.people import LEADS, STAFF
from domain.sheets import CHAT_LIMITS, Reason, SheetRefused
from handlers import drafts
from handlers.routing import Command, Content, Media, Request, Route
from parsing.touches import Sort, classify
from storage.import_given import page_of
from views import import_choices as choices
from views import import_given as given_view
from views import imports as view
from views.import_given import ShowGiven
from views.replies import Reply

MOST_LATEST = 5
LISTS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls"})
# Refused with the way on: people send these for lists, and nobody would look for them among a customer's files.
NEARLY = frozenset({".xlsm", ".xlsb", ".xltx", ".ods", ".numbers", ".et"})
TYPES = frozenset(
    {
        "text/csv",
        "text/tab-separated-values",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)


# A file ----------------------------------------------------------------------------------------------------------------


def take_document(req: Request) -> Reply:
    """A list of customers begins an import; every other file, and one sent with a log, belongs to a customer."""
    media = req.incoming.media
    assert media is not None
    if not _is_list(media) or _is_log(req):
        return drafts.take_media(req)
    if media.size is not None and media.size > CHAT_LIMITS.file_bytes:
        raise SheetRefused(Reason.TOO_BIG, {"bytes": media.size, "limit": CHAT_LIMITS.file_bytes})
    kept = {"unique_id": media.unique_id, "size": media.size, "mime": media.mime, "text": req.text}
    kept |= {"said_at": req.said_at.isoformat(), "message_id": req.incoming.message_id}
    line = act.begin(req.uow, req.actor, media.name or "customers", {"file_id": media.file_id, "media": kept})
    return view.reading(req.t, line)


def _is_list(media: Media) -> bool:
    suffix = PurePath(media.name).suffix.lower()
    return suffix in LISTS or suffix in NEARLY or (not suffix and media.mime.partition(";")[0] in TYPES)


def _is_log(req: Request) -> bool:
    """Whether the words beside a file tell of a visit or call: then the file is what was brought along."""
    if not req.text.strip():
        return False
    organisation, calendar = req.uow.organisation(), req.uow.calendar()
    names = req.uow.customers(req.actor).spots(req.text)
    sort = classify(
        req.text,
        names=names,
        found_anything=bool(names),
        said_at=req.said_at,
        zone=req.actor.zone,
        calendar=calendar,
        worktime=organisation.worktime,
    )
    return sort is Sort.LOG


def keep_as_file(req: Request) -> Reply:
    """What was taken for a list is one of a customer's files after all."""
    line = _line(req, req.press(choices.KeepAsFile).import_id)
    kept = line.facts.get("media")
    if not kept or line.state not in (ImportState.REFUSED, ImportState.PREVIEW, ImportState.READING):
        raise Changed("import", line.id)
    act.drop(req.uow, req.actor, line)
    media = Media(Content.DOCUMENT, line.facts["file_id"], kept["unique_id"], line.name, kept["mime"], kept["size"])
    req.incoming = replace(req.incoming, media=media, message_id=kept["message_id"])
    req.text, req.said_at = kept["text"], dt.datetime.fromisoformat(kept["said_at"])
    return drafts.take_media(req)


# Screens ---------------------------------------------------------------------------------------------------------------


def take_import(req: Request) -> Reply:
    return view.explain(req.t, req.uow.imports(req.actor).latest(most=MOST_LATEST))


def card(req: Request, line: ImportLine) -> Reply:
    """An import as it stands now."""
    return view.card(req.t, line, act.ownership(req.uow, req.actor, line))


def show_import(req: Request) -> Reply:
    return card(req, _line(req, req.press(choices.ShowImport).import_id))


def choose_column(req: Request) -> Reply:
    press = req.press(choices.ChooseColumn)
    line = _line(req, press.import_id)
    return choices.columns(req.t, line, press.number) if line.state is ImportState.PREVIEW else card(req, line)


def choose_field(req: Request) -> Reply:
    press = req.press(choices.ChooseField)
    line = _line(req, press.import_id)
    if line.state is not ImportState.PREVIEW or press.column >= len(line.facts["columns"]):
        return card(req, line)
    return choices.fields(req.t, line, press.column, press.number)


def choose_sheet(req: Request) -> Reply:
    line = _line(req, req.press(choices.ChooseSheet).import_id)
    return choices.sheets(req.t, line) if line.state is ImportState.PREVIEW else card(req, line)


def choose_owner(req: Request) -> Reply:
    press = req.press(choices.ChooseOwner)
    line = _line(req, press.import_id)
    if line.state is not ImportState.PREVIEW:
        return card(req, line)
    whose = act.ownership(req.uow, req.actor, line)
    return choices.owners(req.t, line, whose, own_id=req.actor.member_id, number=press.number)


def list_imported(req: Request) -> Reply:
    press = req.press(choices.ListImported)
    line = _line(req, press.import_id)
    ids = req.uow.imports(req.actor).filed(line.id, press.number)
    page = Page(req.uow.customers(req.actor).lines(ids.items), ids.number, ids.total)
    return view.listed(req.t, line, page, actor=req.actor)


def show_given(req: Request) -> Reply:
    press = req.press(ShowGiven)
    ids = page_of(req.uow, req.actor, press.import_id, press.number)
    page = Page(req.uow.customers(req.actor).lines(ids.items), ids.number, ids.total)
    return given_view.listed(req.t, press.import_id, page, actor=req.actor)


def _line(req: Request, import_id: int) -> ImportLine:
    return req.uow.imports(req.actor).get(import_id)


def _as_shown(req: Request, import_id: int, version: int, *states: ImportState) -> ImportLine | None:
    """The import, if it still is what the pressed screen showed, in one of these states."""
    line = _line(req, import_id)
    return line if line.version == version and line.state in states else None


# Choices ---------------------------------------------------------------------------------------------------------------


def pick_field(req: Request) -> Reply:
    press = req.press(choices.PickField)
    line = _as_shown(req, press.import_id, press.version, ImportState.PREVIEW)
    if line is None or press.column >= len(line.facts["columns"]):
        return card(req, _line(req, press.import_id))
    line = act.choose_field(req.uow, req.actor, line, press.column, press.field)
    return choices.columns(req.t, line, press.column // PAGE)


def read_again(req: Request) -> Reply:
    press = req.press(choices.ReadAgain)
    line = _as_shown(req, press.import_id, press.version, ImportState.PREVIEW)
    if line is None:
        return card(req, _line(req, press.import_id))
    return view.reading(req.t, act.read(req.uow, req.actor, line))


def pick_sheet(req: Request) -> Reply:
    press = req.press(choices.PickSheet)
    line = _as_shown(req, press.import_id, press.version, ImportState.PREVIEW)
    if line is None or press.place >= len(line.facts["sheets"]):
        return card(req, _line(req, press.import_id))
    chosen = line.facts["sheets"][press.place]
    return view.reading(req.t, act.read(req.uow, req.actor, line, sheet=chosen, fields=None))


def pick_owner(req: Request) -> Reply:
    press = req.press(choices.PickOwner)
    line = _as_shown(req, press.import_id, press.version, ImportState.PREVIEW)
    if line is None:
        return card(req, _line(req, press.import_id))
    owner_id = press.owner_id if press.rule is OwnerRule.ONE else None
    return card(req, act.choose_owner(req.uow, req.actor, line, press.rule, owner_id))


# Steps -----------------------------------------------------------------------------------------------------------------


def start_import(req: Request) -> Reply:
    press = req.press(choices.StartImport)
    line = _as_shown(req, press.import_id, press.version, ImportState.PREVIEW)
    if line is None:
        return card(req, _line(req, press.import_id))
    return card(req, act.start(req.uow, req.actor, line))


def drop_import(req: Request) -> Reply:
    press = req.press(choices.DropImport)
    line = _as_shown(req, press.import_id, press.version, ImportState.PREVIEW)
    if line is None:
        return card(req, _line(req, press.import_id))
    return card(req, act.drop(req.uow, req.actor, line))


def stop_import(req: Request) -> Reply:
    """Stop the reading, and nothing is there; stop the importing, and what was imported stays."""
    line = _line(req, req.press(choices.StopImport).import_id)
    match line.state:
        case ImportState.READING:
            return card(req, act.drop(req.uow, req.actor, line))
        case ImportState.RUNNING:
            return card(req, act.stop(req.uow, req.actor, line))
        case _:
            return card(req, line)


# Taking back -----------------------------------------------------------------------------------------------------------


def ask_undo(req: Request, line: ImportLine) -> Reply:
    """The one question; one that cannot be taken back now is shown as it stands. Raises ``TooLate``."""
    if line.state is not ImportState.DONE:
        return card(req, line)
    return view.ask_undo(req.t, line, taking_back.check_undo(req.uow, req.actor, line, now=req.now))


def ask_undo_of_act(req: Request, act_line: ActLine) -> Reply:
    """``/undo`` and the button beneath an act lead here: thousands of customers are not taken back at a touch."""
    return ask_undo(req, _line(req, act_line.facts["import_id"]))


def press_ask_undo(req: Request) -> Reply:
    return ask_undo(req, _line(req, req.press(choices.AskUndo).import_id))


def undo_import(req: Request) -> Reply:
    press = req.press(choices.UndoImport)
    line = _as_shown(req, press.import_id, press.version, ImportState.DONE)
    if line is None:
        return card(req, _line(req, press.import_id))
    return card(req, taking_back.begin_undo(req.uow, req.actor, line, now=req.now))


ROUTES = (
    Route(Content.DOCUMENT, take_document, STAFF),
    Route(Command("import"), take_import, STAFF),
    Route(choices.KeepAsFile, keep_as_file, STAFF, once=True),
    Route(choices.ShowImport, show_import, STAFF),
    Route(choices.ChooseColumn, choose_column, STAFF),
    Route(choices.ChooseField, choose_field, STAFF),
    Route(choices.PickField, pick_field, STAFF),
    Route(choices.ReadAgain, read_again, STAFF, once=True),
    Route(choices.ChooseSheet, choose_sheet, STAFF),
    Route(choices.PickSheet, pick_sheet, STAFF),
    Route(choices.ChooseOwner, choose_owner, LEADS),
    Route(choices.PickOwner, pick_owner, LEADS),
    Route(choices.StartImport, start_import, STAFF, once=True),
    Route(choices.DropImport, drop_import, STAFF, once=True),
    Route(choices.StopImport, stop_import, STAFF),
    Route(choices.ListImported, list_imported, STAFF),
    Route(ShowGiven, show_given, STAFF),
    Route(choices.AskUndo, press_ask_undo, STAFF),
    Route(choices.UndoImport, undo_import, STAFF, once=True),
)
