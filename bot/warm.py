"""What those who write first would wait for up to a second, made ready beside everybody: not part of the start either."""

import asyncio
import datetime as dt
from threading import Thread

from parsing.date_scan import beginnings
from parsing.expressions import compile_all
from parsing.lunar import lunar_of
from parsing.names import search_keys
from reminders import all_due
from storage.organisation import build_calendar

WARM_AFTER = 2.0  # seconds: who wrote while nobody ran is answered first


async def warm_up(region: str, today: dt.date) -> None:
    """Load it in a thread that no end of the program waits for."""
    await asyncio.sleep(WARM_AFTER)
    Thread(target=load, args=(region, today), name="warm", daemon=True).start()


def load(region: str, today: dt.date) -> None:
    """Load all of it here and now."""
    all_due()
    compile_all()
    beginnings()
    search_keys("客源")  # the pinyin of all characters
    lunar_of(today)
    build_calendar(region, today.year)
