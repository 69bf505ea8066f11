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
    """Whether two ids may be read as one person's, so that nobody reviews their own case.

    Letters and digits alone count, whichever script they are taken from: capitals, accents, blanks,
    dots and hyphens make no other person, nor does a letter that looks like another one.
    """
    return _folded(one) == _folded(other)


def _folded(word: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", word).translate(_LATIN))
    plain = apart.casefold().translate(_AS_FIGURES)
    return "".join(str(unicodedata.digit(one, one)) for one in plain if one.isalnum())


_LATIN = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0405\u0406\u0408\u04ba\u050c\u04ae\u0417\u042c\u0474\u04c0"
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d\u0475\u04cf\u0433\u0437\u044c"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03f9"
    "\u03b1\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03f2\u03b3\u0131",
    "ABEKMHOPCTXSIJHGY3bVIabekmhopctyxsijhdqwvlr3bABEZHIKMNOPTYXCabeikvoptuxcyi",
)
"""Letters of Cyrillic and Greek that look like a Latin one, or like a figure."""
_AS_FIGURES = str.maketrans("il|o", "1110")


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
