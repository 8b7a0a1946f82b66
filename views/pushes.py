"""Several due things in one message, so that a full hour does not ring four times."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from domain.next_touches import NextTouchLine
from domain.reminders import ReminderLine
from views.language import Translator
from views.links import OpenCustomer
from views.reminders import OpenReminder
from views.replies import Button, Reply, clip, escape
from views.today import LABEL


def bundle(t: Translator, lines: Sequence[ReminderLine | NextTouchLine], now: dt.datetime) -> Reply:
    """One message, a line and a button each, in the order of their times."""
    text = [t.ngettext("⏰ <b>{n} thing is due</b>", "⏰ <b>{n} things are due</b>", len(lines)).format(n=len(lines))]
    buttons = []
    for i, line in enumerate(lines, 1):
        match line:
            case ReminderLine():
                words, press = line.words, Button(f"{i} {clip(line.words, LABEL)}", OpenReminder(line.id, 0))
            case NextTouchLine():
                words, press = (
                    line.customer,
                    Button(f"{i} {clip(line.customer, LABEL)}", OpenCustomer(line.customer_id)),
                )
        text.append(f"{i}. {t.clock(line.at, now=now) if line.at else ''} {escape(clip(words, 60))}")
        buttons.append(press)
    return Reply("\n".join(text), rows=[buttons[i : i + 2] for i in range(0, len(buttons), 2)])


def again(t: Translator, push: Reply) -> Reply:
    """The push that nobody took up, once more."""
    return replace(push, text=f"{push.text}\n{t.gettext('Once more; after this it waits in /today.')}")
