"""Who a row is about: the customer, whether a person or a company, and the contact, told from three columns of names."""

from functools import lru_cache

from domain.customers import LONGEST_NAME, CustomerKind
from domain.sheets import Field
from domain.values import frozen
from parsing.companies import is_company
from parsing.letters import fold, is_wide
from parsing.names import norm_of
from parsing.sheet_cells import read_kind
from parsing.surnames import SINGLE

_NO_COMPANY = frozenset(
    {
        "个人",
        "个体",
        "个体户",
        "自由职业",
        "无业",
        "freelance",
        "freelancer",
        "self-employed",
        "self employed",
        "private",
    }
)


@frozen
class Who:
    """The customer's name ('' for none), kind and short name, and the contact: of a person always he himself."""

    name: str
    kind: CustomerKind
    short: str | None = None
    contact: str | None = None


def who_is(texts: dict[Field, str]) -> Who:
    """Customer and contact of a row.

    A company is the customer wherever one is named, and a person beside it the contact. Where two names of a company
    stand side by side (明远 and 上海明远科技有限公司), the longer is its name and the other its short name.
    """
    name, contact, short = texts.get(Field.NAME), texts.get(Field.CONTACT_NAME), texts.get(Field.SHORT_NAME)
    company = texts.get(Field.COMPANY)
    kind = read_kind(texts[Field.KIND]) if Field.KIND in texts else None
    if company and fold(company) in _NO_COMPANY:
        company = None
    if company and name and company != name:
        if contact is None and not is_company_name(name):
            return Who(company, CustomerKind.COMPANY, short, name)
        return Who(company, CustomerKind.COMPANY, short or name, contact)
    customer = company or name
    if customer is None:
        return Who(contact or "", CustomerKind.PERSON, short, contact)
    if kind is None:
        named_apart = contact is not None and contact != customer
        kind = CustomerKind.COMPANY if company or named_apart or is_company_name(customer) else CustomerKind.PERSON
    return Who(customer, kind, short, contact if kind is CustomerKind.COMPANY else customer)


@lru_cache(maxsize=4096)
def is_company_name(name: str) -> bool:
    if len(name) > LONGEST_NAME:
        return True  # refused anyway
    if 2 <= len(name) <= 3 and name[0] in SINGLE and is_wide(name[-1]):
        return False  # 张伟: what most rows hold, told without taking the name apart
    return is_company(name, norm_of(name))
