"""The page of a customer without Telegram: the overview, the own word, the way out, and what goes wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.answers import Filling
from domain.cases import LONGEST_WORDS, About, CaseKind, CaseLine
from domain.consents import Purpose
from domain.errors import Fault, Invalid
from domain.uploads import MOST_PICTURES
from domain.values import frozen
from domain.web import Visitor
from views.case_words import KIND_SIGNS, about_name, case_kind_name, state_name
from views.language import Translator
from views.replies import capital
from views.web_parts import (
    ACCEPT,
    PICTURE,
    Choice,
    Note,
    Page,
    Step,
    back_step,
    bad_picture,
    home_step,
    message,
    note_words,
    wishes,
)
from views.web_survey import card


@frozen
class Typed:
    """A form of the own word as it was sent, to be shown again where something is missing."""

    about: About
    words: str
    urgent: bool = False


# Pages -------------------------------------------------------------------------------------------------------------


def home(
    t: Translator,
    visitor: Visitor,
    waiting: Sequence[Filling],
    agreed: Mapping[Purpose, bool],
    *,
    note: Note | None = None,
) -> Page:
    """What waits for an answer, what one can say, and whether we may write."""
    who = t.gettext("{owner} looks after you.").format(owner=visitor.owner) if visitor.owner else ""
    kinds = [
        Step(f"{KIND_SIGNS[kind]} {capital(case_kind_name(t, kind))}", {"p": "tell", "k": kind}) for kind in CaseKind
    ]
    return Page(
        "home.html",
        t.gettext("Hello!"),
        {
            "who": who,
            "note": note_words(t, note),
            "surveys": [card(t, one) for one in waiting],
            "tell": t.gettext("What would you like to tell us? Every message gets an answer."),
            "kinds": kinds,
            "wishes": wishes(t, agreed),
        },
    )


def tell(t: Translator, kind: CaseKind, *, typed: Typed | None = None, problem: Invalid | None = None) -> Page:
    """The own word: what it is about, and the words."""
    labels = {about: capital(about_name(t, about)) for about in About} | {About.ADVISER: t.gettext("My adviser")}
    chosen = typed.about if typed else About.PRODUCT
    match problem:
        case None:
            wrong = ""
        case Invalid(field=field) if field == PICTURE:
            wrong = bad_picture(t)
        case Invalid(fault=Fault.TOO_LONG):
            wrong = t.gettext("That is too long: at most {n} characters.").format(n=t.number(LONGEST_WORDS))
        case _:
            wrong = t.gettext("Please write a few words.")
    return Page(
        "tell.html",
        f"{KIND_SIGNS[kind]} {capital(case_kind_name(t, kind))}",
        {
            "note": wrong,
            "wrong": bool(wrong),
            "kind_to": {"p": "tell", "k": str(kind)},
            "ask": t.gettext("What is it about? What concerns your adviser goes to the manager only."),
            "abouts": [Choice(labels[about], str(about), about is chosen) for about in About],
            "words_label": t.gettext("Please tell us in your own words."),
            "words": typed.words if typed else "",
            "longest": LONGEST_WORDS,
            "pictures_label": t.gettext("Photos, if they help (at most {n})").format(n=MOST_PICTURES),
            "accept": ACCEPT,
            "urgent_label": t.gettext("It is urgent"),
            "urgent": bool(typed and typed.urgent),
            "go": t.gettext("📨 Submit"),
            "steps": [back_step(t)],
        },
    )


def receipt(t: Translator, case: CaseLine, *, now: Any) -> Page:
    """That it arrived, its reference, and by when somebody answers. The address of this page follows it."""
    facts = [
        (t.gettext("Your reference"), case.reference),
        (t.gettext("About"), f"{capital(case_kind_name(t, case.kind))} · {about_name(t, case.about)}"),
        (t.gettext("How it stands"), capital(state_name(t, case.state))),
    ]
    if case.promised:
        facts.append((t.gettext("You hear from us by"), t.clock(case.promised, now=now)))
    page = message(t, "📨", t.gettext("Received, thank you"), [], [home_step(t)])
    return Page(page.template, page.title, {**page.values, "facts": facts, "quote": case.words})


def stop(t: Translator, *, stopped: bool, alone: bool = False) -> Page:
    """The way out that every message names: one button. ``alone``: from a message, with no way to the other pages."""
    home = [] if alone else [home_step(t)]
    if stopped:
        text = t.gettext("We will not write to you any more. What you send us is answered all the same.")
        return replace(message(t, "🔕", t.gettext("Stopped"), [text], home), ends=not alone)
    if alone:
        text = t.gettext("We then send you no more e-mails and text messages.")
    else:
        text = t.gettext("We then send you no more e-mails and text messages. You can change that here at any time.")
    steps = [Step(t.gettext("Stop messages"), {"p": "stop"}, "primary", {}), *home]
    return replace(message(t, "🔕", t.gettext("No more messages?"), [text], steps), ends=not alone)


def busy(t: Translator) -> Page:
    """Too much at once."""
    text = t.gettext("That was a lot at once. Please come back a little later; nothing is lost.")
    return message(t, "⏳", t.gettext("One moment, please"), [text], [home_step(t)])


def bad_link(t: Translator) -> Page:
    """The one answer to every bad link: wrong, revoked, too old."""
    text = t.gettext("It may be too old. Please ask whoever sent it to you for a new one.")
    return message(t, "🔗", t.gettext("This link does not work (any more)"), [text], [])


def broken(t: Translator, reference: str | None) -> Page:
    """Our fault, or the database's: nothing was changed."""
    text = t.gettext("Nothing was changed. Please try again in a moment.")
    lines = [text, t.gettext("Reference: {reference}").format(reference=reference)] if reference else [text]
    return message(t, "🔧", t.gettext("Something went wrong on our side"), lines, [])
