"""Who plays in the sandbox: the persons with their phones, and the account of the bot."""

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Person:
    """Someone with Telegram. ``title`` is the caption on the page; ``started`` means the bot may write to them."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "zh-hans"
    title: str = ""
    phone: str = ""
    started: bool = False
    blocked: bool = False

    def as_user(self) -> dict[str, Any]:
        """The ``User`` of the Bot API; what is empty is left out, as the real server does."""
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        user = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return user | {key: value for key, value in optional.items() if value}

    def as_chat(self) -> dict[str, Any]:
        optional = {"last_name": self.last_name, "username": self.username}
        chat = {"id": self.id, "type": "private", "first_name": self.first_name}
        return chat | {key: value for key, value in optional.items() if value}

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Account:
    """The bot as BotFather knows it."""

    token: str
    username: str = "sandbox_bot"
    first_name: str = "Sandbox"
    can_join_groups: bool = True
    can_read_all_group_messages: bool = False
    supports_inline_queries: bool = False

    @property
    def id(self) -> int:
        return int(self.token.partition(":")[0])

    def as_user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def as_me(self) -> dict[str, Any]:
        """What ``getMe`` says; the flags appear nowhere else."""
        flags = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        never = ("can_connect_to_business", "has_main_web_app", "has_topics_enabled", "allows_users_to_create_topics")
        return (
            self.as_user()
            | {flag: getattr(self, flag) for flag in flags}
            | dict.fromkeys((*never, "can_manage_bots"), False)
        )


def person_from(given: dict[str, Any]) -> Person:
    """A person from JSON.

    Raises:
        ValueError: no id, no name, an unknown field, or a value of the wrong kind.
    """
    fields = {field.name: field.type for field in dataclasses.fields(Person)}
    if unknown := sorted(set(given) - set(fields)):
        raise ValueError(f"a person has no {', '.join(unknown)}")
    for name, value in given.items():
        if type(value) is not fields[name]:
            raise ValueError(f"{name} of a person must be {fields[name]}")
    if given.get("id", 0) <= 0 or not given.get("first_name"):
        raise ValueError("a person needs a positive id and a first_name")
    return Person(**given)


def sample_people() -> tuple[Person, ...]:
    """Somebody to talk as when no file of people is given."""
    return (
        Person(10001, "周芳", "", "zhou_fang", title="管理员 · 周芳", phone="+8613800000001"),
        Person(10002, "李强", "", "li_qiang", title="主管 · 李强", phone="+8613800000002"),
        Person(10003, "王娜", "", "wang_na", title="销售 · 王娜", phone="+8613800000003"),
        Person(10004, "赵涛", "", "zhao_tao", title="销售 · 赵涛", phone="+8613800000004"),
        Person(10005, "张伟", "", "", title="客户 · 张伟", phone="+8613800000005"),
        Person(10006, "Emma", "Lin", "emma_lin", "zh-hant", "客戶 · Emma Lin", "+886912000006"),
    )


def copies(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """People who can change without changing the ones they were made from."""
    return tuple(dataclasses.replace(person) for person in people)
