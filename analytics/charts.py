"""Charts as PNG pictures that a phone shows without zooming: 1,080 pixels wide, big letters, Chinese in both scripts.

Drawn in a job's process only: the import alone takes longer than an answer may.
"""

import io
import textwrap
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from domain.survey_results import Bar, Panel

WIDTH, DPI = 7.2, 150  # inches and dots: 1,080 pixels
BAR = 0.46  # inches of a bar with its gap
LINE = 0.27  # inches of a line of a question
NOTE, GAP = 0.38, 0.3  # inches of the figure's line, and between two panels
LONGEST_TITLE, LONGEST_LABEL = 58, 17  # widths of a Latin letter, twice that in Chinese


def draw(title: str, subtitle: str, panels: Sequence[Panel]) -> bytes:
    """The picture of a result, as PNG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    family = _font()
    titles = [wrapped(panel.title, LONGEST_TITLE) for panel in panels]
    heads = [LINE * (1 + words.count("\n")) + NOTE for words in titles]
    total = 1.25 + sum(head + GAP + BAR * len(one.bars) for head, one in zip(heads, panels, strict=True))
    with matplotlib.rc_context({"font.family": family, "axes.unicode_minus": False, "text.parse_math": False}):
        figure = Figure(figsize=(WIDTH, total), dpi=DPI, facecolor="white")
        top = total - 0.35
        figure.text(0.04, top / total, wrapped(title, 34, lines=1), fontsize=19, va="top", color="#16202b")
        figure.text(0.04, (top - 0.42) / total, wrapped(subtitle, 56, lines=1), fontsize=13, va="top", color="#5b6773")
        top -= 0.9
        for panel, words, head in zip(panels, titles, heads, strict=True):
            figure.text(0.04, top / total, words, fontsize=14, va="top", color="#16202b", linespacing=1.25)
            top -= head
            note = wrapped(panel.note, 66, lines=1)
            figure.text(0.04, (top + NOTE - 0.06) / total, note, fontsize=12, va="top", color="#5b6773")
            if panel.bars:
                top -= BAR * len(panel.bars)
                size = (0.29, top / total, 0.53, BAR * len(panel.bars) / total)
                _bars(figure.add_axes(size), panel.bars)
            top -= GAP
        out = io.BytesIO()
        figure.savefig(out, format="png")
    return out.getvalue()


def _bars(axes: object, bars: Sequence[Bar]) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    places = range(len(bars), 0, -1)
    axes.barh(list(places), [bar.share for bar in bars], height=0.62, color=[bar.colour for bar in bars])
    axes.barh(list(places), [1.0] * len(bars), height=0.62, color="#eef1f4", zorder=0)
    for place, bar in zip(places, bars, strict=True):
        axes.text(1.03, place, bar.note, va="center", fontsize=12, color="#16202b")
        label = wrapped(bar.label, LONGEST_LABEL)
        axes.text(-0.03, place, label, va="center", ha="right", fontsize=11 if "\n" in label else 12, linespacing=1.05)
    axes.set_xlim(0, 1)
    axes.set_ylim(0.4, len(bars) + 0.6)
    axes.axis("off")


def _font() -> str:
    """Make the Chinese font known; it has the Latin letters, too."""
    import pylopdf_fonts_zh_cn
    from matplotlib import font_manager

    path = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
    font_manager.fontManager.addfont(str(path))
    return font_manager.FontProperties(fname=str(path)).get_name()


def wrapped(text: str, width: int, *, lines: int = 2) -> str:
    """A text in at most so many lines of a width in Latin letters; what is more ends in an ellipsis."""
    made: list[str] = [""]
    for word in _words(text):
        if _wide(made[-1] + word) <= width:
            made[-1] += word
        elif len(made) < lines:
            made.append(word.lstrip())
        else:
            made[-1] = _cut(made[-1] + word, width)
            break
    return "\n".join(line.rstrip() for line in made)


def _words(text: str) -> list[str]:
    """Where a line may break: between Chinese signs, and behind a Latin word."""
    words: list[str] = []
    for sign in " ".join(text.split()):
        if words and sign.isascii() and words[-1][-1].isascii() and not words[-1].endswith(" "):
            words[-1] += sign
        else:
            words.append(sign)
    return [part for word in words for part in textwrap.wrap(word, 30, drop_whitespace=False)]


def _cut(text: str, width: int) -> str:
    while text and _wide(text) > width - 1:
        text = text[:-1]
    return text + "…"


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
