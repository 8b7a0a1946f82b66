"""A survey as a text file: what was read, and what is wrong in which line."""

from enum import StrEnum

from domain.survey_checks import Flaw
from domain.surveys import Definition
from domain.values import frozen

LARGEST = 64 * 1024  # bytes; twenty questions in three languages have a tenth of it


class FileFault(StrEnum):
    NOT_A_SURVEY = "not_a_survey"  # no text, or it does not begin with "survey:"
    TOO_LARGE = "too_large"
    NOT_UNDERSTOOD = "not_understood"
    NO_LANGUAGES = "no_languages"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_KIND = "unknown_kind"
    BAD_KEY = "bad_key"
    BAD_RULE = "bad_rule"
    MIXED_RULE = "mixed_rule"  # "and" and "or" in one
    TEXTS_OF_OPTION = "texts_of_option"  # not as many as there are languages
    OUTSIDE = "outside"  # an option or rule without a question above it


@frozen
class LineFault:
    """What is wrong in a line, counted from 1; ``words`` are the file's own where they say more."""

    line: int
    what: FileFault | Flaw
    words: str = ""


@frozen
class SurveyFile:
    """A file that was read; with ``faults`` it is not stored."""

    name: str
    anonymous: bool
    definition: Definition
    faults: tuple[LineFault, ...] = ()
