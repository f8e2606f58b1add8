"""The kinds of definitions that a company writes: which folder holds them, how one is called, which ones come with us."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal, get_args

from salesloop.engine.governance.documents import Document, documents_of
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages, Text

MESSAGES: Final = Messages("salesloop.engine.governance")

KindName = Literal["metric", "dimension", "source", "check", "rule", "report", "entity"]
KINDS: Final[tuple[KindName, ...]] = get_args(KindName)


@dataclass(frozen=True, slots=True)
class Kind:
    """`folder` of the workspace; `called` gives the id of a document, or None where it is of another kind.

    `shipped` is the package and folder of the documents that come with the product, which a company's own replace by id.
    `stamped` kinds carry version, reason and approver in the document itself; new ones of `saved_by_imports` kinds are
    written by the product when somebody imports a file.
    """

    name: KindName
    label: Text
    folder: str
    called: Callable[[Mapping[str, Any]], str | None]
    shipped: tuple[str, str] | None = None
    stamped: bool = False
    saved_by_imports: bool = False


def _key(name: str) -> Callable[[Mapping[str, Any]], str | None]:
    return lambda document: str(document[name]) if document.get(name) else None


def _check(document: Mapping[str, Any]) -> str | None:
    return f"{document['entity']}.{document['check']}" if "entity" in document and "check" in document else None


def _entity(document: Mapping[str, Any]) -> str | None:
    return str(document.get("entity") or document.get("extend") or "") or None


_KINDS: Final[dict[KindName, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            "metric",
            Text("指标", "Metric"),
            "metrics",
            _key("metric"),
            ("salesloop.engine.metrics", "catalogue"),
            stamped=True,
        ),
        Kind(
            "dimension",
            Text("维度", "Dimension"),
            "metrics",
            _key("dimension"),
            ("salesloop.engine.metrics", "catalogue"),
        ),
        Kind("source", Text("数据来源映射", "Source mapping"), "sources", _key("name"), saved_by_imports=True),
        Kind("check", Text("数据检查", "Data check"), "quality", _check, ("salesloop.engine.clean.quality", "checks")),
        Kind(
            "rule",
            Text("分析规则", "Finding rule"),
            "checks",
            _key("rule"),
            ("salesloop.engine.analyze.findings", "rules"),
        ),
        Kind("report", Text("报告", "Report"), "reports", _key("report"), ("salesloop.engine.report", "reports")),
        Kind("entity", Text("数据实体", "Entity"), "entities", _entity),
    )
}
FOLDERS: Final = tuple(dict.fromkeys(kind.folder for kind in _KINDS.values()))


def kind_of(name: str) -> Kind:
    """UserError where there is no such kind."""
    for kind in _KINDS.values():
        if kind.name == name:
            return kind
    raise UserError(MESSAGES.message("no_such_kind", kind=name, known=", ".join(KINDS)))


def all_kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which they are shown."""
    return tuple(_KINDS.values())


@cache
def shipped(kind: Kind) -> Mapping[str, Document]:
    """The documents that come with the product, by id."""
    return dict(_shipped(kind))


def _shipped(kind: Kind) -> Iterator[tuple[str, Document]]:
    if kind.shipped is None:
        return
    package, folder = kind.shipped
    for item in sorted(resources.files(package).joinpath(folder).iterdir(), key=lambda item: item.name):
        if item.name.endswith(".yaml"):
            for document in documents_of(item.read_text("utf-8"), item.name):
                name = kind.called(document.content)
                if name is not None:
                    yield name, document
