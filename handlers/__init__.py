"""Chat entry points. A feature is served when its module stands here, and only then its commands are in the menu."""

from importlib import import_module
from typing import Any

MODULES: tuple[str, ...] = (
    "advisor",
    "answers",
    "away",
    "bindings",
    "cards",
    "case_work",
    "cases",
    "consents",
    "contacts",
    "customer_links",
    "customers",
    "drafts",
    "enquiries",
    "exports",
    "feedback",
    "history",
    "import_jobs",
    "imports",
    "invites",
    "jobs",
    "me",
    "next_touches",
    "owners",
    "privacy",
    "reminders",
    "reply_templates",
    "settings",
    "setup",
    "start",
    "status",
    "survey_builder",
    "survey_previews",
    "survey_photos",
    "survey_results",
    "survey_sending",
    "surveys",
    "talks",
    "teams",
    "texts",
    "today",
    "touches",
    "web_links",
    "welcome",
    "wishes",
)


def all_routes() -> tuple[Any, ...]:
    """The routes of every feature, in the order of the modules; the first that admits the role wins."""
    return tuple(route for name in MODULES for route in import_module(f"handlers.{name}").ROUTES)


def all_jobs() -> dict[str, Any]:
    """The kinds of long work of every feature."""
    found: dict[str, Any] = {}
    for name in MODULES:
        found |= getattr(import_module(f"handlers.{name}"), "JOBS", {})
    return found
