"""Rows that go in together are the same as rows that go in one by one."""

import datetime as dt
from typing import Any

from sqlalchemy import delete, insert, select

from domain.customers import Stage
from storage.bulk import insert_all, insert_keyed
from storage.database import Database
from storage.models import Base, Customer
from tests.storage.staff import NOW

CUSTOMER, CHANGE = (Base.metadata.tables[name] for name in ("customer", "change"))
ROWS: list[dict[str, Any]] = [
    {"kind": "company", "name": '天天 "鲜生" {a,b}\\', "stage": Stage.WON, "latitude": 31, "touched_at": NOW},
    {"kind": "person", "name": "张伟\nNULL", "stage": "prospect", "latitude": 31.25, "touched_at": None},
    {"kind": "person", "name": "", "stage": Stage.LOST, "latitude": None, "touched_at": NOW + dt.timedelta(hours=9)},
]
ROWS = [row | {"grade": "-", "created_at": NOW} for row in ROWS]
NOTES: list[dict[str, Any]] = [
    {"table_name": "customer", "row_id": 5, "salt": b"\x00%s", "before": None, "after": {"version": 1}},
    {"table_name": "customer", "row_id": 6, "salt": None, "before": {"name": "李\u2028强", "at": None}, "after": None},
]


def test_bulk_is_as_one_by_one(database: Database) -> None:
    with database.transaction(NOW) as uow:
        act_id = uow.act(None, "sample")
        for table, rows in ((CUSTOMER, ROWS), (CHANGE, [note | {"act_id": act_id} for note in NOTES])):
            for row in rows:
                uow.connection.execute(insert(table), row)
            insert_all(uow.connection, table, rows)
            columns = [column for column in table.c if column.name != "id"]
            stored = uow.connection.execute(select(*columns).order_by(table.c.id)).all()
            assert len(stored) == 2 * len(rows) and stored[: len(rows)] == stored[len(rows) :]


def test_keys_come_in_the_order_given_and_never_again(database: Database) -> None:
    with database.transaction(NOW) as uow:
        first = insert_keyed(uow, CUSTOMER, ROWS)
        names = dict(uow.connection.execute(select(Customer.id, Customer.name)).all())
        assert [names[key] for key in first] == [row["name"] for row in ROWS]
        uow.connection.execute(delete(Customer))
        alone = uow.connection.execute(insert(CUSTOMER).returning(CUSTOMER.c.id), ROWS[0]).scalar_one()
        assert min(*insert_keyed(uow, CUSTOMER, ROWS), alone) > max(first)
