"""Customers on their way out: what may be taken, how far it is, the file."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from domain.exports import Allowance, Format
from domain.people import Actor, Role
from views.language import Translator
from views.replies import Button, File, Reply, escape, payload
from views.start import Place, go


@payload("xe1")
class StartExport:
    kind: Format


def living_name(log_id: int) -> str:
    """What the message of an export is kept under."""
    return f"export:{log_id}"


def title(t: Translator, facts: Mapping[str, Any]) -> str:
    """What the long work is called where it has no words of its own."""
    return t.gettext("Export of {name}").format(name=facts["name"])


def file_name(t: Translator, day: dt.date, kind: Format) -> str:
    return f"{t.pgettext('file', 'customers')}-{day.isoformat()}.{kind}"


def ask(t: Translator, allowed: Allowance, *, actor: Actor) -> Reply:
    """``/export``: how much there is, and in which format it is wanted."""
    count = t.ngettext("{n} customer", "{n} customers", allowed.customers).format(n=t.number(allowed.customers))
    lines = [f"<b>{t.gettext('Take customers out')}</b>", f"{count} · {_whose(t, actor)}"]
    if allowed.most is not None and allowed.left is not None:
        text = t.gettext("A file holds at most {most} rows; today you can take {left} more.")
        lines.append(text.format(most=t.number(allowed.most), left=t.number(allowed.left)))
    lines.append(t.gettext("Every export is written down. A changed file can be sent back to me."))
    rows = [[go(t, Place.TODAY)]]
    if allowed.customers:
        kinds = [Button("📗 Excel (XLSX)", StartExport(Format.XLSX)), Button("📄 CSV", StartExport(Format.CSV))]
        rows.insert(0, kinds)
    return Reply("\n".join(lines), rows=rows)


def _whose(t: Translator, actor: Actor) -> str:
    match actor.role:
        case Role.ADMIN:
            return t.gettext("of everybody, and of the public pool")
        case Role.LEAD:
            return t.gettext("of your team")
        case _:
            return t.gettext("yours")


def started(t: Translator, log_id: int, customers: int) -> Reply:
    text = t.ngettext("⏳ Writing {n} customer …", "⏳ Writing {n} customers …", customers)
    return Reply(text.format(n=t.number(customers)), living=living_name(log_id))


def tell(t: Translator, facts: Mapping[str, Any], progress: Any) -> Reply:
    """How far it is: ``progress`` has ``done`` and ``total``."""
    share = progress.done * 100 // progress.total if progress.total else 0
    bar = "▓" * (share // 10) + "░" * (10 - share // 10)
    text = f"📤 <b>{escape(facts['name'])}</b>\n{bar} {t.number(share)} %"
    return Reply(text, living=living_name(facts["log_id"]), edit_living=True, quiet=True)


def done(t: Translator, facts: Mapping[str, Any], *, customers: int, content: bytes, cut: bool) -> Reply:
    """The file, below the message that told the progress."""
    count = t.ngettext("{n} customer", "{n} customers", customers).format(n=t.number(customers))
    lines = [f"📤 <b>{escape(facts['name'])}</b> · {count}"]
    if cut:
        text = t.gettext("These are the customers you were last in touch with, up to {most} rows. Your lead was told.")
        lines.append(text.format(most=t.number(facts["most"])))
    lines.append(t.gettext("It holds names and numbers of customers: keep it safe, and delete it when it is used."))
    return Reply(
        "\n".join(lines),
        living=living_name(facts["log_id"]),
        edit_living=True,
        also=(Reply(file=File(facts["name"], content)),),
    )


def too_large(t: Translator, facts: Mapping[str, Any]) -> Reply:
    """More than Telegram lets a bot send."""
    text = t.gettext(
        "⚠️ The file is larger than 50 MB, which is what Telegram lets me send. "
        "On the server, <code>keyuan export customers.csv</code> writes it."
    )
    return Reply(text, living=living_name(facts["log_id"]), edit_living=True)


def failed(words: Reply, facts: Mapping[str, Any]) -> Reply:
    """The frame's own words, in the message that told the progress."""
    return Reply(words.text, rows=words.rows, living=living_name(facts["log_id"]), edit_living=True)


def enough(t: Translator, until: dt.datetime) -> Reply:
    """A rep has taken all of the day."""
    text = t.gettext("You have taken your files of today; it is open again at {time}. Your lead was told.")
    return Reply(text.format(time=t.moment(until)), rows=[[go(t, Place.TODAY)]])


def wanted_more(t: Translator, who: Actor, customers: int, *, day: dt.date) -> Reply:
    """To the lead, once a day: somebody asked for more than one may take."""
    text = t.ngettext(
        "📤 {name} asked for an export beyond the limit; {n} customer is in reach. /history shows what was taken.",
        "📤 {name} asked for an export beyond the limit; {n} customers are in reach. /history shows what was taken.",
        customers,
    )
    words = text.format(name=escape(who.name), n=t.number(customers))
    return Reply(words, dedupe=f"export:{who.member_id}:{day.isoformat()}")
