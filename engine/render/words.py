"""The fixed words of the renderers, in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping


class Words:
    """The phrases of kb/words.yaml in one language.

    `words("more", n=3)` gives the phrase of that key with its places filled in; `words.term("setup-kind", kind)` is for
    names that the knowledge base may extend, and gives the name itself where there is no word for it.
    """

    def __init__(self, lang: str, mapping: Mapping[str, Mapping[str, str]]) -> None:
        self.lang = lang
        self._phrases = {key: phrases[lang] for key, phrases in mapping.items() if lang in phrases}

    def __call__(self, key: str, **values: object) -> str:
        """The phrase of a key.

        Raises:
            KeyError: there is no such key in this language, or a place of the phrase has no value.
        """
        phrase = self._phrases[key]
        return phrase.format(**values) if values else phrase

    def term(self, group: str, name: str) -> str:
        """The word for a name of an open group, or the name itself."""
        return self._phrases.get(f"{group}.{name}", name)
