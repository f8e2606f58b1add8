"""Words in three languages: labels of definitions and messages for people.

Simplified Chinese and English are written; traditional Chinese is derived with OpenCC (Taiwan wording) unless
an own wording is given, so it is complete by construction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

if TYPE_CHECKING:  # pydantic calls the hooks below; texts alone, as the command line's help, do without its 100 ms
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

Lang = Literal["zh-Hans", "zh-Hant", "en"]
LANGS: Final[tuple[Lang, ...]] = ("zh-Hans", "zh-Hant", "en")
DEFAULT_LANG: Final[Lang] = "zh-Hans"

_OWN_WORDS: Final = (("程式碼", "代碼"), ("質量", "品質"))
"""What OpenCC says for words of another trade: codes here are those of companies and places, and quality is no mass."""


@cache
def to_traditional(text: str) -> str:
    """`text` in the traditional characters and the wording of Taiwan (OpenCC s2twp)."""
    converted: str = _converter().convert(text)
    for word, ours in _OWN_WORDS:
        converted = converted.replace(word, ours)
    return converted


@cache
def _converter() -> Any:
    import opencc  # 80 ms: only who reads traditional Chinese pays for it

    return opencc.OpenCC("s2twp")


@dataclass(frozen=True, slots=True)
class Text:
    """One short text in the languages of the product.

    In YAML and JSON: `{zh-Hans: 销售额, en: Revenue}`, with `zh-Hant` where Taiwan's wording differs from conversion.
    A pydantic field of this type reads that mapping.
    """

    zh_hans: str
    en: str
    zh_hant: str | None = None

    def get(self, lang: Lang) -> str:
        if lang == "en":
            return self.en
        if lang == "zh-Hant":
            return self.zh_hant if self.zh_hant is not None else to_traditional(self.zh_hans)
        return self.zh_hans

    def __str__(self) -> str:
        return self.zh_hans

    def to_json(self) -> dict[str, str]:
        """The mapping that `parse` reads back; zh-Hant only where it has an own wording."""
        out = {"zh-Hans": self.zh_hans, "en": self.en}
        if self.zh_hant is not None:
            out["zh-Hant"] = self.zh_hant
        return out

    @classmethod
    def parse(cls, value: object) -> Text:
        """Read the YAML form. ValueError where it is not a mapping with exactly the known languages."""
        if isinstance(value, Text):
            return value
        known = isinstance(value, Mapping) and set(value) <= set(LANGS)
        if not isinstance(value, Mapping) or not known or not {"zh-Hans", "en"} <= set(value):
            raise Wrong(Messages("salesloop.engine.model").message("wrong_languages"))
        if not all(isinstance(part, str) and part.strip() for part in value.values()):
            raise Wrong(Messages("salesloop.engine.model").message("wrong_blank"))
        return cls(value["zh-Hans"], value["en"], value.get("zh-Hant"))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda text: text.to_json()),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "object",
            "properties": {lang: {"type": "string", "minLength": 1} for lang in LANGS},
            "required": ["zh-Hans", "en"],
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for a person, kept as its key and parameters and rendered in the reader's language.

    `catalogue` is the package whose `messages.yaml` holds the key. Parameters may be texts in three languages.
    """

    key: str
    params: Mapping[str, object]
    catalogue: str

    def text(self, lang: Lang = DEFAULT_LANG) -> str:
        return Messages(self.catalogue).say(self.key, lang, **self.params)

    def __str__(self) -> str:
        return self.text()

    def to_json(self) -> dict[str, Any]:
        """JSON-ready: dates and decimals become text, texts in three languages keep all of them."""
        return {
            "key": self.key,
            "params": {k: _jsonable(v) for k, v in self.params.items()},
            "catalogue": self.catalogue,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Message:
        params = {k: _unjson(v) for k, v in stored["params"].items()}
        return cls(stored["key"], params, stored["catalogue"])


def _jsonable(value: object) -> object:
    if isinstance(value, Text | Message):
        return value.to_json()
    if isinstance(value, dt.date | Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


def _unjson(value: object) -> object:
    if isinstance(value, Mapping):
        return Message.from_json(value) if "catalogue" in value else Text.parse(value)
    if isinstance(value, list):
        return [_unjson(item) for item in value]
    return value


class Wrong(ValueError):
    """A ValueError that says its sentence in every language; as a text it is English."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text("en"))
        self.message = message


class Messages:
    """The messages of one package, from the `messages.yaml` beside its modules.

    >>> MESSAGES = Messages(__package__)
    >>> raise UserError(MESSAGES.message("no_such_sheet", sheet="订单"))
    """

    def __init__(self, package: str) -> None:
        self.package = package

    @property
    def texts(self) -> Mapping[str, Text]:
        return _read_messages(self.package)

    def say(self, key: str, lang: Lang = DEFAULT_LANG, **params: object) -> str:
        """The sentence in `lang`. An unknown key (stored by an older version) renders as itself with its parameters."""
        text = self.texts.get(key)
        if text is None:
            return " ".join(
                [
                    key,
                    *(f"{name}={_spoken(value, lang)}" for name, value in params.items()),
                ]
            )
        return text.get(lang).format(**{name: _spoken(value, lang) for name, value in params.items()})

    def message(self, key: str, **params: object) -> Message:
        """KeyError for a key or a missing parameter that the catalogue does not know: a mistake of the programmer."""
        missing = placeholders(self.texts[key].zh_hans) - set(params)
        if missing:
            raise KeyError(f"{self.package} message {key!r} needs {sorted(missing)}")
        return Message(key, params, self.package)


def placeholders(template: str) -> frozenset[str]:
    """Names of the `{parameters}` in a message template."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def _spoken(value: object, lang: Lang) -> object:
    if isinstance(value, Text):
        return value.get(lang)
    if isinstance(value, Message):
        return value.text(lang)
    if isinstance(value, list | tuple):
        return (", " if lang == "en" else "、").join(str(_spoken(item, lang)) for item in value)
    return "" if value is None else value


@cache
def _read_messages(package: str) -> Mapping[str, Text]:
    raw = yaml.load(
        resources.files(package).joinpath("messages.yaml").read_bytes(),
        Loader=yaml.CSafeLoader,
    )
    return {key: Text.parse(value) for key, value in (raw or {}).items()}
