"""Invites and deep links that are not one's own: guessed, used, revoked, expired, of somebody who may no longer invite."""

import random
import string

from actions.invites import ALARM_AT, make_invite
from actions.teams import deactivate, set_role
from domain.people import WRONG_LINKS, Role
from sandbox import acts
from sandbox.people import Person as Account
from tests.access.house import TELEGRAM, House, Who
from tests.access.watch import Watch

GUESSERS = range(40_000, 40_050)
GUESSES = 1_000
LETTERS = string.ascii_letters + string.digits + "_-"
BAD = "链接"


def payloads() -> list[str]:
    """What a guesser tries: the right shape, nearly the right shape, and nonsense; always the same."""
    chance = random.Random(1)

    def word(length: int) -> str:
        return "".join(chance.choices(LETTERS, k=length))

    shapes = (lambda: "i" + word(22), lambda: "o" + word(22), lambda: word(64), lambda: "i" + word(1), lambda: word(3))
    return [shapes[number % len(shapes)]() for number in range(GUESSES)]


def joined(house: House) -> int:
    with house.database.transaction(house.now) as uow:
        return int(uow.connection.exec_driver_sql("SELECT count(*) FROM member WHERE active").scalar_one())


def heard_by(watch: Watch, account: int) -> list[str]:
    """The texts that somebody outside the house was sent."""
    entries = watch.sandbox.world.chats.by_id[account].entries
    return [str(entries[n].raw.get("text", "")) for n in sorted(entries) if entries[n].by_bot]


async def test_a_thousand_guesses_from_fifty_accounts(watch: Watch) -> None:
    """Nobody comes in, every answer is the same, who goes on hears nothing, and the admins are told."""
    house, world = watch.house, watch.sandbox.world
    with house.database.transaction(house.now) as uow:
        make_invite(uow, house.actor(uow, Who.LEAD), Role.REP, house.teams["sub"], now=house.now)
    before = joined(house)
    for number in GUESSERS:
        world.chats.add_person(Account(number, f"试{number}"))
    for number, payload in enumerate(payloads()):
        acts.start(world, world.chats.people[GUESSERS[number % len(GUESSERS)]], payload)
    heard = await watch.settle()
    answers = [heard_by(watch, number) for number in GUESSERS]
    assert {len(said) for said in answers} == {WRONG_LINKS}
    assert len({text for said in answers for text in said}) == 1 and BAD in answers[0][0]
    alarms = [one for one in heard if one.to == TELEGRAM[Who.ADMIN] and one.says_something]
    assert len(alarms) == 1 and str(ALARM_AT) in alarms[0].text
    assert joined(house) == before
    assert watch.leaks == []


async def test_every_bad_link_is_refused_alike(watch: Watch) -> None:
    house = watch.house
    before = joined(house)
    bad = [*_spoilt(house), "i", "o", "i" + "A" * 22, "nonsense"]
    said = []
    for number, payload in enumerate(bad):
        account = Account(41_000 + number, f"新{number}")
        watch.sandbox.world.chats.add_person(account)
        acts.start(watch.sandbox.world, watch.sandbox.world.chats.people[account.id], payload)
        await watch.settle()
        said.append(heard_by(watch, account.id))
    assert all(texts == said[0] and len(texts) == 1 for texts in said), said
    assert joined(house) == before - 2  # the two who lost their access on the way


def _spoilt(house: House) -> list[str]:
    """Links that were good once: revoked, expired, and of issuers who were demoted and deactivated."""
    made = []
    with house.database.transaction(house.now) as uow:
        admin = house.actor(uow, Who.ADMIN)
        old, _ = make_invite(uow, admin, Role.REP, None, now=house.now.replace(year=house.now.year - 1))
        lead, other = house.actor(uow, Who.LEAD), house.actor(uow, Who.OTHER_LEAD)
        first, _ = make_invite(uow, lead, Role.REP, house.teams["sub"], now=house.now)
        second, _ = make_invite(uow, other, Role.REP, house.teams["south"], now=house.now)
        teams = uow.teams(admin)
        members = house.members
        set_role(uow, admin, members[Who.LEAD], Role.REP, version=teams.member(members[Who.LEAD]).version)
        deactivate(uow, admin, members[Who.OTHER_LEAD], version=teams.member(members[Who.OTHER_LEAD]).version)
        deactivate(uow, admin, members[Who.FAR], version=teams.member(members[Who.FAR]).version)
        made += [old, first, second]
    return [f"i{token}" for token in made]


async def test_a_good_link_lets_one_of_two_in(watch: Watch) -> None:
    house, world = watch.house, watch.sandbox.world
    with house.database.transaction(house.now) as uow:
        token, _ = make_invite(uow, house.actor(uow, Who.LEAD), Role.REP, house.teams["sub"], now=house.now)
    before = joined(house)
    for who in (Who.STRANGER, Who.BUYER):
        acts.start(world, watch.account(who), f"i{token}")
    await watch.settle()
    watch.leaks.clear()  # the one who is in is greeted as a colleague
    assert joined(house) == before + 1


async def test_a_guessers_silence_is_not_broken_by_a_good_link(watch: Watch) -> None:
    house = watch.house
    with house.database.transaction(house.now) as uow:
        token, _ = make_invite(uow, house.actor(uow, Who.LEAD), Role.REP, house.teams["sub"], now=house.now)
    for number in range(WRONG_LINKS):
        await watch.say(Who.STRANGER, f"/start i{number:022}")
    before = joined(house)
    heard = await watch.say(Who.STRANGER, f"/start i{token}")
    assert heard == [] and joined(house) == before
