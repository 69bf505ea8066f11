# SPDX-License-Identifier: MIT
"""What people and systems call themselves and things in the record: ids, sources, reasons."""

from __future__ import annotations

import unicodedata

from rolerules.problems import FactError, Problem
from rolerules.spelling import invisible

LONGEST_ID = 200
LONGEST_REASON = 2_000
IDS = 'give the id that your HR system has, such as "E-1001"'


def checked_subject(subject: object, name: str = "subject", mend: str = IDS) -> str:
    """A person's id, if it is one. Raises `FactError`.

    Two ids that look alike must not be two people: what cannot be seen is refused, and so is a
    letter with its accent written as two signs.
    """
    if not isinstance(subject, str) or not subject.strip() or len(subject) > LONGEST_ID:
        message = f"an id is a text of 1 to {LONGEST_ID} signs"
    elif subject != subject.strip():
        message = f"the id `{subject}` begins or ends with a blank"
    elif invisible(subject) or any(unicodedata.category(one)[0] == "C" for one in subject):
        message = "the id holds a sign that cannot be seen"
    elif not unicodedata.is_normalized("NFC", subject):
        message, mend = (
            f"the id `{subject}` is not in Unicode's form NFC",
            "bring it into that form",
        )
    else:
        return str.__str__(subject)[:]
    raise FactError([Problem("subject", message, help=mend, path=name)])


def same_person(one: str, other: str) -> bool:
    """Whether two ids may mean one person: capitals and Unicode's forms make no other one."""
    return _folded(one) == _folded(other)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold())


def checked_word(word: object, name: str) -> str:
    """What a source or an event is called, on one line. Raises `FactError`."""
    if isinstance(word, str) and word.strip() and len(word) <= LONGEST_ID and one_line(word):
        return str.__str__(word)[:]
    message = f"`{str(word)[:60]}` is no name of a source or an event"
    mend = "give a text of 1 to 200 signs on one line"
    raise FactError([Problem("no-name", message, help=mend, path=name)])


def one_line(word: str) -> bool:
    """Whether it has no line end, nothing that a terminal obeys, nothing that turns the writing round."""
    return not any(
        unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(one) in _TURNS
        for one in word
    )


_TURNS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
