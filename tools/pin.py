"""Pin every package that the project or its tests use, by name and version, in ``pyproject.toml``.

    uv run python tools/pin.py              what is resolved now: after a dependency was added
    uv run python tools/pin.py --upgrade    the newest that fit together

A lock file would name the package index of whoever wrote it on every line, so there is none: ``uv run`` resolves to
exactly these versions from whatever index is configured on the machine.
"""

import argparse
import re
import subprocess
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
BLOCK = re.compile(r"constraint-dependencies = \[.*?^\]\n", re.DOTALL | re.MULTILINE)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9._+!-]+)", re.MULTILINE)
EXPORT = ["uv", "export", "--quiet", "--no-hashes", "--no-header", "--no-annotate", "--no-emit-project"]
EVERYTHING = ["--all-extras", "--all-groups"]


def main() -> None:
    """Ask uv what it resolves to and write that down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true", help="forget the present versions")
    text = PROJECT.read_text("utf-8")
    pins = newest(text) if parser.parse_args().upgrade else resolved(PROJECT.parent)
    PROJECT.write_text(with_pins(text, pins), "utf-8")
    print(f"{len(pins)} packages are pinned.")


def resolved(folder: Path) -> list[str]:
    """What the project in ``folder`` resolves to, as ``name==version``; where a package has several, the first."""
    export = subprocess.run([*EXPORT, *EVERYTHING], cwd=folder, check=True, capture_output=True, text=True).stdout
    versions: dict[str, str] = {}
    for name, version in PINNED.findall(export):
        versions.setdefault(name, version)
    return [f"{name}=={version}" for name, version in sorted(versions.items())]


def newest(text: str) -> list[str]:
    """What the project resolves to without its pins, worked out in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / PROJECT.name).write_text(BLOCK.sub("constraint-dependencies = [\n]\n", text), "utf-8")
        return resolved(Path(folder))


def with_pins(text: str, pins: list[str]) -> str:
    """``pyproject.toml`` with these pins in place of those it has."""
    lines = "".join(f'  "{pin}",\n' for pin in pins)
    block = f"constraint-dependencies = [\n{lines}]\n"
    if BLOCK.search(text):
        return BLOCK.sub(lambda _: block, text)
    return f"{text.rstrip()}\n\n[tool.uv]\n# written by tools/pin.py\n{block}"


if __name__ == "__main__":
    main()
