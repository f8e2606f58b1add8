"""By which headers each field of the model goes: an index from the header to the fields that answer to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.collect.names import SEPARATOR, split_unit
from salesloop.engine.collect.normal import bare, normal, plain
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.text import Text

Role = Literal["own", "key", "name"]

# How sure a header makes us: written exactly so, after normalisation, as the end of a longer header, by its sound.
EXACT: Final = 1.0
NORMALISED: Final = 0.97
LABEL: Final = 0.95
PART: Final = 0.7
PINYIN: Final = 0.6
_OF_NAME: Final = 0.9
_ENGLISH_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@dataclass(frozen=True)
class Match:
    """`field` answers to a header. `role` for references: by its own word, by the key or by the name of what it refers to.

    `confidence` is 0–1; `evidence` is a key of messages.yaml. `rank` is the place in the field's list of aliases, which
    begins with what people say most.
    """

    field: str
    confidence: float
    evidence: str
    role: Role = "own"
    rank: int = 0


@dataclass(frozen=True)
class _Word:
    entity: str
    match: Match


_OF_MODEL: WeakKeyDictionary[Model, dict[str, list[_Word]]] = WeakKeyDictionary()


class AliasIndex:
    """All headers that the model knows, and those that people confirmed in this workspace (`saved`)."""

    def __init__(self, model: Model, saved: Sequence[Mapping] = ()) -> None:
        self.model = model
        self._words = _words_of(model)
        self._learned: dict[str, list[_Word]] = {}
        for mapping in saved:
            for column in mapping.columns:
                word = _Word(column.field.split(".")[0], Match(column.field, EXACT, "evidence_saved"))
                self._learned.setdefault(normal(column.column), []).append(word)

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
        return any(normal(form) in self._words for form in (header, bare(header)))

    def _all(self, header: str, entity: str) -> Iterator[Match]:
        for word in self._learned.get(normal(header), ()):
            if word.entity == entity:
                yield word.match
        last = header.rsplit(SEPARATOR, maxsplit=1)[-1]
        forms = dict.fromkeys((header, bare(header), last, split_unit(header)[0]))
        for form in forms:
            for word in self._words.get(normal(form), ()):
                if word.entity == entity:
                    exact = form == header and plain(form) == normal(form)
                    confidence = word.match.confidence * (1.0 if exact else NORMALISED)
                    evidence = word.match.evidence if exact else "evidence_normalised_alias"
                    yield replace(word.match, confidence=round(confidence, 3), evidence=evidence)

    def by_ending(self, header: str, entity: str) -> tuple[Match, ...]:
        """Fields whose alias is the end of a longer header, as 实际签单金额 ends in 签单金额; the longest alias counts.

        Of an English header at least its last two words must be the alias: all too much ends in "name".
        """
        whole = normal(bare(header))
        words = _ENGLISH_WORD.findall(bare(header))
        ends_of_words = {len(whole) - len("".join(words[i:])) for i in range(1, len(words) - 1)}
        for start in range(1, len(whole) - 1):
            ending = whole[start:]
            if len(ending) < 2:
                break
            if ending.isascii() and start not in ends_of_words:
                continue
            matches = [word.match for word in self._words.get(ending, ()) if word.entity == entity]
            if matches:
                share = len(ending) / len(whole)
                confidence = round(PART * (0.5 + 0.5 * share), 3)
                return tuple(
                    replace(m, confidence=round(confidence * m.confidence, 3), evidence="evidence_ending")
                    for m in matches
                )
        return ()

    def by_sound(self, header: str, entity: str) -> tuple[Match, ...]:
        """Fields whose alias sounds the same: kehumingcheng, khmc and 客户明称 are 客户名称."""
        sound = _sound(normal(bare(header)))
        words = self._sounds.get(sound, []) if len(sound) >= 3 else []
        found = {word.match.field: word.match for word in words if word.entity == entity}
        return tuple(
            replace(m, confidence=round(PINYIN * m.confidence, 3), evidence="evidence_pinyin") for m in found.values()
        )

    @cached_property
    def _sounds(self) -> dict[str, list[_Word]]:
        found: dict[str, list[_Word]] = {}
        for written, words in self._words.items():
            if not written.isascii():
                for sound in {_sound(written), _initials(written)}:
                    found.setdefault(sound, []).extend(words)
        return found


def _words_of(model: Model) -> dict[str, list[_Word]]:
    """Every header in normal form, with the fields that answer to it; kept as long as the model is."""
    found = _OF_MODEL.get(model)
    if found is None:
        found = {}
        for entity in model.entities:
            for alias, match in _words(entity, model):
                found.setdefault(normal(alias), []).append(_Word(entity.name, match))
        _OF_MODEL[model] = found
    return found


def _words(entity: Entity, model: Model) -> Iterator[tuple[str, Match]]:
    seen: set[str] = set()
    for field in entity.fields:
        path = f"{entity.name}.{field.name}"
        for rank, alias in enumerate(field.aliases):
            yield alias, Match(path, EXACT, "evidence_exact_alias", rank=rank)
        for label in (field.name.replace("_", " "), *_both(field.label)):
            yield label, Match(path, LABEL, "evidence_label")
        if field.references and field.references not in seen and field.references != entity.name:
            seen.add(field.references)
            yield from _words_of_target(path, model.entity(field.references))


def _words_of_target(path: str, target: Entity) -> Iterator[tuple[str, Match]]:
    """The first reference to an entity answers to its key and, less surely, to its name."""
    for alias in target.field(target.key[0]).aliases:
        yield alias, Match(path, EXACT, "evidence_exact_alias", "key")
    if target.name_field:
        for alias in target.field(target.name_field).aliases:
            yield alias, Match(path, _OF_NAME, "evidence_exact_alias", "name")


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
