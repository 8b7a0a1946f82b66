"""Every parameter is held against the published method list: names, types, required flags, lengths."""

import json
from pathlib import Path
from typing import Any

import pytest
from telegram.constants import BOT_API_VERSION

from sandbox import make_schema
from sandbox.checks import read_params, schema
from sandbox.files import Upload
from sandbox.refusals import Mistake


def read(method: str, **given: Any) -> dict[str, Any]:
    params, oddities = read_params(method, given, {})
    assert oddities == []
    return params


def wrong(method: str, **given: Any) -> str:
    with pytest.raises(Mistake) as refused:
        read_params(method, given, {})
    return refused.value.description.removeprefix("Bad Request: ")


def test_the_list_is_at_the_level_of_the_library() -> None:
    assert schema()["version"] == BOT_API_VERSION
    assert len(schema()["methods"]) > 150


def test_every_type_of_the_list_is_known() -> None:
    listed = schema()
    simple = {"Integer", "Float", "Boolean", "True", "String", "InputFile"}
    known = simple | set(listed["types"]) | set(listed["unions"])
    for fields in (*listed["methods"].values(), *listed["types"].values()):
        for kind in fields.values():
            names = kind.lstrip("!").replace("[", "").replace("]", "").split("|")
            assert kind.lstrip("!").startswith("=") or set(names) <= known, kind


@pytest.mark.parametrize("text", ["5", 5])
def test_forms_carry_text_and_json_carries_values(text: Any) -> None:
    assert read("sendMessage", chat_id=text, text="x")["chat_id"] == 5


def test_a_form_value_is_read_by_its_type() -> None:
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    params = read("sendMessage", chat_id="1", text="5", disable_notification="true", reply_markup=json.dumps(markup))
    assert params["text"] == "5"
    assert params["disable_notification"] is True
    assert params["reply_markup"] == markup


def test_unknown_parameters_are_told() -> None:
    _, oddities = read_params("sendMessage", {"chat_id": 1, "text": "x", "txt": "y"}, {})
    assert oddities == ['unknown parameter "txt" of sendMessage']


def test_an_upload_that_nothing_names_is_told() -> None:
    _, oddities = read_params("sendMessage", {"chat_id": 1, "text": "x"}, {"file": Upload("a", "", b"a")})
    assert oddities == ['upload "file" is not used by sendMessage']


def test_a_name_that_a_library_encoded_is_told() -> None:
    _, oddities = read_params("sendDocument", {"chat_id": 1}, {"document": Upload("%E5%BC%A0.csv", "", b"a")})
    assert oddities == ['the name of upload "%E5%BC%A0.csv" is percent-encoded']
    assert read_params("sendDocument", {"chat_id": 1}, {"document": Upload("50%20.csv", "", b"a")})[1] == []


def test_a_kind_of_update_that_does_not_exist_is_told() -> None:
    _, oddities = read_params("getUpdates", {"allowed_updates": '["message", "mesage"]'}, {})
    assert oddities == ['unknown kind of update "mesage"']


@pytest.mark.parametrize(
    "method, given, words",
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": 5}, "text must be a String"),
        ("sendMessage", {"chat_id": 1, "text": "x", "disable_notification": "perhaps"}, "must be Boolean"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "{"}, "can't parse"),
        ("sendMessage", {"chat_id": 1.5, "text": "x"}, "chat_id must be"),
        ("sendMessage", {"chat_id": True, "text": "x"}, "chat_id must be"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_parameters": {}}, 'lacks "message_id"'),
        ("sendLocation", {"chat_id": 1, "latitude": "north", "longitude": 1}, "latitude must be a Number"),
        ("sendLocation", {"chat_id": 1, "latitude": 91, "longitude": 1}, "latitude of sendLocation must be from"),
        ("sendDocument", {"chat_id": 1}, 'parameter "document" is required'),
        ("setMyCommands", {"commands": [{"command": "Visit", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "visit", "description": ""}]}, "description of BotCommand"),
        ("setMyCommands", {"commands": [{"command": "v", "description": "x"}] * 101}, "0-100 items"),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat"}}, 'BotCommandScopeChat at scope lacks "chat_id"'),
        ("setMyCommands", {"commands": [], "scope": {"type": "planet"}}, "must be"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "text of answerCallbackQuery"),
        ("setWebhook", {"url": "https://x.org", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ("getUpdates", {"timeout": 51}, "timeout of getUpdates must be from 0 to 50"),
        ("sendMediaGroup", {"chat_id": 1, "media": [{"type": "photo", "media": "x"}]}, "2-10 items"),
        ("setMyName", {"name": "x" * 65}, "0-64 characters"),
    ],
)
def test_what_is_wrong_is_refused(method: str, given: dict[str, Any], words: str) -> None:
    assert words in wrong(method, **given)


@pytest.mark.parametrize(
    "button, words",
    [
        ({"text": "a", "callback": "b"}, 'unknown field "callback" of InlineKeyboardButton'),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": "张" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        ({"callback_data": "x"}, 'InlineKeyboardButton at reply_markup.inline_keyboard[0][0] lacks "text"'),
        ({"text": 5, "callback_data": "x"}, "text must be a String"),
        ({"text": "a", "callback_data": "x", "style": "loud"}, "button style is invalid"),
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "1-256 characters"),
    ],
)
def test_buttons_are_checked(button: dict[str, Any], words: str) -> None:
    assert words in wrong("sendMessage", chat_id=1, text="x", reply_markup={"inline_keyboard": [[button]]})


def test_64_bytes_of_data_are_fine() -> None:
    button = {"text": "a", "callback_data": "张" * 21 + "x"}
    read("sendMessage", chat_id=1, text="x", reply_markup={"inline_keyboard": [[button]]})


def test_the_likeliest_of_several_types_is_told() -> None:
    markup = {"keyboard": [[{"text": "a", "request_phone": True}]]}
    told = wrong("sendMessage", chat_id=1, text="x", reply_markup=markup)
    assert told == 'unknown field "request_phone" of KeyboardButton at reply_markup.keyboard[0][0]'


def test_the_list_can_be_made_again(tmp_path: Path) -> None:
    field = {"name": "ids", "type": "Array of Integer", "required": True, "description": "Numbers"}
    kind = {"name": "type", "type": "String", "required": True, "description": "Scope type, must be chat"}
    source = {
        "api": {"version": "9.9"},
        "items": [
            {
                "children": [
                    {"name": "doIt", "category": "methods", "annotations": [field], "description": ""},
                    {"name": "ScopeChat", "category": "types", "annotations": [kind], "description": ""},
                    {"name": "Scope", "category": "types", "annotations": [], "description": "One of\n - ScopeChat"},
                ]
            }
        ],
    }
    made = json.loads(make_schema.as_text(make_schema.reduced(source)))
    assert made == {
        "version": "9.9",
        "methods": {"doIt": {"ids": "![Integer]"}},
        "types": {"ScopeChat": {"type": "!=chat"}},
        "unions": {"Scope": ["ScopeChat"]},
    }
