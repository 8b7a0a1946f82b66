"""How the server says no: the codes, words and parameters that a Bot API client has to cope with."""

from typing import Any


class Refused(Exception):
    """An answer with ``ok: false``. ``description`` is complete, prefix included."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class Mistake(Refused):
    """A request that no correct client sends: refused and also written into the list of violations."""


def bad_request(what: str, **parameters: Any) -> Refused:
    return Refused(400, f"Bad Request: {what}", **parameters)


def mistake(what: str) -> Mistake:
    return Mistake(400, f"Bad Request: {what}")


def forbidden(what: str) -> Refused:
    return Refused(403, f"Forbidden: {what}")
