"""The lunar calendar, by the ``borax`` library."""

import datetime as dt


def lunar_of(day: dt.date) -> tuple[int, int]:
    """Lunar month and day of a date; in a leap month those of the month it repeats, as birthdays are kept."""
    from borax.calendars.lunardate import LunarDate  # 40 ms; most days nobody asks

    lunar = LunarDate.from_solar(day)
    return lunar.month, lunar.day


def birthdays_on(day: dt.date) -> list[tuple[int, int, bool]]:
    """The birthdays that are kept on ``day``, as (month, day, lunar).

    Who was born on 29 February is congratulated on the 28th of a common year; who was born on the 30th of a lunar
    month that has 29 days, on its last day.
    """
    kept = [(day.month, day.day, False)]
    tomorrow = day + dt.timedelta(days=1)
    if (day.month, day.day) == (2, 28) and tomorrow.month == 3:
        kept.append((2, 29, False))
    month, number = lunar_of(day)
    kept.append((month, number, True))
    if number == 29 and lunar_of(tomorrow)[1] == 1:
        kept.append((month, 30, True))
    return kept
