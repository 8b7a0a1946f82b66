"""Surveys that are ready to be sent, in three languages: files of the format that leads can write themselves."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from domain.surveys import Definition
from parsing.survey_files import read_survey
from views.language import Translator

_HERE = Path(__file__).parent / "templates"


class Template(StrEnum):
    CSAT = "csat"
    NPS = "nps"
    CES = "ces"
    AFTER_VISIT = "after_visit"
    AFTER_CASE = "after_case"
    PRODUCT = "product"


@cache
def definition_of(template: Template) -> Definition:
    """What a template asks, in all languages."""
    return read_survey((_HERE / f"{template}.txt").read_bytes()).definition


def template_name(t: Translator, template: Template) -> str:
    match template:
        case Template.CSAT:
            return t.gettext("Satisfaction (CSAT)")
        case Template.NPS:
            return t.gettext("Recommendation (NPS)")
        case Template.CES:
            return t.gettext("Ease (CES)")
        case Template.AFTER_VISIT:
            return t.gettext("After a visit")
        case Template.AFTER_CASE:
            return t.gettext("After a case")
        case Template.PRODUCT:
            return t.gettext("Product")
