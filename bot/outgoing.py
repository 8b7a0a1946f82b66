"""From what a handler answered to the calls that deliver it: letters for the outbox, in the Bot API's own terms."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.signing import Signer
from bot.splitting import LONGEST_CAPTION, shown_units, split
from domain.values import frozen
from storage.outbox import Letter
from views.replies import Button, CopyRule, File, Key, Lane, Reply, Rows, Shown, straight

LANES = {Lane.ANSWER: 0, Lane.REMINDER: 1, Lane.CAMPAIGN: 2}
ATTACHED = "attach://file"  # stands for the letter's attachment
_SHOWN_BY = {  # a photo's id is no document's: each goes back the way it came
    "photo": ("sendPhoto", "photo"),
    "voice": ("sendVoice", "voice"),
    "document": ("sendDocument", "document"),
}
LONGEST_TOAST = 200


@frozen
class Answer:
    """What a press is answered with: words over the chat, or nothing but the end of the spinner."""

    callback_id: str
    text: str = ""
    alert: bool = False

    def params(self) -> dict[str, Any]:
        words = {"text": straight(self.text)[:LONGEST_TOAST], "show_alert": self.alert} if self.text else {}
        return {"callback_query_id": self.callback_id} | words


@frozen
class Address:
    """Who a letter goes to. ``pressed`` is the message whose button led here, ``spoken`` the person's own message.

    ``sealed``: what was pressed can be neither forwarded nor saved. An edit cannot make it so.
    """

    chat_id: int
    person_id: int | None
    pressed: int | None = None
    spoken: int | None = None
    sealed: bool = False


class Composer:
    """Turns replies into letters and signs their buttons."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def letters(
        self,
        reply: Reply,
        to: Address,
        *,
        now: dt.datetime,
        lane: Lane = Lane.ANSWER,
        copy_rule: CopyRule = CopyRule.MUST,
    ) -> list[Letter]:
        """All messages of a reply to one person; its notices to others are the caller's.

        Raises:
            ValueError: two keyboards for one message, or a button that is too long: a bug of the view; or what is for one
                person would go to a group.
        """
        if to.chat_id < 0 and (to.person_id is not None or reply.protected or reply.secret or reply.rows):
            raise ValueError("what is for one person goes to no group")
        calls = list(self._calls(reply, to))
        made = [
            Letter(
                chat_id=to.chat_id,
                person_id=to.person_id,
                method=method,
                params={"chat_id": to.chat_id} | params,
                not_before=now,
                lane=LANES[lane],
                copy_rule=CopyRule.EDIT if method.startswith(("edit", "set", "delete")) else copy_rule,
                dedupe_key=_numbered(reply.dedupe, number),
                attachment=_attachment(reply.file, params),
                secret=reply.secret,
            )
            for number, (method, params) in enumerate(calls)
        ]
        if reply.living and made:
            made[-1] = replace(made[-1], living=reply.living)
        for further in reply.also:
            then = replace(to, pressed=None, spoken=None)
            made += self.letters(further, then, now=now, lane=lane, copy_rule=copy_rule)
        return made

    def _calls(self, reply: Reply, to: Address) -> Iterator[tuple[str, dict[str, Any]]]:
        if reply.react and to.spoken:
            yield (
                "setMessageReaction",
                {
                    "message_id": to.spoken,
                    "reaction": [{"type": "emoji", "emoji": reply.react}],
                },
            )
        if reply.delete is not None:
            yield "deleteMessage", {"message_id": reply.delete}
        elif reply.file:
            yield from self._file(reply, reply.file, to)
        elif reply.shown:
            yield from self._shown(reply, reply.shown, to)
        elif reply.text:
            yield from self._text(reply, to)
        elif reply.rows and to.pressed:
            yield "editMessageReplyMarkup", {"message_id": to.pressed, **self._markup(reply, to)}

    def _text(self, reply: Reply, to: Address) -> Iterator[tuple[str, dict[str, Any]]]:
        fits = to.sealed or not reply.protected
        edits = (to.pressed is not None or reply.edit_living) and fits and not reply.fresh and reply.keys is None
        parts = split(reply.text)
        for number, part in enumerate(parts):
            params: dict[str, Any] = {"text": part, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
            editing = edits and number == 0
            if number == len(parts) - 1:
                params |= self._markup(reply, to)
            if editing:
                yield "editMessageText", params | ({"message_id": to.pressed} if to.pressed else {})
            else:
                yield "sendMessage", params | _flags(reply) | (_replying(reply) if number == 0 else {})

    def _file(self, reply: Reply, file: File, to: Address) -> Iterator[tuple[str, dict[str, Any]]]:
        method, field = ("sendPhoto", "photo") if file.photo else ("sendDocument", "document")
        params: dict[str, Any] = {field: ATTACHED} | _flags(reply) | self._markup(reply, to)
        if shown_units(reply.text) > LONGEST_CAPTION:
            yield from self._text(replace(reply, rows=(), keys=None, fresh=True), to)
        elif reply.text:
            params |= {"caption": reply.text, "parse_mode": "HTML"}
        yield method, params

    def _shown(self, reply: Reply, shown: Shown, to: Address) -> Iterator[tuple[str, dict[str, Any]]]:
        """By the id that Telegram gave it, with the text as its caption; an edit changes the caption."""
        if shown.kind == "location":
            if not reply.edit_living:
                yield "sendLocation", {"latitude": shown.latitude, "longitude": shown.longitude} | _flags(reply)
            yield from self._text(replace(reply, shown=None), to)
            return
        apart = shown_units(reply.text) > LONGEST_CAPTION
        caption = {} if apart or not reply.text else {"caption": reply.text, "parse_mode": "HTML"}
        if reply.edit_living and not apart:
            yield "editMessageCaption", caption | self._markup(reply, to)
            return
        method, field = _SHOWN_BY[shown.kind]
        file = {field: shown.file_id} | _flags(reply) | _replying(reply)
        if apart:
            yield method, file
            yield from self._text(replace(reply, shown=None), to)
        else:
            yield method, file | caption | self._markup(reply, to)

    def _markup(self, reply: Reply, to: Address) -> dict[str, Any]:
        if reply.rows and reply.keys is not None:
            raise ValueError("one message has either buttons or a keyboard")
        if reply.rows:
            return {"reply_markup": {"inline_keyboard": self._keyboard(reply.rows, to)}}
        if reply.keys is not None:
            return {"reply_markup": _keys(reply.keys)}
        return {}

    def _keyboard(self, rows: Rows, to: Address) -> list[list[dict[str, Any]]]:
        return [[self._button(button, to) for button in row] for row in rows if row]

    def _button(self, button: Button, to: Address) -> dict[str, Any]:
        made: dict[str, Any] = {"text": straight(button.label) or "…"}
        if button.payload is not None:
            assert to.person_id is not None
            made["callback_data"] = self._signer.sign(button.payload, person_id=to.person_id, chat_id=to.chat_id)
        elif button.url is not None:
            made["url"] = button.url
        elif button.copy is not None:
            made["copy_text"] = {"text": button.copy}
        else:
            raise ValueError(f"the button {button.label!r} does nothing")
        return made | ({"style": str(button.style)} if button.style else {})


def _keys(keys: Sequence[Sequence[Key]]) -> dict[str, Any]:
    if not keys:
        return {"remove_keyboard": True}
    return {
        "keyboard": [[_key(key) for key in row] for row in keys],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


def _key(key: Key) -> dict[str, Any]:
    made: dict[str, Any] = {"text": key.label}
    if key.request_contact:
        made["request_contact"] = True
    if key.request_location:
        made["request_location"] = True
    return made


def _flags(reply: Reply) -> dict[str, Any]:
    """What is decided when a message is sent, and stays with it."""
    quiet = {"disable_notification": True} if reply.quiet else {}
    return quiet | ({"protect_content": True} if reply.protected else {})


def _replying(reply: Reply) -> dict[str, Any]:
    if reply.reply_to is None:
        return {}
    return {"reply_parameters": {"message_id": reply.reply_to, "allow_sending_without_reply": True}}


def _numbered(dedupe: str | None, number: int) -> str | None:
    return dedupe if dedupe is None or number == 0 else f"{dedupe}#{number}"


def _attachment(file: File | None, params: dict[str, Any]) -> tuple[str, bytes] | None:
    return (file.name, file.content) if file and ATTACHED in params.values() else None
