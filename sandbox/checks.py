"""Requests against the published method list: every name, type and required flag, and the lengths it leaves out.

Input is what came over the wire: text for each parameter of a form, JSON values for a JSON body. Output is typed.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sandbox.files import Upload
from sandbox.limits import check_field
from sandbox.refusals import mistake

Fields = dict[str, str]
Params = dict[str, Any]

EMPTY = {"chat_id": "chat_id is empty", "text": "message text is empty", "file_id": "file_id not specified"}
WHOLE = re.compile(r"-?\d{1,19}")
TRUTHS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


class Unfit(ValueError):
    """A value is not of the type that the list names. The text says where and what."""


@cache
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("schema.json").read_text("utf-8"))
    return loaded


@cache
def method_names() -> dict[str, str]:
    """By lower case: the real server does not mind the case of a method."""
    return {name.lower(): name for name in schema()["methods"]}


def read_params(method: str, given: dict[str, Any], uploads: dict[str, Upload]) -> tuple[Params, list[str]]:
    """Typed parameters, and what is wrong but would be ignored by the real server (unknown names).

    Raises:
        Mistake: a required parameter is missing, or a value has the wrong type or length.
    """
    fields: Fields = schema()["methods"][method]
    typed: Params = {}
    oddities = [f'unknown parameter "{name}" of {method}' for name in given if name not in fields]
    for name, wanted in fields.items():
        required, kind = wanted.startswith("!"), wanted.lstrip("!")
        value = uploads.get(name, given.get(name)) if "InputFile" in kind else given.get(name)
        if value == "" and ("String" not in kind or name in EMPTY):
            value = None
        if value is None:
            if required:
                raise mistake(EMPTY.get(name, f'parameter "{name}" is required'))
            continue
        typed[name] = _read(name, value, kind, method=method, uploads=uploads)
    oddities += [f'unknown kind of update "{kind}"' for kind in _unknown_updates(typed)]
    oddities += [
        f'the name of upload "{one.name}" is percent-encoded' for one in uploads.values() if _encoded(one.name)
    ]
    used = set(re.findall(r"attach://([^\"\\\s]+)", json.dumps(given, ensure_ascii=False, default=str)))
    oddities += [f'upload "{name}" is not used by {method}' for name in uploads if name not in used | set(fields)]
    return typed, oddities


def _unknown_updates(typed: Params) -> list[str]:
    """The real server passes over them, and the bot waits for ever."""
    return [kind for kind in typed.get("allowed_updates", ()) if kind not in schema()["types"]["Update"]]


def _encoded(name: str) -> bool:
    """Whether a library has encoded a name that reaches the chat as it stands."""
    return unquote(name) != name and not unquote(name).isascii()


def _read(name: str, value: Any, kind: str, *, method: str, uploads: dict[str, Upload]) -> Any:
    if isinstance(value, str) and "InputFile" in kind and value.startswith("attach://"):
        value = uploads.get(value.removeprefix("attach://"), value)
    try:
        value = conform(_from_text(value, kind), kind, name)
        check_field(method, name, value)
    except Unfit as error:
        raise mistake(str(error)) from error
    return value


def _from_text(value: Any, kind: str) -> Any:
    """A form carries only text: numbers, truths and JSON are read from it."""
    if not isinstance(value, str):
        return value
    options = kind.split("|")
    if "Integer" in options and WHOLE.fullmatch(value):
        return int(value)
    if "Float" in options:
        try:
            return float(value)
        except ValueError:
            return value
    if options in (["Boolean"], ["True"]):
        return TRUTHS.get(value, value)
    if "String" in options:
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise Unfit(f"can't parse {kind} as JSON object") from error


def conform(value: Any, kind: str, path: str) -> Any:
    """The value, when it is of the kind. Raises ``Unfit`` with the place otherwise."""
    if kind.startswith("["):
        if not isinstance(value, list):
            raise Unfit(f"{path} must be an Array")
        return [conform(item, kind[1:-1], f"{path}[{at}]") for at, item in enumerate(value)]
    if kind.startswith("="):
        if value != kind[1:]:
            raise Unfit(f'{path} must be "{kind[1:]}"')
        return value
    options = _options(kind)
    errors: list[tuple[int, Unfit]] = []
    for option in options:
        try:
            return _conform_one(value, option, path)
        except Unfit as error:
            errors.append((_fit(value, option), error))
    raise max(errors, key=lambda one: one[0])[1]


def _options(kind: str) -> list[str]:
    unions = schema()["unions"]
    return [leaf for option in _split(kind) for leaf in unions.get(option, [option])]


def _split(kind: str) -> list[str]:
    """At the bars that are outside of brackets."""
    return re.findall(r"\[[^\]]*\]+|[^|\[\]]+", kind)


def _fit(value: Any, option: str) -> int:
    """How much a value looks like an option; the error of the likeliest one is told."""
    fields = schema()["types"].get(option)
    if not isinstance(value, dict) or fields is None:
        return 0
    fixed = [name for name, kind in fields.items() if kind.startswith("!=")]
    same = all(value.get(name) == fields[name][2:] for name in fixed)
    return (100 if fixed and same else 0) + sum(1 for name in value if name in fields)


def _conform_one(value: Any, kind: str, path: str) -> Any:
    match kind:
        case "Integer":
            if type(value) is not int:
                raise Unfit(f"{path} must be an Integer")
        case "Float":
            if type(value) not in (int, float):
                raise Unfit(f"{path} must be a Number")
        case "Boolean" | "True":
            if type(value) is not bool or (kind == "True" and value is not True):
                raise Unfit(f"{path} must be {kind}")
        case "String":
            if not isinstance(value, str):
                raise Unfit(f"{path} must be a String")
        case "InputFile":
            if not isinstance(value, Upload):
                raise Unfit(f"{path} must be uploaded as a file")
        case _ if kind.startswith("["):
            return conform(value, kind, path)
        case _:
            return _conform_object(value, kind, path)
    return value


def _conform_object(value: Any, kind: str, path: str) -> Any:
    fields: Fields | None = schema()["types"].get(kind)
    if fields is None:
        raise Unfit(f"{path} has the unknown type {kind}")
    if kind == "KeyboardButton" and isinstance(value, str):  # the documented short form
        value = {"text": value}
    if not isinstance(value, dict):
        raise Unfit(f"{path} must be an Object")
    if unknown := [name for name in value if name not in fields]:
        raise Unfit(f'unknown field "{unknown[0]}" of {kind} at {path}')
    for name, wanted in fields.items():
        if name not in value:
            if wanted.startswith("!"):
                raise Unfit(f'{kind} at {path} lacks "{name}"')
            continue
        conform(value[name], wanted.lstrip("!"), f"{path}.{name}")
        check_field(kind, name, value[name])
    return value
