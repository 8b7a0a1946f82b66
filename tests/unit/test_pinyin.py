"""Readings are the library's own, held in less memory."""

from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from parsing.pinyin import syllables


def test_every_character_and_word_is_read_as_the_library_reads_it() -> None:
    known = [*map(chr, PINYIN_DICT), *PHRASES_DICT]
    assert [list(syllables(text)) for text in known[::20]] == [lazy_pinyin(text) for text in known[::20]]


def test_the_longest_words_of_a_text_are_read_first() -> None:
    words = list(PHRASES_DICT)
    for one, two in zip(words[::300], words[7::300], strict=False):
        assert list(syllables(f"{one}{two}长😀")) == lazy_pinyin(f"{one}{two}长😀", errors="ignore")
