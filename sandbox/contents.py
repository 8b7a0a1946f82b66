"""What a message holds: text, a picture, a file, a place; from checked parameters to the fields of a message."""

from collections.abc import Callable
from typing import Any

from sandbox.entities import formatted, units
from sandbox.files import LARGEST_PHOTO, LARGEST_UPLOAD, Stored, Upload
from sandbox.limits import LONGEST_CAPTION, LONGEST_TEXT
from sandbox.refusals import Refused, bad_request, mistake
from sandbox.world import World

Content = dict[str, Any]
Params = dict[str, Any]

CONTENT_FIELDS = frozenset(
    {"text", "entities", "link_preview_options", "caption", "caption_entities", "show_caption_above_media"}
    | {"photo", "document", "voice", "video", "audio", "sticker", "animation", "video_note"}
    | {"location", "venue", "contact", "poll"}
)


def text_content(world: World, params: Params) -> Content:
    text, marks = formatted(
        params["text"],
        parse_mode=params.get("parse_mode"),
        entities=params.get("entities"),
        people=world.chats.people,
    )
    if not text:
        raise mistake("text must be non-empty")
    if units(text) > LONGEST_TEXT:
        raise mistake("message is too long")
    content: Content = {"text": text} | ({"entities": marks} if marks else {})
    if options := params.get("link_preview_options"):
        content["link_preview_options"] = options
    return content


def caption_content(world: World, params: Params) -> Content:
    text, marks = formatted(
        params.get("caption", ""),
        parse_mode=params.get("parse_mode"),
        entities=params.get("caption_entities"),
        people=world.chats.people,
    )
    if units(text) > LONGEST_CAPTION:
        raise mistake("message caption is too long")
    content: Content = {"caption": text} if text else {}
    content |= {"caption_entities": marks} if marks else {}
    return content | ({"show_caption_above_media": True} if params.get("show_caption_above_media") else {})


def stored_file(world: World, value: Upload | str, kind: str) -> Stored:
    """The file of an upload, or the one that an id names."""
    if isinstance(value, Upload):
        return _kept(world, value, kind)
    if value.startswith("attach://"):
        raise mistake(f"the upload {value} is not in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content: fetching is not supported by this server")
    stored = world.files.by_id.get(value)
    if stored is None:
        raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def attached(params: Params, media: str) -> Upload | str:
    """The upload that ``attach://name`` means; anything else is an id."""
    uploads: dict[str, Upload] = params["uploads"]
    return uploads.get(media.removeprefix("attach://"), media) if media.startswith("attach://") else media


def _kept(world: World, upload: Upload, kind: str) -> Stored:
    if len(upload.body) > LARGEST_UPLOAD:
        raise Refused(413, "Request Entity Too Large")
    if not upload.body:
        raise mistake("file must be non-empty")
    if kind == "photo" and len(upload.body) > LARGEST_PHOTO:
        raise mistake("file is too big for a photo")
    stored = world.files.keep(kind, upload)
    if kind == "photo":
        _check_picture(stored)
    return stored


def _check_picture(stored: Stored) -> None:
    if not stored.width or not stored.height:
        raise mistake("IMAGE_PROCESS_FAILED")
    longer, shorter = max(stored.width, stored.height), min(stored.width, stored.height)
    if longer + shorter > 10_000 or longer > 20 * shorter:
        raise mistake("PHOTO_INVALID_DIMENSIONS")


def media_json(stored: Stored, params: Params) -> Any:
    """The field of the message for a file; a photo is a list of sizes, here always one."""
    size = {"width": params.get("width") or stored.width, "height": params.get("height") or stored.height}
    length = {"duration": params.get("duration") or stored.duration}
    named = {"file_name": stored.name, "mime_type": stored.mime}
    match stored.kind:
        case "photo":
            return [stored.as_json() | size]
        case "voice":
            return stored.as_json() | length | {"mime_type": stored.mime}
        case "audio":
            tags = {key: params[key] for key in ("performer", "title") if key in params}
            return stored.as_json() | length | named | tags
        case "video" | "animation":
            return stored.as_json() | size | length | named
        case "video_note":
            return stored.as_json() | length | {"length": params.get("length") or stored.width}
        case "sticker":
            still = {"type": "regular", "is_animated": False, "is_video": False}
            return stored.as_json() | size | still
        case _:
            return stored.as_json() | named


def media_content(kind: str) -> Callable[[World, Params], Content]:
    def content(world: World, params: Params) -> Content:
        caption = caption_content(world, params)
        stored = stored_file(world, params[kind], kind)
        field = {kind: media_json(stored, params)}
        if kind == "animation":
            field["document"] = stored.as_json() | {"file_name": stored.name, "mime_type": stored.mime}
        return field | caption

    return content


def location_content(world: World, params: Params) -> Content:
    if params.get("live_period"):
        raise bad_request("live locations are not supported by this server")
    place = {"latitude": params["latitude"], "longitude": params["longitude"]}
    return {"location": place | {key: params[key] for key in ("horizontal_accuracy",) if key in params}}


def venue_content(world: World, params: Params) -> Content:
    place = location_content(world, params)["location"]
    optional = ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
    venue = {"location": place, "title": params["title"], "address": params["address"]}
    return {"venue": venue | {key: params[key] for key in optional if key in params}, "location": place}


def contact_content(world: World, params: Params) -> Content:
    names = ("phone_number", "first_name", "last_name", "vcard")
    return {"contact": {key: params[key] for key in names if params.get(key)}}


def poll_content(world: World, params: Params) -> Content:
    if "type" in params and params["type"] not in ("regular", "quiz"):
        raise mistake("unsupported poll type specified")
    options = [{"text": option["text"], "voter_count": 0} for option in params["options"]]
    poll = {
        "id": str(world.chats.next_message_id),
        "question": params["question"],
        "options": [option | {"persistent_id": str(at)} for at, option in enumerate(options)],
        "total_voter_count": 0,
        "is_closed": bool(params.get("is_closed")),
        "is_anonymous": params.get("is_anonymous", True),
        "type": params.get("type", "regular"),
        "allows_multiple_answers": bool(params.get("allows_multiple_answers")),
        "allows_revoting": bool(params.get("allows_revoting", True)),
        "members_only": bool(params.get("members_only")),
    }
    return {"poll": poll}
