"""By which headers each field of the model goes: an index from the header to the fields that answer to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from salesloop.engine.collect.fold import Meaning, estranges, is_generic, meaning, tokens
from salesloop.engine.collect.names import SEPARATOR, split_unit
from salesloop.engine.collect.normal import bare, normal, plain
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.text import Text

# 手机1, Phone 1
_FIRST_OF_SEVERAL: Final = re.compile(r"[\s_]*[1１]$")
Role = Literal["own", "key", "name"]

# How sure a header makes us: written exactly so, after normalisation, in other words, as the end of a longer header, by
# its sound. `python -m benchmarks mapping` prints how often each was right.
EXACT: Final = 1.0
NORMALISED: Final = 0.98
LABEL: Final = 0.95
MEANING: Final = 0.85
PART: Final = 0.75
PINYIN: Final = 0.7
_OF_NAME: Final = 0.9


@dataclass(frozen=True)
class Match:
    """`field` answers to a header. `role` for references: by its own word, by the key or by the name of what it refers to.

    `confidence` is 0–1; `evidence` is a key of messages.yaml and `word` the known header that it is about. `rank` is the
    place in the field's list of aliases, which begins with what people say most.
    """

    field: str
    confidence: float
    evidence: str
    role: Role = "own"
    rank: int = 0
    word: str = ""


@dataclass(frozen=True)
class _Word:
    entity: str
    match: Match


class _Lexicon:
    """Every header in normal form with the fields that answer to it, and by what the headers mean and sound like."""

    def __init__(self, words: dict[str, list[_Word]]) -> None:
        self.words = words

    @cached_property
    def meanings(self) -> dict[Meaning, list[_Word]]:
        found: dict[Meaning, list[_Word]] = {}
        for words in self.words.values():
            for word in words:
                found.setdefault(meaning(word.match.word), []).append(word)
        return found

    @cached_property
    def sounds(self) -> dict[str, list[_Word]]:
        found: dict[str, list[_Word]] = {}
        for written, words in self.words.items():
            if not written.isascii():
                for sound in {_sound(written), _initials(written)}:
                    found.setdefault(sound, []).extend(words)
        return found


_OF_MODEL: WeakKeyDictionary[Model, _Lexicon] = WeakKeyDictionary()


class AliasIndex:
    """All headers that the model knows."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._known = _lexicon(model)

    def find(self, header: str, entity: str) -> tuple[Match, ...]:
        """The fields of `entity` that answer to `header`, the best match of each."""
        best: dict[tuple[str, Role], Match] = {}
        for match in self._all(header, entity):
            known = best.get((match.field, match.role))
            if known is None or match.confidence > known.confidence:
                best[match.field, match.role] = match
        return tuple(best.values())

    def knows(self, header: str) -> bool:
        """Whether any entity has a field that answers to `header`."""
        return any(normal(form) in self._known.words for form in (header, bare(header)))

    def _all(self, header: str, entity: str) -> Iterator[Match]:
        last = self._telling_part(header, entity)
        forms = dict.fromkeys((header, bare(header), last, split_unit(header)[0], _FIRST_OF_SEVERAL.sub("", header)))
        generic = is_generic(meaning(header))
        for form in forms:
            for word in self._known.words.get(normal(form), ()):
                if word.entity == entity and not (generic and word.match.role == "name"):
                    exact = form == header and plain(form) == normal(form)
                    confidence = word.match.confidence * (1.0 if exact else NORMALISED)
                    evidence = word.match.evidence if exact else "evidence_normalised_alias"
                    yield replace(word.match, confidence=round(confidence, 3), evidence=evidence)

    def _telling_part(self, header: str, entity: str) -> str:
        """Of joined header rows the lowest; the highest where that is known and the lowest is a system's name of it."""
        highest, _, rest = header.partition(SEPARATOR)
        lowest = rest.rsplit(SEPARATOR, maxsplit=1)[-1] or highest
        if not rest.isascii() or highest.isascii():
            return lowest
        forms = (highest, bare(highest))
        known = any(word.entity == entity for form in forms for word in self._known.words.get(normal(form), ()))
        return highest if known else lowest

    def by_meaning(self, header: str, entity: str) -> tuple[Match, ...]:
        """Fields whose alias says the same in other words: 客户代号 and cust_code are 客户编码."""
        said = meaning(header)
        if not said or is_generic(said):
            return ()
        return self._weaker(self._known.meanings.get(said, ()), entity, MEANING, "evidence_meaning", header)

    def by_ending(self, header: str, entity: str) -> tuple[Match, ...]:
        """Fields whose alias is the end of a longer header, as 实际签单金额 ends in 签单金额; the longest alias counts.

        Of an English header at least its last two words must be the alias: all too much ends in "name".
        """
        whole = normal(bare(header))
        words = tokens(header)
        rests = {len(whole) - len("".join(words[i:])): " ".join(words[:i]) for i in range(1, len(words) - 1)}
        for start in range(1, len(whole) - 1):
            ending = whole[start:]
            if ending.isascii() and start not in rests:
                continue
            found = [word for word in self._known.words.get(ending, ()) if word.entity == entity]
            if found:
                if estranges(rests[start] if ending.isascii() else whole[:start]):
                    return ()
                share = len(ending) / len(whole)
                return self._weaker(found, entity, PART * (0.5 + 0.5 * share), "evidence_ending", header)
        return ()

    def by_sound(self, header: str, entity: str, *, least: int) -> tuple[Match, ...]:
        """Fields whose alias sounds the same: kehumingcheng, khmc and 客户明称 are 客户名称. `least` letters are needed."""
        sound = _sound(normal(bare(header)))
        words = self._known.sounds.get(sound, []) if len(sound) >= least else []
        return self._weaker(words, entity, PINYIN, "evidence_pinyin", header)

    def is_spelt(self, header: str) -> bool:
        """Whether any header of the model sounds like this one, by three letters or more."""
        sound = _sound(normal(bare(header)))
        return sound.isascii() and len(sound) >= 3 and sound in self._known.sounds

    def _weaker(
        self, words: list[_Word] | tuple[_Word, ...], entity: str, factor: float, evidence: str, header: str
    ) -> tuple[Match, ...]:
        """The best match of each field, for a weaker reason than its own; of equal words one in the script of the header."""

        def order(match: Match) -> tuple[float, bool, int]:
            return -match.confidence, match.word.isascii() != header.isascii(), match.rank

        best: dict[tuple[str, Role], Match] = {}
        for word in words:
            key = (word.match.field, word.match.role)
            if word.match.evidence == "evidence_label":
                continue  # a label is no header that anybody uses; it counts as it is written
            if word.entity == entity and (key not in best or order(word.match) < order(best[key])):
                best[key] = word.match
        return tuple(
            replace(match, confidence=round(factor * match.confidence, 3), evidence=evidence) for match in best.values()
        )


def _lexicon(model: Model) -> _Lexicon:
    """The headers of a model; kept as long as the model is."""
    found = _OF_MODEL.get(model)
    if found is None:
        words: dict[str, list[_Word]] = {}
        for entity in model.entities:
            for match in _words(entity, model):
                words.setdefault(normal(match.word), []).append(_Word(entity.name, match))
        found = _OF_MODEL[model] = _Lexicon(words)
    return found


def _words(entity: Entity, model: Model) -> Iterator[Match]:
    seen: set[str] = set()
    for field in entity.fields:
        path = f"{entity.name}.{field.name}"
        for rank, alias in enumerate(field.aliases):
            yield Match(path, EXACT, "evidence_exact_alias", rank=rank, word=alias)
        for label in (field.name.replace("_", " "), *_both(field.label)):
            yield Match(path, LABEL, "evidence_label", word=label)
        if field.references and field.references not in seen and field.references != entity.name:
            seen.add(field.references)
            yield from _words_of_target(path, model.entity(field.references))


def _words_of_target(path: str, target: Entity) -> Iterator[Match]:
    """The first reference to an entity answers to its key and, less surely, to its name."""
    for alias in target.field(target.key[0]).aliases:
        yield Match(path, EXACT, "evidence_exact_alias", "key", word=alias)
    if target.name_field:
        for alias in target.field(target.name_field).aliases:
            yield Match(path, _OF_NAME, "evidence_exact_alias", "name", word=alias)


def _both(label: Text) -> tuple[str, str]:
    return label.zh_hans, label.en


@cache
def _sound(text: str) -> str:
    return "".join(_pinyin()(text)) if not text.isascii() else text


@cache
def _initials(text: str) -> str:
    return "".join(syllable[0] for syllable in _pinyin()(text) if syllable)


def _pinyin() -> Any:
    from pypinyin import lazy_pinyin  # 200 ms: only for headers that no spelling explains

    return lazy_pinyin
