"""The trail is append-only, and who writes past that breaks the chain of seals at a place that is named."""

import datetime as dt

import pytest
from sqlalchemy import Connection, Text, cast, event, select, text

from actions.history import undo
from domain.errors import Changed
from domain.history import IMPORTED
from domain.people import Actor
from domain.seals import Flaw, Head, Verdict
from storage.database import Conflict
from storage.erasure import erase
from storage.guards import MESSAGE, TABLES
from storage.models import Change, Customer
from storage.seal_check import verify
from storage.seals import MOST_CHANGES, head, seal
from storage.uow import UnitOfWork
from tests.storage.staff import Company

ADMIN, BY = "周芳", "王娜"
LATER = dt.timedelta(minutes=10)

pytestmark = pytest.mark.own_database  # takes triggers away


def sealed(company: Company) -> None:
    """Let everything so far have its seal."""
    while company.run(seal):
        pass


def looked_at(company: Company, *told: Head, after: tuple[str, ...] = ()) -> Verdict:
    """The trail looked through, ``after`` somebody who has the database has switched its guards off and written."""
    with company.database.engine.connect() as connection, connection.begin() as transaction:
        if after:
            switch_off(connection)
        for statement in after:
            connection.execute(text(statement))
        found = verify(connection, now=company.now + LATER, told=told)
        transaction.rollback()
    return found


def switch_off(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for table in TABLES:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        return
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        if name.startswith(TABLES):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")


def place(found: Verdict) -> tuple[Flaw, int | None] | None:
    return (found.trouble.flaw, found.trouble.act_id) if found.trouble else None


def column(company: Company, statement: str) -> list[int]:
    with company.database.reading() as connection:
        return list(connection.execute(text(statement)).scalars())


@pytest.fixture
def acts(company: Company) -> list[int]:
    """Ids of three acts about one customer, with seals, in order."""
    key = company.filed()
    made = [company.changed(key, note=f"第{number}次") for number in range(3)]
    sealed(company)
    return made


def test_the_trail_is_append_only(company: Company, acts: list[int]) -> None:
    statements = [f"DELETE FROM {table}" for table in TABLES]
    if company.database.dialect == "postgresql":
        statements += [f"TRUNCATE {table} CASCADE" for table in TABLES]
    statements += [
        "UPDATE act SET kind = 'x'",
        "UPDATE act SET at = '2020-01-01 00:00:00'",
        "UPDATE act SET person_id = NULL",
        "UPDATE act SET customer_id = 7 WHERE customer_id IS NOT NULL",
        "UPDATE act SET facts = '{}'",
        "UPDATE act SET erased_by = 1",
        "UPDATE change SET row_id = 1",
        "UPDATE change SET before = '{}'",
        "UPDATE change SET after = '{}', erased_by = 1",
        "UPDATE seal SET act_id = 1",
    ]
    for statement in statements:
        with pytest.raises(Conflict, match=MESSAGE), company.database.group() as connection:
            connection.execute(text(statement))


def test_what_nobody_touched_holds(company: Company, acts: list[int]) -> None:
    company.undone(acts[-1])
    assert looked_at(company).trouble is None  # what was just written has no seal yet, and is no gap
    sealed(company)
    found = looked_at(company)
    assert found.trouble is None
    assert found.rows == len(column(company, "SELECT id FROM act UNION ALL SELECT id FROM change"))
    with company.database.reading() as connection:
        assert head(connection) == found.head
    assert found.head is not None and looked_at(company, Head.parse(str(found.head))).trouble is None


def test_an_empty_trail_holds(company: Company) -> None:
    assert looked_at(company) == Verdict(0, 0, None, None)


def test_one_row_that_was_written_over_is_named(company: Company, acts: list[int]) -> None:
    first, act, after = acts
    [number] = column(company, f"SELECT number FROM seal WHERE act_id = {act}")
    gone = f"DELETE FROM change WHERE act_id = {act}"
    odd = "INSERT INTO act (id, kind, at, facts) VALUES (-7, 'x', '2026-11-18 02:00:00', '{}')"
    assert looked_at(company).trouble is None
    for statements, flaw in (
        ((f"UPDATE act SET kind = 'touch.logged' WHERE id = {act}",), Flaw.ALTERED),
        ((f"UPDATE act SET person_id = NULL WHERE id = {act}",), Flaw.ALTERED),
        ((f"UPDATE act SET facts = '{{\"name\": 1}}' WHERE id = {act}",), Flaw.ALTERED),
        ((f"UPDATE act SET at = '2026-11-18 01:00:00' WHERE id = {act}",), Flaw.ALTERED),
        ((f"UPDATE act SET undone_by = {after} WHERE id = {act}",), Flaw.UNDONE),
        ((f"UPDATE act SET erased_by = {after}, digest = salt WHERE id = {act}",), Flaw.ALTERED),
        ((f"UPDATE change SET after = '{{\"version\": 3}}' WHERE act_id = {act}",), Flaw.ALTERED),
        ((f"UPDATE change SET row_id = 99 WHERE act_id = {act}",), Flaw.ALTERED),
        ((f"UPDATE change SET act_id = {first} WHERE act_id = {act}",), Flaw.ALTERED),
        ((gone,), Flaw.ALTERED),
        ((gone, f"DELETE FROM act WHERE id = {act}"), Flaw.ACT_GONE),
        ((f"UPDATE seal SET number = number + 1000 WHERE number = {number}",), Flaw.SEAL_GONE),
        ((f"UPDATE seal SET act_id = {after} WHERE number = {number}",), Flaw.ALTERED),
        ((f"UPDATE seal SET hash = (SELECT hash FROM seal WHERE number = 1) WHERE number = {number}",), Flaw.ALTERED),
        ((odd,), Flaw.UNSEALED),
    ):
        trouble = looked_at(company, after=statements).trouble
        assert trouble is not None and trouble.flaw is flaw, (statements, trouble)
        if flaw is Flaw.UNSEALED:
            assert trouble.act_id == -7
        else:
            assert trouble.number == number, (statements, trouble)


def test_acts_that_changed_places_are_named(company: Company, acts: list[int]) -> None:
    [one] = column(company, f"SELECT number FROM seal WHERE act_id = {acts[1]}")
    moves = ((one, 0), (one + 1, one), (0, one + 1))
    swap = tuple(f"UPDATE seal SET number = {new} WHERE number = {old}" for old, new in moves)
    trouble = looked_at(company, after=swap).trouble
    assert trouble is not None and (trouble.flaw, trouble.number) == (Flaw.ALTERED, one)


def test_what_only_the_head_that_was_told_betrays(company: Company, acts: list[int]) -> None:
    told = looked_at(company).head
    assert told is not None
    cut = tuple(
        f"DELETE FROM {table} WHERE {name} = {acts[2]}"
        for table, name in (("seal", "act_id"), ("change", "act_id"), ("act", "id"))
    )
    assert looked_at(company, after=cut).trouble is None  # the rest is a trail of its own
    trouble = looked_at(company, told, after=cut).trouble
    assert trouble is not None and (trouble.flaw, trouble.number) == (Flaw.CUT, told.number)
    with company.database.group() as connection:  # all of it written anew
        switch_off(connection)
        connection.execute(text(f"UPDATE act SET kind = 'x' WHERE id = {acts[1]}"))
        connection.execute(text("DELETE FROM seal"))
    sealed(company)
    assert looked_at(company).trouble is None
    trouble = looked_at(company, told).trouble
    assert trouble is not None and (trouble.flaw, trouble.number) == (Flaw.OTHER, told.number)


def test_long_work_gets_one_seal_after_the_other(company: Company) -> None:
    """Changes under an act that is sealed already, more than one unit takes, between other people's acts."""
    act_id = company.as_(BY, lambda uow, actor: uow.act(actor, IMPORTED, facts={"name": "甲.csv"}))
    key = company.filed()
    sealed(company)

    def work(uow: UnitOfWork) -> None:
        uow.resume(act_id)
        values = {"kind": "person", "stage": "prospect", "grade": "U", "created_at": uow.now}
        uow.journal.add_many(Customer, [values | {"name": f"客{number}"} for number in range(MOST_CHANGES - 20)])

    for number in range(3):
        company.run(work)
        company.changed(key, note=f"改{number}")
    sealed(company)
    found = looked_at(company)
    assert found.trouble is None
    assert found.rows - found.seals == column(company, "SELECT count(*) FROM change")[0]
    assert column(company, f"SELECT count(*) FROM seal WHERE act_id = {act_id}")[0] > 3


def test_postgresql_shows_some_rows_late(company: Company) -> None:
    """Numbers are drawn before their transactions commit: a lower one may appear when higher ones are sealed."""
    if company.database.dialect == "sqlite":
        return  # one writer
    with company.database.engine.begin() as slow:
        early = int(slow.execute(text("SELECT nextval('act_id_seq')")).scalar_one())
        company.changed(company.filed(), note="一")
        sealed(company)
        at = company.now.isoformat()
        slow.execute(text(f"INSERT INTO act (id, kind, at, facts) VALUES ({early}, 'sample', '{at}', '{{}}')"))
    sealed(company)
    assert early in column(company, "SELECT act_id FROM seal") and looked_at(company).trouble is None


def test_an_undo_says_what_it_undid(company: Company, acts: list[int]) -> None:
    company.undone(acts[2])
    sealed(company)
    cleared = (f"UPDATE act SET undone_by = NULL WHERE id = {acts[2]}",)
    assert place(looked_at(company, after=cleared)) == (Flaw.UNDONE, acts[2])


# Erasing -----------------------------------------------------------------------------------------------------------


def erased(company: Company, act_ids: list[int], kind: str = "customer.erased") -> None:
    """Take away everything of some acts, by an act of an admin."""

    def work(uow: UnitOfWork, actor: Actor) -> None:
        uow.act(actor, kind, undo=None)
        changes = uow.connection.execute(select(Change.id).where(Change.act_id.in_(act_ids))).scalars().all()
        erase(uow, acts=act_ids, changes=list(changes))

    company.as_(ADMIN, work)


def test_content_can_be_erased_without_breaking_the_chain(company: Company) -> None:
    """Whether it has its seal already or not; the salt goes with it, so that the digest gives nothing away."""
    key = company.filed()
    acts = [company.changed(key, note="秘密")]
    sealed(company)
    acts.append(company.changed(key, note="秘密二"))
    erased(company, acts)
    erased(company, acts)  # a second time changes nothing
    left = select(cast(Change.before, Text), cast(Change.after, Text), Change.salt).where(Change.act_id.in_(acts))
    with company.database.reading() as connection:
        assert [tuple(row) for row in connection.execute(left.order_by(Change.id))] == [
            ('{"version": 1}', '{"version": 2}', None),
            ('{"version": 2}', '{"version": 3}', None),
        ]
    sealed(company)
    assert looked_at(company).trouble is None
    with pytest.raises(Changed):
        company.as_(BY, lambda uow, actor: undo(uow, actor, acts[1], now=uow.now))
    fill = f"UPDATE change SET after = '{{\"note\": 1}}' WHERE act_id = {acts[1]}"
    with pytest.raises(Conflict, match=MESSAGE), company.database.group() as connection:
        connection.execute(text(fill))
    assert place(looked_at(company, after=(fill,))) == (Flaw.ALTERED, acts[1])


def test_what_was_erased_by_no_such_act_is_named(company: Company, acts: list[int]) -> None:
    erased(company, [acts[1]], kind="customer.changed")
    sealed(company)
    assert place(looked_at(company)) == (Flaw.ERASED, acts[1])


def test_an_act_costs_no_statement_more(company: Company) -> None:
    """Sealing is a chore: in its own transaction an act is one row, and a change one row."""
    key, counted = company.filed(), list[str]()

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    event.listen(company.database.engine, "before_cursor_execute", count)
    company.changed(key, note="一")
    event.remove(company.database.engine, "before_cursor_execute", count)
    writes = [one.split()[2 if one.startswith("INSERT") else 1] for one in counted if one[:6] in ("INSERT", "UPDATE")]
    assert sorted(writes) == ["act", "change", "customer"]
