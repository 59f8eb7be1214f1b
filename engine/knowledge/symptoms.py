"""What people say, looked up: which symptoms of kb/symptoms.yaml a text is like.

A ticket, a mail or one line of it is compared sentence by sentence with the phrases of every symptom, in both
languages, since people mix them ("rekey 후 끊김"). Letter case, punctuation and spaces do not count. A text that is
like a phrase is no evidence: who asks decides what to do with it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import msgspec

from engine.knowledge.model import Knowledge

LEAST_SCORE = 82.0
"""Below it a phrase is only somewhat like the text; found by the tests with near and with wrong phrases."""
MOST_CHARACTERS = 20_000
"""A longer text is no description; only its beginning is compared."""
_SENTENCE = re.compile(r"[.!?;\n。…]+")
_NOT_A_WORD = re.compile(r"[\W_]+")
_DENIES = re.compile(
    r"\b(?:no|not|none|nothing|never|without|cannot|lost|fail\w*|unable|\w+n t)\b|[안않못없]|불가"
)
_NO_TRAFFIC = r"(?:통신|연결|핑)(?:이|은|도)? ?(?:[안않] ?[되됩됨돼나]|되지 ?[않못]|불가|두절|불통|끊)[가-힣]*|끊[가-힣]*"
# Different words for one thing, of both languages, become one word, so that a phrase need not be listed with each.
# Hangul is a letter too, so that a word of English ends where no further English letter follows ("rekey후끊김").
_SAME = tuple(
    (re.compile(pattern), f" {word} ")
    for pattern, word in (
        (r"리키|키 ?재설정|키 ?갱신|키 ?재협상|re ?key[a-z]*", "rekey"),
        (r"재기동|재부팅|재시작|리로드|리부팅|(?<![a-z])re(?:boot|start|load)[a-z]*", "reload"),
        (r"절체|페일 ?오버|이중화 ?전환|fail ?over|switch ?over", "failover"),
        (r"유효하지 ?않은|잘못된", "invalid"),
        (r"메[시세]지|로그|(?<![a-z])(?:messages?|logs?)(?![a-z])", "log"),
        (r"black ?hol[a-z]*|블랙 ?홀", "blackhole"),
        (r"(?<![오전])(?:이후|후)(?:에는|에|로|부터)?|(?<![a-z])since(?![a-z])", "after"),
        (_NO_TRAFFIC, "통신 안됨"),
        # Endings that say nothing: "올라와 있는데" and "올라와 있으나" are one.
        (r"(?:[하되]고 )?있(?:습니다|는데|으나|지만|고|음)|상태(?:입니다|인데|이나)?|입니다|합니다|인데", ""),
    )
)
_SINGLE = r"(?:^|(?<= ))(?:은|는|이|가|을|를|에|의|로|도)(?= |$)"
_PARTICLE = re.compile(rf"(?<=[가-힣]{{2}})(?:은|는|이|가|을|를|에서|에|으로|로|도|의|과|와|만)\b|{_SINGLE}")
_ENGLISH_ENDING = re.compile(r"(?<=[a-z]{3})(?:ping|ped|ing|ed|(?<!s)s)\b")
# Words that say nothing of the trouble.
_FILLERS = frozenset({
    "a", "an", "and", "are", "at", "but", "by", "for", "has", "have", "in", "is", "it", "its", "of", "on", "our", "over",
    "that", "the", "there", "this", "to", "was", "we", "with",
})  # fmt: skip
# As many words as an ordinary sentence has for each of a phrase, and a few more.
_ORDINARY = 3, 6
_WORD_SCORE = 84.0


class Match(msgspec.Struct, frozen=True):
    """A symptom that a text is like.

    Attributes:
        id: of the symptom.
        phrase: the one that is nearest, as the knowledge base has it.
        score: 0 to 100; coarse, for ordering.
    """

    id: str
    phrase: str
    score: float


def find(kb: Knowledge, text: str, limit: int = 5) -> list[Match]:
    """The symptoms that a text is like, the nearest first; empty where it is like none."""
    parts = _SENTENCE.split(text[:MOST_CHARACTERS])
    sentences = [sentence for part in parts if (sentence := _Said(part)).words]
    found = []
    for name, symptom in kb.symptoms.items():
        phrases = [*symptom.phrases.en, *symptom.phrases.ko]
        scores = [(_likeness(_said(p), sentence), p) for p in phrases for sentence in sentences]
        score, phrase = max(scores, default=(0.0, ""))
        if score >= LEAST_SCORE:
            found.append(Match(name, phrase, round(score, 1)))
    return sorted(found, key=lambda match: (-match.score, match.id))[:limit]


def joined(text: str) -> str:
    """A text in small letters without spaces and punctuation: where that is equal, the phrase is the same."""
    return _plain(text).replace(" ", "")


class _Said:
    """A phrase or sentence, ready to compare: its words, and all its letters in one row."""

    def __init__(self, text: str) -> None:
        plain = _plain(text)
        for pattern, word in _SAME:
            plain = pattern.sub(word, plain)
        plain = _ENGLISH_ENDING.sub("", _PARTICLE.sub("", plain))
        self.words = plain.split()
        self.row = "".join(self.words)
        self.telling = [word for word in self.words if word not in _FILLERS]
        self.denies = _DENIES.search(plain) is not None


@lru_cache(maxsize=4096)
def _said(phrase: str) -> _Said:
    return _Said(phrase)


def _plain(text: str) -> str:
    return _NOT_A_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _likeness(phrase: _Said, sentence: _Said) -> float:
    """How like a sentence is to a phrase, 0 to 100.

    What a phrase denies, the sentence has to deny as well: "the tunnel is up" is not "up but no traffic". A sentence
    shorter than the phrase is compared whole, since its few words stand in many a phrase.
    """
    from rapidfuzz import fuzz

    if phrase.denies and not sentence.denies:
        return 0.0
    compare = fuzz.partial_ratio if len(sentence.row) > len(phrase.row) else fuzz.ratio
    return max(compare(phrase.row, sentence.row), _covered(phrase, sentence))


def _covered(phrase: _Said, sentence: _Said) -> float:
    """The part of the phrase's words, in whatever order, that an ordinary sentence has; 0 to 95."""
    from rapidfuzz import fuzz, process

    each, more = _ORDINARY
    if len(phrase.telling) < 3 or len(sentence.words) > each * len(phrase.words) + more:
        return 0.0
    met = [
        process.extractOne(word, sentence.words, scorer=fuzz.ratio, score_cutoff=_WORD_SCORE) is not None
        for word in phrase.telling
    ]
    return 100.0 * sum(met) / len(met) - 5.0
