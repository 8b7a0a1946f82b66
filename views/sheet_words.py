"""Sheets in words: what a column is called, why a file is refused, what is wrong with a row.

The headings are those of our own export and must be known to ``parsing/sheet_words.py``, so that a file that was
written in one language can be imported in any.
"""

from domain.sheets import BAD, MEBIBYTE, Field, ImportRow, Problem, ProblemKind, Reason, SheetRefused
from views.language import Translator


def column_name(t: Translator, field: Field) -> str:
    """What a column with this field is called, in a file and on a button."""
    return (_who(t) | _reach(t) | _about(t) | _looking_after(t))[field]


def _who(t: Translator) -> dict[Field, str]:
    return {
        Field.KEYUAN_ID: t.pgettext("column", "Keyuan ID"),
        Field.KIND: t.pgettext("column", "Person or company"),
        Field.NAME: t.pgettext("column", "Customer"),
        Field.SHORT_NAME: t.pgettext("column", "Short name"),
        Field.COMPANY: t.pgettext("column", "Company"),
        Field.CONTACT_NAME: t.pgettext("column", "Contact"),
        Field.NICKNAME: t.pgettext("column", "Nickname"),
        Field.TITLE: t.pgettext("column", "Job title"),
        Field.PART: t.pgettext("column", "Decision role"),
        Field.GENDER: t.pgettext("column", "Gender"),
        Field.BIRTHDAY: t.pgettext("column", "Birthday"),
    }


def _reach(t: Translator) -> dict[Field, str]:
    return {
        Field.PHONE: t.pgettext("column", "Phone"),
        Field.PHONE2: t.pgettext("column", "Other phone"),
        Field.FAX: t.pgettext("column", "Fax"),
        Field.EMAIL: t.pgettext("column", "E-mail"),
        Field.WECHAT: t.pgettext("column", "WeChat"),
        Field.OTHER_CHANNEL: t.pgettext("column", "Other contact"),
        Field.PREFERRED_CHANNEL: t.pgettext("column", "Preferred channel"),
        Field.PREFERRED_TIME: t.pgettext("column", "Preferred time"),
        Field.COUNTRY: t.pgettext("column", "Country"),
        Field.REGION: t.pgettext("column", "Province or state"),
        Field.CITY: t.pgettext("column", "City"),
        Field.DISTRICT: t.pgettext("column", "District"),
        Field.ADDRESS: t.pgettext("column", "Address"),
        Field.POSTCODE: t.pgettext("column", "Postcode"),
        Field.LOCATION: t.pgettext("column", "Coordinates"),
    }


def _about(t: Translator) -> dict[Field, str]:
    return {
        Field.OCCUPATION: t.pgettext("column", "Occupation"),
        Field.INDUSTRY: t.pgettext("column", "Industry"),
        Field.NEEDS: t.pgettext("column", "Needs"),
        Field.PREFERENCES: t.pgettext("column", "Preferences"),
        Field.INTERESTS: t.pgettext("column", "Interests"),
        Field.BUDGET: t.pgettext("column", "Budget"),
        Field.SOURCE: t.pgettext("column", "Source"),
        Field.NOTE: t.pgettext("column", "Note"),
    }


def _looking_after(t: Translator) -> dict[Field, str]:
    return {
        Field.STAGE: t.pgettext("column", "Stage"),
        Field.GRADE: t.pgettext("column", "Grade"),
        Field.TAGS: t.pgettext("column", "Tags"),
        Field.OWNER: t.pgettext("column", "Owner"),
        Field.NEXT_TOUCH: t.pgettext("column", "Next touch"),
        Field.LAST_TOUCH: t.pgettext("column", "Last touch"),
        Field.EXTERNAL_ID: t.pgettext("column", "Customer number"),
        Field.IGNORE: t.pgettext("column", "Not imported"),
    }


def reason_heading(t: Translator) -> str:
    """The heading of the column that tells why a row came back."""
    return t.pgettext("column", "Not imported because")


def refused_file(t: Translator, refused: SheetRefused) -> str:
    """One sentence on a file that was not read, and what to do; plain text without markup."""
    facts = {name: t.number(value) if isinstance(value, int) else value for name, value in refused.facts.items()}
    match refused.reason:
        case Reason.TOO_BIG:
            limit = t.number(int(refused.facts["limit"]) // MEBIBYTE)
            text = t.gettext("The file is larger than {limit} MB. Please send it in several parts.")
            return text.format(limit=limit)
        case Reason.NOT_A_SHEET | Reason.OTHER_FORMAT | Reason.DAMAGED | Reason.ENCRYPTED | Reason.MACROS:
            return _refused_kind(t, refused.reason)
        case Reason.EMPTY:
            return t.gettext("There is nothing in this file.")
        case Reason.NO_ROWS:
            return t.gettext("This file has headings, but no customer under them.")
        case Reason.TOO_MANY_ROWS:
            text = t.gettext("This file has more than {limit} rows. Please send it in several parts.")
            return text.format(**facts)
        case Reason.TOO_MANY_COLUMNS:
            text = t.gettext("This file has more than {limit} columns. Please keep those of your customers only.")
            return text.format(**facts)
        case Reason.CELL_TOO_LONG:
            text = t.gettext(
                "Row {row} holds a cell of more than {limit} characters. Please shorten it and send it again."
            )
            return text.format(**facts)
        case Reason.UNCLOSED_QUOTE:
            text = t.gettext(
                "In row {row} a quotation mark is opened and never closed. Please correct it and send it again."
            )
            return text.format(**facts)
        case (
            Reason.TOO_SCATTERED
            | Reason.TOO_MANY_ENTRIES
            | Reason.UNPACKS_TOO_BIG
            | Reason.PACKED_TOO_TIGHT
            | Reason.NESTED_ARCHIVE
            | Reason.DTD
        ):
            return t.gettext(
                "This file holds more than a list of customers does, so I did not open it. "
                "Please copy the list into a new, empty file and send that."
            )


def _refused_kind(t: Translator, reason: Reason) -> str:
    match reason:
        case Reason.OTHER_FORMAT:
            return t.gettext("I cannot read this format. Please save the file as XLSX or CSV and send it again.")
        case Reason.DAMAGED:
            return t.gettext("This file is damaged. Please open it, save it as XLSX once more and send it again.")
        case Reason.ENCRYPTED:
            return t.gettext("This file is locked with a password. Please remove the password and send it again.")
        case Reason.MACROS:
            return t.gettext("This file holds macros. Please save it as XLSX, without macros, and send it again.")
        case _:
            return t.gettext("This is no list of customers. Please send an XLSX or CSV file.")


def problem_text(t: Translator, problem: Problem) -> str:
    """One thing about a row: what is wrong, under which heading."""
    name = column_name(t, problem.field) if problem.field else ""
    match problem.kind:
        case ProblemKind.NO_NAME:
            return t.gettext("there is no name of a customer")
        case ProblemKind.TOO_LONG:
            text = t.gettext("{column} is longer than {limit} characters")
        case ProblemKind.TOO_MANY_TAGS:
            text = t.gettext("there are more than {limit} tags")
        case ProblemKind.BAD_DATE:
            text = t.gettext("{column}: there is no such day as “{text}”")
        case ProblemKind.FUTURE_DATE:
            text = t.gettext("{column}: “{text}” is still to come")
        case ProblemKind.TOO_MANY_CELLS:
            text = t.gettext("there are more cells than the {limit} headings; a separator inside a value?")
        case ProblemKind.JOINED:
            return t.gettext("a value with a separator in it was put together again")
        case ProblemKind.UNKNOWN_WORD | ProblemKind.BAD_LOCATION:
            text = t.gettext("{column}: “{text}” was not understood and is kept in the note")
        case ProblemKind.MOVED_TO_NOTE:
            text = t.gettext("{column} is too long and was moved to the note")
        case ProblemKind.BAD_PHONE:
            text = t.gettext("{column}: “{text}” is no valid number and is kept as typed")
        case ProblemKind.BAD_EMAIL:
            text = t.gettext("{column}: “{text}” is no valid address and is kept as typed")
    limit = t.number(problem.limit) if problem.limit is not None else ""
    return text.format(column=name, text=problem.text, limit=limit)


def reasons(t: Translator, row: ImportRow) -> str:
    """Why a row came back, for its column of reasons; plain text, as all of these."""
    joined = t.gettext("; ").join(problem_text(t, problem) for problem in row.problems if problem.kind in BAD)
    return joined[:1].upper() + joined[1:]
