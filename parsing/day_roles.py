"""What each date of a message is for, by the words around it: when the touch was, when the next one is, or neither.

A date that was taken back hands its part to the one that corrects it; the dates of a list share theirs.
"""

import datetime as dt
import re
from dataclasses import replace
from enum import StrEnum

from domain.touches import TouchKind
from domain.values import frozen
from parsing import words
from parsing.corrections import taken_back
from parsing.dates import Found, Kind
from parsing.letters import MASK

MOST_DATES = 12  # of one message; more is a timetable, no log


class Role(StrEnum):
    """What a date is for."""

    HAPPENED = "happened"  # when the touch was
    NEXT = "next"  # our own action is tied to it
    CHORE = "chore"  # a smaller action of ours: sending, preparing
    OTHER = "other"  # in the future, nobody's in particular
    THEIRS = "theirs"  # the customer's own day: it stays in the note
    PAST = "past"  # mentioned, over
    REPEAT = "repeat"


@frozen
class Word:
    """A word of contact; ``past``: it says that it happened."""

    start: int
    end: int
    kind: TouchKind | None
    past: bool


@frozen
class Day:
    """A date with its part, and what is tied to it.

    ``kind`` is that of the action, ``action`` its place where it stands before the date; ``again``: it can only be a
    next one, whatever the day.
    """

    found: Found
    role: Role
    kind: TouchKind | None = None
    word: Word | None = None
    again: bool = False
    action: tuple[int, int] | None = None


class DayRoles:
    """Gives each date its part."""

    def __init__(
        self, plain: str, said_at: dt.datetime, contact: tuple[Word, ...], slips: list[tuple[int, int]]
    ) -> None:
        self.plain = plain
        self.said_at = said_at
        self.contact = contact
        self.slips = slips
        self.begun: frozenset[int] = frozenset()  # where stretches stand that have begun: this week, this month
        self.dropped: list[tuple[int, int]] = []  # dates that were taken back, with the words that did so

    def judged(self, ahead: tuple[Found, ...], back: tuple[Found, ...]) -> tuple[Day, ...]:
        """Every date with its part; those that were taken back are gone.

        Args:
            ahead: all dates, bare weekdays looked for in the future.
            back: the same, looked for in the past.
        """
        earlier = {(found.start, found.end): found for found in back}
        dates = [found for found in ahead if found.kind is not Kind.LENGTH][:MOST_DATES]
        days: list[Day] = []
        for number, found in enumerate(dates):
            stop = dates[number + 1].start if number + 1 < len(dates) else len(self.plain)
            begin = dates[number - 1].end if number else 0
            days.append(self._judge(found, earlier.get((found.start, found.end), found), begin, stop))
        return tuple(self._settled(days))

    def _judge(self, found: Found, past: Found, begin: int, stop: int) -> Day:
        if found.kind is Kind.REPEAT:
            return Day(found, Role.REPEAT)
        if found.start in self.begun and self.plain.startswith("第", found.end):
            return Day(found, Role.PAST)  # 这个月第三次拜访
        word = self._tied_after(found, stop)
        told = self._told(found, past, word)
        if told:
            return told
        action = self._action(found, begin, stop)
        today = found.at is None and found.day == self.said_at.date()
        if action and action.again and not (today and words.DONE.search(self.plain, found.end)):
            return action
        if not self._ahead(found):
            return self._judge_past(found, word or self._tied_before(found, begin), action)
        was = self._may_have_been(found, past, word, begin)
        if was:
            return was
        if words.MENTIONED.match(self.plain, found.end):
            return Day(past, Role.PAST)
        return self._judge_ahead(found, action, begin, stop)

    def _told(self, found: Found, past: Found, word: Word | None) -> Day | None:
        """What the words right around a date say to have happened: 周三见了, 周三又约, 拜访时间：周三."""
        kind = word.kind if word else None
        if self.plain[found.end : found.end + 3].lstrip(" ，,").startswith("又") and not self._ahead(past):
            return Day(past, Role.HAPPENED, kind, word)
        if words.WHEN_LABEL.search(self.plain, max(0, found.start - words.REACH_BACK), found.start):
            return Day(past, Role.HAPPENED)
        if word and word.past:
            return Day(found if self._ahead(past) else past, Role.HAPPENED, kind, word)
        return None

    def _may_have_been(self, found: Found, past: Found, word: Word | None, begin: int) -> Day | None:
        """A date that could be ahead, and happened by what else is told: 周一拜访张伟 谈了报价."""
        direct = self._tied_before(found, begin)
        if direct and direct.past and self._is_direct(direct, found):
            return Day(found, Role.HAPPENED, direct.kind, direct)
        if self._ahead(past):
            planned = word and words.INTENDED.search(self.plain, found.end, word.start)
            today = found.day == self.said_at.date()
            if word and today and not planned and words.DONE.search(self.plain, found.end):
                return Day(found, Role.HAPPENED, word.kind, word)  # "this afternoon", told in the morning
            return None
        if not word and words.WENT.match(self.plain, found.end):
            word = direct
        if not word and not self._leads(found):
            return None
        if self._was(found, begin):
            return Day(past, Role.HAPPENED, word.kind if word else None, word)
        if word and self._leads(found) and self._is_nearer(past, found):
            return Day(replace(past, sure=False, other=found), Role.HAPPENED, word.kind, word)
        return None

    def _judge_ahead(self, found: Found, action: Day | None, begin: int, stop: int) -> Day:
        """A date in the future: our action's, the customer's own, or just the future."""
        after = words.THEIRS.search(self.plain, found.end, self._clause_end(found.end, stop))
        theirs = after if after and after.start() - found.end <= 8 else None
        if action and not (theirs and action.action and not action.again):
            return action
        later = self._turn_after(theirs.end() if theirs else found.end, stop)
        if later:
            kind = self._kind_in(later.start(), self._clause_end(later.end(), stop))
            return Day(found, Role.NEXT, kind, again=self._is_again(later))
        if theirs or self._is_their_day(found, begin) or words.UNTIL.match(found.text.lower()):
            return Day(found, Role.THEIRS)
        if found.start in self.begun:
            return Day(found, Role.PAST)  # this week was good
        return Day(found, Role.OTHER)

    def _turn_after(self, place: int, stop: int) -> re.Match[str] | None:
        """Our action after something of theirs: 3号回来再约, 来参展 到时候去见他, back on the 30th. Call then."""
        then = words.THEN.search(self.plain, place, stop)
        if then:
            return words.AGAIN_WORD.search(self.plain, then.end(), min(stop, then.end() + 4))
        english = words.CALL_THEN.search(self.plain, place, stop)
        if english:
            return words.AGAIN_WORD.search(self.plain, english.start(), english.end())
        again = words.AGAIN_WORD.match(self.plain, place)
        return again if again and words.ONLY_NEXT.match(again[0]) else None

    def _is_their_day(self, found: Found, begin: int) -> bool:
        """出差到周五, she's travelling next week, delivery on the 1st."""
        for match in words.THEIRS.finditer(self.plain, self._clause_start(found.start, begin), found.start):
            between = self.plain[match.end() : found.start]
            if match[0].isascii() or words.THEIRS_TIE.fullmatch(between) or (match[0] == "生日" and len(between) <= 6):
                return True
        return False

    def _judge_past(self, found: Found, word: Word | None, action: Day | None) -> Day:
        """A date that is not ahead: when it happened, what is still to do today, or just mentioned."""
        if words.MENTIONED.match(self.plain, found.end):
            return Day(found, Role.PAST)
        ended = self._clause_end(found.end, len(self.plain))
        done = words.DONE.search(self.plain, found.end, ended)
        today = found.day == self.said_at.date() and (found.at or (action and action.role is Role.NEXT))
        if word is None and action and not done and today:
            return action
        if word or (self._leads(found) and found.kind is not Kind.RANGE):
            return Day(found, Role.HAPPENED, word.kind if word else None, word)
        return Day(found, Role.PAST)

    def _was(self, found: Found, begin: int) -> bool:
        """Whether what follows a date was done: 周一拜访张伟 谈了报价; no show for our 2pm meeting."""
        if words.DONE.search(self.plain, found.end) or words.TRIED.search(self.plain, found.end):
            return True
        tried = words.TRIED.search(self.plain, self._clause_start(found.start, begin), found.start)
        return tried is not None and tried[0].isascii()

    def _is_nearer(self, past: Found, ahead: Found) -> bool:
        """Whether the day behind is the likelier one of a bare date with a contact word: a week has one Monday near."""
        if past.day is None or ahead.day is None:
            return False
        today = self.said_at.date()
        return today - past.day < ahead.day - today

    def _ahead(self, found: Found) -> bool:
        """Whether a date lies after the moment of writing; today without a clock time does not."""
        if found.at is not None:
            return found.at > self.said_at
        return found.day is not None and found.day > self.said_at.date()

    def _leads(self, found: Found) -> bool:
        """Whether nothing but names stands before a date: it says when all of this was."""
        return not self.plain[: found.start].strip(f" ,，、:：\n{MASK}我在i")

    def _clause_end(self, start: int, stop: int) -> int:
        match = words.CLAUSE_END.search(self.plain, start, stop)
        return match.start() if match else stop

    def _clause_start(self, end: int, begin: int) -> int:
        return max((match.end() for match in words.CLAUSE_END.finditer(self.plain, begin, end)), default=begin)

    def _belongs_to_later(self, found: Found, start: int, stop: int) -> bool:
        """In English the action comes before its date: what stands behind a comma is the next date's."""
        between = self.plain[found.end : start]
        return stop < len(self.plain) and self.plain[start].isascii() and bool(words.CLAUSE_END.search(between))

    def _tied_after(self, found: Found, stop: int) -> Word | None:
        """A contact word that a date introduces: 昨天下午拜访, 周三 我又去了."""
        gap = words.OURS_RIGHT_GAP.match(self.plain, found.end, stop)
        reach = gap.end() if gap else found.end
        for word in self.contact:
            if found.end <= word.start <= reach + 1 and word.start < stop:
                return None if self._belongs_to_later(found, word.start, stop) else word
        return None

    def _tied_before(self, found: Found, begin: int) -> Word | None:
        """A contact word that a date ends: 拜访张伟 昨天, visited Lin yesterday."""
        clause = self._clause_start(found.start, begin)
        for word in reversed(self.contact):
            if clause <= word.start and word.end <= found.start:
                gap = words.OURS_RIGHT_GAP.match(self.plain, begin, word.start) if begin else None
                if gap and gap.end() == word.start:
                    return None  # it is the date's before it: 上周五去了明远 今天 …
                between = self.plain[word.end : found.start]
                if re.fullmatch(rf"(?:了|过)?[\s,，]*(?:{words.NAME}|他|她|客户)?[\s,，]*(?:是|在|on|at)?\s*", between):
                    return word
                latin = (self.plain[word.start : word.end] + between).replace(MASK, "").isascii()
                return word if latin and not words.AGAIN_WORD.search(between) else None
        return None

    def _is_direct(self, word: Word, found: Found) -> bool:
        """Whether an English verb has its date right behind the name: visited Acme tomorrow."""
        between = self.plain[word.end : found.start]
        return self.plain[word.start].isascii() and not between.replace(MASK, "").strip()

    def _action(self, found: Found, begin: int, stop: int) -> Day | None:
        """Our action that a date is tied to, right after it or right before."""
        plain = self.plain
        arranged = words.ARRANGED.search(plain, begin, found.start)
        if arranged:
            kind = self._kind_in(arranged.start(), self._clause_end(found.end, stop))
            return Day(found, Role.NEXT, kind, again=True, action=arranged.span())
        gap = words.OURS_RIGHT_GAP.match(plain, found.end, stop)
        place = gap.end() if gap else found.end
        after = self._match_after(found, place, stop)
        if after and not self._is_theirs(found, after):
            end = min(self._clause_end(after.end(), stop), after.end() + 12)
            role = Role.NEXT if words.AGAIN_WORD.match(after[0]) else Role.CHORE
            before = self._action_before(found, begin)
            if role is Role.CHORE and before and before.role is Role.NEXT and after[0].isascii():
                return before  # drop by on Friday and bring samples
            return Day(found, role, self._kind_in(after.start(), end), again=self._is_again(after))
        return self._action_before(found, begin)

    def _match_after(self, found: Found, place: int, stop: int) -> re.Match[str] | None:
        """The first action between a date's end and what its gap leads to; the gap may have eaten its beginning."""
        end = min(self._clause_end(place, stop), stop)
        for pattern in (words.AGAIN_WORD, words.WEAK_WORD):
            match = pattern.search(self.plain, found.end, end)
            if match and match.start() <= place + 1:
                return None if self._belongs_to_later(found, match.start(), stop) else match
        return None

    def _is_theirs(self, found: Found, action: re.Match[str]) -> bool:
        """Whether somebody else is the one who acts: 他下周去北京, 周五客户来公司."""
        subject = words.THEIRS_SUBJECT.search(self.plain, max(0, found.start - words.REACH_BACK), found.start)
        # 拜访张伟 周四出方案: a name behind a contact word is no subject.
        met = subject and any(0 <= subject.start() - word.end <= 1 for word in self.contact)
        if subject and not met and not words.ONLY_OURS.match(action[0]):
            return True
        between = self.plain[found.end : action.start()]
        return bool(words.THEIRS_BETWEEN.search(between))

    def _action_before(self, found: Found, begin: int) -> Day | None:
        """回访 下周三; call back in 2 weeks; follow up with him next Tuesday."""
        clause = self._clause_start(found.start, begin)
        for pattern, role in ((words.AGAIN_WORD, Role.NEXT), (words.WEAK_WORD, Role.CHORE)):
            said = [
                match
                for match in pattern.finditer(self.plain, clause, found.start)
                if self._leads_to(match, found) and not self._is_over(match)
            ]
            if said and not self._theirs_before(said[-1]):
                kind = self._kind_in(said[0].start(), found.start)
                again = any(words.ONLY_NEXT.match(match[0]) for match in said)
                return Day(found, role, kind, again=again, action=(said[0].start(), said[-1].end()))
            if said:
                return None
        return None

    def _leads_to(self, action: re.Match[str], found: Found) -> bool:
        """Whether an action belongs to the date behind it: anywhere before in English, right before in Chinese."""
        between = self.plain[action.end() : found.start]
        if action[0].isascii():
            near = self.plain[max(0, action.start() - words.REACH_BACK) : action.start()]
            return not re.search(r"[.;!?]", between) and not words.NO_ACTION_BEFORE.search(near)
        return bool(re.fullmatch(rf"\s?(?:他|她|客户|{words.NAME})?(?:时间)?[\s:：,，]*", between))

    def _is_over(self, action: re.Match[str]) -> bool:
        """通了电话 她周五要样品: the call was, Friday is another matter."""
        return any(word.past and word.start <= action.start() < word.end for word in self.contact)

    def _theirs_before(self, action: re.Match[str]) -> bool:
        return bool(words.THEIRS_ENGLISH.search(self.plain, max(0, action.start() - 24), action.start()))

    def _is_again(self, action: re.Match[str]) -> bool:
        return bool(words.ONLY_NEXT.match(action[0]))

    def _kind_in(self, start: int, end: int) -> TouchKind | None:
        """Of the first word in that stretch that tells a kind."""
        match = words.ACTION_KIND.search(self.plain, start, end)
        word = next((word for word in self.contact if start <= word.start < end and word.kind), None)
        if word and (match is None or word.start <= match.start()):
            return word.kind
        return words.ACTION_KINDS[str(match.lastgroup)] if match else None

    def _settled(self, days: list[Day]) -> list[Day]:
        """Lists share the part of their last date; a corrected date hands its part to the one that corrects it."""
        for number in range(len(days) - 2, -1, -1):
            day, later = days[number], days[number + 1]
            if words.LIST_GAP.fullmatch(self.plain[day.found.end : later.found.start]):
                # 10号和15号去了; met them on Monday and Tuesday: the one beside the verb has the part.
                leads = later.role in (Role.OTHER, Role.PAST) and day.role in (Role.HAPPENED, Role.NEXT)
                source = day if leads else later
                for place, one in ((number, day), (number + 1, later)):
                    days[place] = replace(one, role=source.role, kind=source.kind, word=source.word)
        kept: list[Day] = []
        for number, day in enumerate(days):
            follower = days[number + 1] if number + 1 < len(days) else None
            if follower and self._is_replaced(day.found, follower.found):
                days[number + 1] = self._heir(day, follower)
                self.dropped.append((day.found.start, follower.found.start))
            else:
                kept.append(day)
        return kept

    def _is_replaced(self, old: Found, new: Found) -> bool:
        """周三 不对 是周四; 周三的会改到周五; moved our Friday meeting to Tuesday."""
        if taken_back(old.start, old.end, new.start, self.slips, self.plain):
            return True
        between = self.plain[old.end : new.start + 3 if new.text.lower().startswith("to ") else new.start]
        chinese = not between.isascii()
        return bool(words.MOVED_TO.fullmatch(between)) and (
            chinese or bool(words.MOVED.search(self.plain[: old.start]))
        )

    def _heir(self, old: Day, new: Day) -> Day:
        found = new.found
        if old.found.day and found.at and not words.DAY_WORD.search(found.text.lower()):
            at = dt.datetime.combine(old.found.day, found.at.timetz())
            found = replace(found, day=old.found.day, at=at)
        if new.role in (Role.OTHER, Role.PAST, Role.THEIRS):
            return Day(found, old.role, old.kind, old.word, old.again)
        return replace(new, found=found)
