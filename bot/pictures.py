"""A picture that somebody sent over HTTP, drawn anew: only its pixels are kept.

What it says of itself (type, name, place, camera, comments, anything behind its end) is neither believed nor stored.
"""

import io
import warnings

SIDE = 2048  # pixels of the longer side that are kept; enough to read a label
MOST_PIXELS = 24_000_000  # decoded whole: a hundred megabytes of memory
MOST_PIXELS_JPEG = 120_000_000  # decoded at a fraction of their size, which a progressive one is not
QUALITY = 85


def cleaned(content: bytes) -> bytes | None:
    """The picture as a JPEG, upright; ``None`` for what is no picture of a kind that we read, or would not fit.

    It takes up to a second: never on the loop or the core's thread.
    """
    from PIL import Image, ImageOps  # 0.1 s that a bot without pages never needs

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limits are lower
            found = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
            in_parts = found.format == "JPEG" and not found.info.get("progressive")
            if found.width * found.height > (MOST_PIXELS_JPEG if in_parts else MOST_PIXELS):
                return None
            found.draft("RGB", (SIDE, SIDE))
            if found.width * found.height > MOST_PIXELS:  # a long strip is decoded whole
                return None
            small = found if found.mode in ("RGB", "RGBA", "L") else found.convert("RGBA")
            small.thumbnail((SIDE, SIDE))
            upright = ImageOps.exif_transpose(small).convert("RGBA")
            drawn = Image.new("RGB", upright.size, "white")
            drawn.paste(upright, mask=upright)
            out = io.BytesIO()
            drawn.save(out, "JPEG", quality=QUALITY)
            return out.getvalue()
    except Exception:  # a decoder may raise anything at hostile bytes; whatever it is, it is no picture
        return None
