"""Somebody blocked the bot or is gone: told once, to whoever can do something about it."""

import datetime as dt

from domain.bindings import Binding
from domain.people import MemberLine
from views.language import Translator
from views.links import OpenCustomer
from views.replies import Button, Reply, escape
from views.teams import OpenMember


def told(t: Translator, who: MemberLine | Binding, now: dt.datetime) -> Reply:
    """What it means, and the way to their card."""
    match who:
        case MemberLine():
            text = t.gettext(
                "📵 I cannot reach <b>{name}</b> any more: the chat with me is blocked, or the account is gone."
                " Reminders do not get through until they write to me again. Please tell them another way."
            ).format(name=escape(who.name))
            return Reply(text, rows=[[Button(t.gettext("Open member"), OpenMember(who.id))]])
        case Binding():
            text = t.gettext(
                "📵 I cannot reach <b>{name}</b> ({customer}) any more: the chat with me is blocked, or the account is"
                " gone. Please call, or write another way."
            ).format(name=escape(who.contact or who.name), customer=escape(who.customer))
            return Reply(text, rows=[[Button(t.gettext("Open card"), OpenCustomer(who.customer_id))]])
