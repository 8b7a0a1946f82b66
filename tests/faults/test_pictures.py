"""Pictures that somebody sends to the page: what takes more memory than a picture may is refused before it is drawn."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.pictures import MOST_PIXELS, SIDE, cleaned

MOST_MEGABYTES = 160  # of it thirty for the library
MEASURE = """
import resource, sys
from bot.pictures import cleaned
body = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
drawn = cleaned(body)
print(drawn is not None, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def picture(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    "body, taken",
    [
        pytest.param(picture(12_000, 9_900), True, id="a photo of 120 megapixels"),
        pytest.param(picture(65_500, 1_800), False, id="a strip of as many"),
        pytest.param(picture(12_000, 9_900, progressive=True), False, id="a progressive one"),
        pytest.param(picture(6_000, 3_900, "PNG", "RGBA"), True, id="a drawing at the limit"),
    ],
)
def test_a_picture_takes_its_memory_and_no_more(body: bytes, taken: bool) -> None:
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE], input=body, capture_output=True, check=True, cwd=Path(__file__).parents[2]
    )
    drawn, megabytes = measured.stdout.decode().split()
    assert (drawn == "True") is taken
    assert int(megabytes) < (MOST_MEGABYTES if taken else 40)


def test_it_is_upright_and_small() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    drawn = cleaned(picture(3_000, 1_000, exif=exif))
    assert drawn is not None
    with Image.open(io.BytesIO(drawn)) as found:
        assert found.size == (round(SIDE / 3), SIDE) and not found.getexif()
    assert MOST_PIXELS > 6_000 * 3_900
