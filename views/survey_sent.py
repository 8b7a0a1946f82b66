"""What was sent of a survey: to whom, by which way, how far each got, and what was answered."""

from collections import Counter
from collections.abc import Iterable

from domain.carriers import Carried, Carrier
from domain.customers import Page
from domain.survey_results import Given
from domain.survey_sending import PENDING, Invitation, LeftOut, Wave
from domain.surveys import InvitationState, Survey, said
from views.answers import answer_words
from views.history import undo_button
from views.language import Translator
from views.links import OpenCustomer
from views.pages import turn
from views.replies import Button, Reply, capital, clip, escape, payload
from views.survey_links import to_survey
from views.survey_photos import ShowPhotosOf, photos_in
from views.surveys import ShowSent

MOST_ANSWERS = 10  # of one response on a screen; the file has all


@payload("ww1")
class Withdraw:
    invitation_id: int
    version: int


@payload("wi1")
class ShowInvitation:
    invitation_id: int


def ways_words(t: Translator, ways: Counter[Carrier | None]) -> str:
    """``Telegram 12 · e-mail 5 · SMS 2``."""
    return " · ".join(f"{way_name(t, way)} {t.number(ways[way])}" for way in (None, *Carrier) if ways[way])


def way_name(t: Translator, way: Carrier | None) -> str:
    match way:
        case None:
            return "Telegram"
        case Carrier.MAIL:
            return t.gettext("e-mail")
        case Carrier.SMS:
            return t.gettext("SMS")


def left_words(t: Translator, left: Counter[LeftOut]) -> str:
    """``no account 12 · no consent 3``, the commonest first."""
    return " · ".join(f"{reason_name(t, reason)} {t.number(count)}" for reason, count in left.most_common())


def reason_name(t: Translator, reason: LeftOut) -> str:
    match reason:
        case LeftOut.NO_ACCOUNT:
            return t.gettext("no account here")
        case LeftOut.NO_ADDRESS:
            return t.gettext("no account and no address")
        case LeftOut.NO_CONSENT:
            return t.gettext("no consent")
        case LeftOut.SWITCHED_OFF:
            return t.gettext("surveys switched off")
        case LeftOut.STOPPED:
            return t.gettext("messages stopped")
        case LeftOut.UNREACHABLE:
            return t.gettext("bot blocked")
        case LeftOut.ASKED:
            return t.gettext("asked already")
        case LeftOut.COMPLAINT:
            return t.gettext("complaint open")
        case LeftOut.COOL_DOWN:
            return t.gettext("written to within 7 days")


def sent_to(t: Translator, survey: Survey, page: Page[Invitation], waves: Iterable[Wave]) -> Reply:
    """Who was asked and how far each got; of an anonymous survey only whether there was an answer."""
    lines = [f"📋 <b>{escape(survey.name)}</b>"]
    lines += [wave_line(t, wave) for wave in waves]
    lines += [f"{i}. {invitation_line(t, one)}" for i, one in enumerate(page.items, 1)]
    if not page.items:
        lines.append(t.gettext("Nothing was sent to your customers yet."))
    numbers = [Button(str(i), ShowInvitation(one.id)) for i, one in enumerate(page.items, 1)]
    pages = turn(t, page.number, page.last, lambda number: ShowSent(survey.id, number))
    return Reply("\n".join(lines), rows=[*([numbers] if numbers else []), *pages, [to_survey(t, survey.id)]])


def wave_line(t: Translator, wave: Wave) -> str:
    """A sending as it was: when, to how many, and who was left out."""
    left = Counter({LeftOut(reason): count for reason, count in wave.facts.get("left", {}).items()})
    text = t.gettext("{when}: sent to {n}").format(when=t.moment(wave.created_at), n=t.number(wave.facts["go"]))
    return "📤 " + text + (" · " + t.gettext("left out: {reasons}").format(reasons=left_words(t, left)) if left else "")


def invitation_line(t: Translator, one: Invitation, *, named: bool = True) -> str:
    """``林怡君 · answered · Wed, Nov 18``."""
    moment = one.done_at or one.opened_at or one.sent_at or one.created_at
    parts = [f"<b>{escape(clip(one.customer, 30))}</b>"] if named else ["📋"]
    return " · ".join([*parts, state_words(t, one), t.day(moment.astimezone(t.zone).date())])


def state_words(t: Translator, one: Invitation) -> str:
    """How far it got; ``e-mail: sent`` where it went another way."""
    words = _state(t, one)
    return t.gettext("{way}: {state}").format(way=way_name(t, one.carrier), state=words) if one.carrier else words


def _state(t: Translator, one: Invitation) -> str:
    if one.carried is Carried.FAILED:
        return t.gettext("not taken")
    match one.state:
        case InvitationState.WAITING:
            return t.gettext("waits to leave")
        case InvitationState.SENT:
            return t.gettext("perhaps not arrived") if one.carried is Carried.UNCERTAIN else t.gettext("sent")
        case InvitationState.OPENED:
            return t.gettext("opened")
        case InvitationState.DONE:
            return t.gettext("answered")
        case InvitationState.EXPIRED:
            return t.gettext("not answered in time")
        case InvitationState.WITHDRAWN:
            return t.gettext("withdrawn")


def to_invitation(t: Translator, invitation_id: int) -> Button:
    return Button("‹ " + t.gettext("Back"), ShowInvitation(invitation_id))


def invitation(t: Translator, one: Invitation, survey: Survey, given: Given | None = None) -> Reply:
    """One that was asked, with the answers, or the way to take it back."""
    lines = [f"📋 <b>{escape(survey.name)}</b> · {escape(one.customer)}", capital(state_words(t, one))]
    if one.state in PENDING:
        lines.append(t.gettext("Open until {when}.").format(when=t.moment(one.expires_at)))
    rows = [
        [
            Button(t.gettext("Open card"), OpenCustomer(one.customer_id)),
            Button("‹ " + t.gettext("Back"), ShowSent(survey.id, 0)),
        ]
    ]
    if given is not None:
        lines += answer_lines(t, survey, given)
        if any(photos_in(survey, [given])):
            rows.insert(0, [Button(t.gettext("🖼 Photos"), ShowPhotosOf(one.id))])
    if one.state in PENDING:
        rows.insert(0, [Button(t.gettext("✖ Withdraw"), Withdraw(one.id, one.version))])
    return Reply("\n".join(lines), rows=rows)


def answer_lines(t: Translator, survey: Survey, given: Given) -> list[str]:
    """``1. How content are you? 5``, as many as one screen holds."""
    asked = [(n, one) for n, one in enumerate(survey.definition.questions, 1) if one.key in given.answers]
    lines = [
        f"{n}. {escape(clip(said(one.texts, t.locale), 40))} – {escape(clip(answer_words(t, one, given.answers[one.key]), 60))}"
        for n, one in asked[:MOST_ANSWERS]
    ]
    return lines + (["…"] if len(asked) > MOST_ANSWERS else [])


def withdrawn(t: Translator, screen: Reply, act_id: int) -> Reply:
    text = "✖ " + t.gettext("Withdrawn: it takes no answer any more.") + "\n" + screen.text
    return Reply(text, rows=[*screen.rows, [undo_button(t, act_id)]])
