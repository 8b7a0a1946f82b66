"""Taking logs back in any order: what follows from them is made again from the touches that are left."""

import datetime as dt

import pytest

from actions.touches import log_touch
from domain.customers import Stage
from domain.errors import Changed
from domain.next_touches import NextTouch, Origin
from domain.touches import Outcome, TouchDraft, TouchKind
from storage.models import Customer, Touch
from tests.storage.staff import Company

REP, ADMIN = "王娜", "周芳"
VISIT, CALL, ORDER = TouchKind.VISIT, TouchKind.CALL, TouchKind.ORDER


def log(company: Company, key: int, kind: TouchKind, *, tried: bool = False, on: dt.date | None = None) -> int:
    outcome = Outcome.TRIED if tried else Outcome.REACHED
    agreed = NextTouch(on, None, Origin.AGREED) if on else None
    draft = TouchDraft(key, kind, outcome, company.now, "谈了新报价", next_touch=agreed)
    return company.as_(REP, lambda uow, actor: log_touch(uow, actor, draft, now=uow.now).act_id)


def stands(company: Company, key: int) -> tuple[str, dt.datetime | None, dt.date | None]:
    """Stage, latest contact and next touch of a customer."""

    def read(uow, actor):  # type: ignore[no-untyped-def]
        customer = uow.connection.execute(Customer.__table__.select().where(Customer.id == key)).one()
        line = uow.next_touches(actor).open_of(key)
        return customer.stage, customer.touched_at, line.day if line else None

    found: tuple[str, dt.datetime | None, dt.date | None] = company.as_(ADMIN, read)
    return found


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1), (2, 0, 1), (1, 2, 0)])
def test_logs_taken_back_in_any_order_leave_nothing(company: Company, order: tuple[int, ...]) -> None:
    key = company.filed()
    before = stands(company, key)
    acts = (
        log(company, key, VISIT, on=dt.date(2026, 11, 25)),
        log(company, key, ORDER, on=dt.date(2026, 11, 26)),
        log(company, key, CALL, tried=True),
    )
    for place in order:
        company.undone(acts[place])
    assert stands(company, key) == before


def test_what_newer_logs_say_stays(company: Company) -> None:
    key = company.filed()
    first = log(company, key, ORDER, on=dt.date(2026, 11, 25))
    log(company, key, VISIT, on=dt.date(2026, 11, 26))
    at = company.now - dt.timedelta(seconds=1)
    company.undone(first)
    assert stands(company, key) == (Stage.INTERESTED, at, dt.date(2026, 11, 26))  # no order any more, but a visit


def test_what_somebody_set_since_stays(company: Company) -> None:
    key = company.filed()
    company.changed(key, touched_at=company.now - dt.timedelta(days=40))  # as an import knows it, without a touch
    told = stands(company, key)[1]
    first = log(company, key, VISIT)
    company.changed(key, stage=Stage.LOYAL)
    second = log(company, key, CALL, tried=True)
    company.undone(first)
    company.undone(second)
    stage, touched_at, _ = stands(company, key)
    assert (stage, touched_at) == (Stage.LOYAL, told)


def test_a_log_that_was_changed_itself_is_left_alone(company: Company) -> None:
    key = company.filed()
    first = log(company, key, VISIT)

    def change(uow, actor):  # type: ignore[no-untyped-def]
        uow.act(actor, "touch.changed", customer_id=key)
        uow.journal.change(Touch, uow.touches(actor).newest(key, most=1)[0].id, {"note": "另一句"})

    company.as_(REP, change)
    log(company, key, CALL)
    with pytest.raises(Changed):
        company.undone(first)
