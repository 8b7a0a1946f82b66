"""QR codes of links, as the bytes of a picture."""

import io

import segno

SCALE = 10  # pixels of a module: sharp on a phone, and large enough for a poster of a hand's width
BORDER = 4  # modules of white, as the standard asks


def qr_picture(link: str) -> bytes:
    """A PNG of the link that survives a scratch or a glossy print (15 % of it may be lost)."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=SCALE, border=BORDER)
    return out.getvalue()
