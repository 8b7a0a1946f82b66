"""Makes ``schema.json`` from a published machine-readable Bot API: facts only, one line per method and type.

The source is the ``schema.json`` that aiogram's source distribution carries below ``.butcher/schema`` (3.28.2 is Bot
API 10.0, the level of python-telegram-bot 22.8). What is kept are names, types and required flags::

    python -m sandbox.make_schema path/to/schema.json

A field is written as its type; ``!`` in front says required, ``[T]`` is an array, ``A|B`` a choice, ``=word`` a fixed
word.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("schema.json")
FIXED_WORD = re.compile(r"(?:must be|always) [\"'“‘]?(\w+)[\"'”’]?$")


def type_of(words: str) -> str:
    """``Array of A, B and C`` becomes ``[A|B|C]``."""
    if words.startswith("Array of "):
        return f"[{type_of(words.removeprefix('Array of '))}]"
    return "|".join(re.split(r", | and | or ", words))


def field_of(annotation: dict[str, Any], *, owner: str) -> str:
    mark = "!" if annotation["required"] else ""
    fixed = FIXED_WORD.search(annotation["description"].strip())
    is_kind = annotation["name"] in ("type", "status", "source") and owner[0].isupper()
    if is_kind and annotation["type"] == "String" and fixed:
        return f"{mark}={fixed[1]}"
    return mark + type_of(annotation["type"])


def reduced(source: dict[str, Any]) -> dict[str, Any]:
    """Methods, types with fields, and types that are one of several others."""
    methods: dict[str, dict[str, str]] = {}
    types: dict[str, dict[str, str]] = {}
    unions: dict[str, list[str]] = {}
    for entry in (child for group in source["items"] for child in group["children"]):
        name = entry["name"]
        fields = {a["name"]: field_of(a, owner=name) for a in entry["annotations"]}
        if entry["category"] == "methods":
            methods[name] = fields
        elif choices := re.findall(r"^ - (\w+)$", entry["description"], re.MULTILINE) if not fields else []:
            unions[name] = choices
        else:
            types[name] = fields
    return {"version": source["api"]["version"], "methods": methods, "types": types, "unions": unions}


def as_text(schema: dict[str, Any]) -> str:
    parts = [f'"version": {json.dumps(schema["version"])}']
    for part in ("methods", "types", "unions"):
        lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sorted(schema[part].items())]
        parts.append(f'"{part}": {{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the published schema.json")
    parser.add_argument("--target", type=Path, default=TARGET)
    given = parser.parse_args()
    schema = reduced(json.loads(given.source.read_text("utf-8")))
    given.target.write_text(as_text(schema), "utf-8")
    print(f"Bot API {schema['version']}: {len(schema['methods'])} methods, {len(schema['types'])} types")


if __name__ == "__main__":
    main()
