"""E-mail by SMTP and text messages by an HTTP service: one call, and what became of it. Both are off without settings."""

import asyncio
import json
import re
import smtplib
import socket
import ssl
from email.errors import MessageError
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiohttp
import structlog

from bot.settings import Settings
from domain.carriers import Burden, Carrier, Fate

log = structlog.stdlib.get_logger("keyuan.carriers")

SECONDS = 60.0  # of one call; well under ``LOST_AFTER``
_PART = r"[^\s\x00-\x1f\x7f@,;:<>()\[\]\\\"]+"  # without what separates addresses or says more than one
ADDRESS = re.compile(f"{_PART}@{_PART}")
ENCODED = "=?"  # begins what a mail library decodes, line breaks and all
KNOCK_SECONDS = 10.0  # of a look whether somebody is there, while an operator waits


class Sends(Protocol):
    """One carrier."""

    async def send(self, burden: Burden) -> Fate: ...

    async def try_out(self) -> None:
        """Raises ``OSError`` with the reason when it does not work."""


def carriers_of(settings: Settings) -> dict[Carrier, Sends]:
    """Those that the settings have; without an address for pages there is nothing to send."""
    found: dict[Carrier, Sends] = {}
    if settings.public_url and settings.smtp_url:
        found[Carrier.MAIL] = Mail(settings)
    if settings.public_url and settings.sms_url:
        found[Carrier.SMS] = Sms(settings)
    return found


class Mail:
    """SMTP: ``smtps`` encrypts from the start, ``smtp`` by STARTTLS, on this machine not at all."""

    def __init__(self, settings: Settings) -> None:
        assert settings.smtp_url is not None and settings.smtp_from is not None
        self._url = urlsplit(settings.smtp_url)
        self._from = settings.smtp_from
        self._password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""

    async def send(self, burden: Burden) -> Fate:
        return await asyncio.to_thread(self._send, burden)

    async def try_out(self) -> None:
        def look() -> None:
            with self._open(KNOCK_SECONDS) as server:
                server.noop()

        await asyncio.to_thread(look)

    def _send(self, burden: Burden) -> Fate:
        try:
            message = self._message(burden)
        except (ValueError, IndexError, MessageError):  # no address for the library, whatever it was for us
            return Fate.REFUSED
        try:
            server = self._open(SECONDS)
        except OSError as error:  # also every error of SMTP: nothing was handed over
            log.warning("mail_not_sent", error=type(error).__name__)
            return Fate.NOT_SENT
        try:
            server.send_message(message)
        except smtplib.SMTPNotSupportedError:
            return Fate.REFUSED
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(max(code for code, _ in error.recipients.values()))
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return _refused(error.smtp_code)
        except OSError as error:
            log.warning("mail_unknown", error=type(error).__name__)
            return Fate.UNKNOWN
        finally:
            server.close()
        return Fate.TAKEN

    def _open(self, seconds: float) -> smtplib.SMTP:
        host, here = self._url.hostname or "", self._url.hostname in ("localhost", "127.0.0.1", "::1")
        context = ssl.create_default_context()
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self._url.port or 465, timeout=seconds, context=context)
        else:
            server = smtplib.SMTP(host, self._url.port or 587, timeout=seconds)
        try:
            if self._url.scheme == "smtp" and not here:
                server.starttls(context=context)
            if self._url.username:
                server.login(unquote(self._url.username), self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, burden: Burden) -> EmailMessage:
        """A resend has the same number, by which mail programs show one of two.

        Raises:
            ValueError: the address is none, or more than one.
        """
        if not ADDRESS.fullmatch(burden.to) or ENCODED in burden.to:
            raise ValueError("no plain address")
        made = EmailMessage()
        made["From"], made["To"] = self._from, burden.to
        made["Subject"] = burden.subject.replace(ENCODED, "= ?")
        made["Date"] = burden.at
        domain = self._from.rpartition("@")[2].strip(" >")
        made["Message-ID"] = f"<keyuan-{burden.invitation_id}@{domain}>"
        made["Auto-Submitted"] = "auto-generated"
        made["List-Unsubscribe"] = f"<{burden.stop}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        made.set_content(burden.text)
        return made


def _refused(code: int) -> Fate:
    """4xx is a server that wants to be asked again, 5xx a no."""
    log.warning("mail_refused", code=code)
    return Fate.REFUSED if code >= 500 else Fate.NOT_SENT


class Sms:
    """A ``POST`` of JSON made from a template; 2xx means that the service took it."""

    def __init__(self, settings: Settings) -> None:
        assert settings.sms_url is not None and settings.sms_body is not None
        self._url, self._template = settings.sms_url, settings.sms_body
        self._secret = settings.sms_authorization.get_secret_value() if settings.sms_authorization else ""

    async def send(self, burden: Burden) -> Fate:
        body = filled(json.loads(self._template), phone=burden.to, text=burden.text)
        headers = {"Authorization": self._secret} if self._secret else {}
        timeout = aiohttp.ClientTimeout(total=SECONDS, sock_connect=10)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self._url, json=body, headers=headers, allow_redirects=False) as answer,
            ):
                status = answer.status
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            log.warning("sms_not_sent", error=type(error).__name__)
            return Fate.NOT_SENT
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("sms_unknown", error=type(error).__name__)
            return Fate.UNKNOWN
        if status == 429:
            return Fate.NOT_SENT
        if status >= 500:
            return Fate.UNKNOWN
        return Fate.TAKEN if 200 <= status < 300 else Fate.REFUSED

    async def try_out(self) -> None:
        """Only whether somebody listens there: a real message would cost money."""
        parts = urlsplit(self._url)
        port = parts.port or (443 if parts.scheme == "https" else 80)

        def knock() -> None:
            socket.create_connection((parts.hostname or "", port), timeout=KNOCK_SECONDS).close()

        await asyncio.to_thread(knock)


def filled(value: object, *, phone: str, text: str) -> object:
    """A template with both in place, wherever they stand in it; nothing in them can change its shape."""
    match value:
        case str():
            return value.replace("{phone}", phone).replace("{text}", text)
        case list():
            return [filled(one, phone=phone, text=text) for one in value]
        case dict():
            return {key: filled(one, phone=phone, text=text) for key, one in value.items()}
        case _:
            return value
