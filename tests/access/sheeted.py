"""The table of presses on imports, and what a spreadsheet of somebody who wants to know too much says."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.exports import Format
from domain.imports import ImportState, OwnerRule
from domain.sheets import Field
from tests.access.house import COMPANIES, House, Kind, Who, contact_stem, phone, stem
from views import import_choices as choices
from views.replies import Payload

IMPORTERS: tuple[Who | None, ...] = (Who.OWNER, Who.FAR, Who.LEAD, Who.ADMIN, None)  # ``None``: the command line
HEIRS = (Who.MATE, Who.FAR)  # to whom customers are given, to see who is told
EXPORTS = (*((who, Format.CSV) for who in Who), (Who.LEAD, Format.XLSX))


@dataclass(frozen=True, slots=True)
class Row:
    """One button of an import, by its id and version. ``leads``: not for reps, not even on their own."""

    action: str
    build: Callable[[int, int], Payload]
    leads: bool = False


TABLE = (
    Row("show", lambda i, _: choices.ShowImport(i)),
    Row("choose a column", lambda i, _: choices.ChooseColumn(i, 0)),
    Row("choose a field", lambda i, _: choices.ChooseField(i, 0, 0)),
    Row("pick a field", lambda i, v: choices.PickField(i, v, 0, Field.NAME)),
    Row("choose a sheet", lambda i, _: choices.ChooseSheet(i)),
    Row("pick a sheet", lambda i, v: choices.PickSheet(i, v, 9)),
    Row("choose an owner", lambda i, _: choices.ChooseOwner(i, 0), leads=True),
    Row("pick an owner", lambda i, v: choices.PickOwner(i, v, OwnerRule.POOL, None), leads=True),
    Row("list what it filed", lambda i, _: choices.ListImported(i, 0)),
    Row("ask to undo", lambda i, _: choices.AskUndo(i)),
    Row("undo", lambda i, v: choices.UndoImport(i, v)),
    Row("stop", lambda i, _: choices.StopImport(i)),
    Row("read again", lambda i, v: choices.ReadAgain(i, v + 9)),  # of an older screen: it is only shown as it stands
    Row("start", lambda i, v: choices.StartImport(i, v + 9)),
    Row("keep as a file", lambda i, _: choices.KeepAsFile(i)),
    Row("drop", lambda i, v: choices.DropImport(i, v)),
)


def may(row: Row, importer: Who | None, who: Who) -> bool:
    """An import is its importer's, one of the command line every admin's."""
    if row.leads and who in (Who.OWNER, Who.FAR):
        return False
    return importer is who or (importer is None and who is Who.ADMIN)


def planted(house: House, importer: Who | None) -> int:
    """An import that waits to be decided about, with a marker for its name."""
    facts = {
        "columns": [["名称", "name", 1.0, "甲"]],
        "fields": ["name"],
        "sheet": "一",
        "sheets": ["一"],
        "rows": 1,
        "customers": 1,
        "counts": {"new": 1},
        "doubtful": 0,
        "dated": 0,
        "owners": [],
        "samples": [[2, "new", "甲"]],
        "media": {"unique_id": "u", "size": 1, "mime": "text/csv", "text": "", "said_at": house.now.isoformat()},
        "file_id": "none",
    }
    facts["media"] |= {"message_id": 700_000 + next(house.numbers)}  # type: ignore[operator]
    name = f"Qzimport{'console' if importer is None else importer}.csv"
    with house.database.transaction(house.now) as uow:
        actor = uow.people.program() if importer is None else house.actor(uow, importer)
        return uow.imports(actor).add(name, facts, state=ImportState.PREVIEW)


def probing(house: House) -> str:
    """A list of everybody's customers as an outsider may guess them: by number, WeChat id, name, and our own ids."""
    lines = ["客户名称,类型,联系人,手机,微信,客源编号"]
    for kind in Kind:
        record, sort = house.records[kind], "公司" if kind in COMPANIES else "个人"
        lines += [
            f"试{kind}甲,个人,,{phone(kind, list(Kind).index(kind) + 901)},,",
            f"试{kind}乙,个人,,,qz{kind}hwechat{list(Kind).index(kind) + 1},",
            f"琟{stem(kind)},{sort},{contact_stem(kind)},,,",
            f"琟{stem(kind)[:1]},{sort},,,,K{record.customer}",
        ]
    return "\n".join(lines) + "\n"
