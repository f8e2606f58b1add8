"""All checks of a workspace: those of the model, the built-in ones, and the company's own over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError

from salesloop.engine.clean.quality.declared import MESSAGES, declared_checks
from salesloop.engine.clean.quality.definition import TABLE_KINDS, Check, RowCheck, TableCheck, parse_check
from salesloop.engine.clean.quality.problems import problems_of
from salesloop.engine.model.entity import Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.store.workspace import Workspace

FOLDER: Final = "quality"
"""The folder of a workspace that holds its own checks."""


@dataclass(frozen=True)
class CheckBook:
    """Every enabled check by entity and name, in the order in which they are reported."""

    model: Model
    by_entity: Mapping[str, Mapping[str, Check]]

    def __iter__(self) -> Iterator[Check]:
        for checks in self.by_entity.values():
            yield from checks.values()

    def of(self, entity: str) -> Mapping[str, Check]:
        """The checks of an entity by name."""
        return self.by_entity.get(entity, {})

    def check(self, entity: str, name: str) -> Check:
        """UserError where the entity has no such check."""
        found = self.of(self.model.entity(entity).name).get(name)
        if found is None:
            label, known = self.model.entity(entity).label, list(self.of(entity))
            raise UserError(MESSAGES.message("no_such_check", entity=label, check=name, known=known))
        return found

    def of_rows(self, entity: str) -> list[RowCheck]:
        """The checks that judge single records."""
        return [check for check in self.of(entity).values() if not isinstance(check, TABLE_KINDS)]

    @cached_property
    def of_tables(self) -> list[TableCheck]:
        """The checks that judge all records of an entity together."""
        return [check for check in self if isinstance(check, TABLE_KINDS)]


def load_book(model: Model, folder: Path | None = None) -> CheckBook:
    """The checks of the model and the built-in ones, with every `*.yaml` of `folder` over them.

    A file holds one or several documents, one check each; one of the same entity and name as a known check replaces it,
    and `enabled: false` switches it off. UserError names the file, the check and what is wrong in it.
    """
    checks: dict[str, dict[str, Check]] = {name: dict(declared) for name, declared in _declared(model).items()}
    for check in _built_in():
        if model.has(check.entity):
            checks[check.entity][check.check] = check
    origin: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*.yaml")) if folder is not None and folder.is_dir() else ():
        for check in _read(path.read_bytes(), path.name):
            _refuse_wrong(check, model, origin, path.name)
            origin[check.entity, check.check] = path.name
            checks[check.entity][check.check] = check
    return CheckBook(model, {name: {k: c for k, c in found.items() if c.enabled} for name, found in checks.items()})


def book_of(workspace: Workspace) -> CheckBook:
    """The checks of a workspace as its files are now."""
    folder = workspace.path / FOLDER
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    state = tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return _remembered(workspace.model, folder, state)


@lru_cache(maxsize=4)
def _remembered(model: Model, folder: Path, state: tuple[object, ...]) -> CheckBook:  # noqa: ARG001 - the state is the key
    return load_book(model, folder)


@lru_cache(maxsize=4)
def _declared(model: Model) -> Mapping[str, Mapping[str, Check]]:
    return {entity.name: {check.check: check for check in declared_checks(entity, model)} for entity in model.entities}


@cache
def _built_in() -> tuple[Check, ...]:
    folder = resources.files(__package__).joinpath("checks")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return tuple(check for file in files for check in _read(file.read_bytes(), file.name))


def _read(raw: bytes, file: str) -> Iterable[Check]:
    try:
        documents = [document for document in yaml.load_all(raw, Loader=yaml.CSafeLoader) if document is not None]
        return [parse_check(document) for document in documents]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(MESSAGES.message("check_unreadable", problem=str(error)), file=file) from error
    except ValidationError as error:
        problem = "; ".join(f"{'.'.join(map(str, item['loc'])) or '—'}: {item['msg']}" for item in error.errors())
        raise UserError(MESSAGES.message("check_unreadable", problem=problem), file=file) from error


def _refuse_wrong(check: Check, model: Model, origin: Mapping[tuple[str, str], str], file: str) -> None:
    for problem in problems_of(check, model):
        wrong = MESSAGES.message("check_wrong", check=check.check, place=problem.place, problem=problem.message)
        raise UserError(wrong, file=file)
    other = origin.get((check.entity, check.check))
    if other is not None:
        label = model.entity(check.entity).label
        raise UserError(MESSAGES.message("check_twice", entity=label, check=check.check, other=other), file=file)
