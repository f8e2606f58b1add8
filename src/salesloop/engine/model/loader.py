"""Reads the declarations: the built-in entities, then a company's own fields and entities over them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field as _Field
from pydantic import ValidationError

from salesloop.engine.model.entity import Check, Entity, Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.fields import Declaration, Field
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.model")


class Extension(Declaration):
    """What a workspace adds to a built-in entity: fields, checks, and header or sheet aliases of existing ones."""

    extend: str
    fields: tuple[Field, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = _Field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    sheet_aliases: tuple[str, ...] = ()


def load_model(extra: Path | None = None) -> Model:
    """The built-in model, with every `*.yaml` of the folder `extra` (a workspace's `entities/`) over it.

    A file declares a new entity (`entity: NAME`) or adds to one (`extend: NAME`). A field with an empty specification is
    the shared one of that name (`entities/_shared.yaml`). UserError names the file and the place of a mistake.
    """
    own = sorted(extra.glob("*.yaml")) if extra is not None and extra.is_dir() else []
    if not own:
        return _built_in_model()
    entities = dict(_built_in())
    for path in own:
        entity = _from_workspace(entities, path)
        entities[entity.name] = entity
    return Model(entities)


@cache
def _built_in_model() -> Model:
    """One for all workspaces without entities of their own: what is worked out from a model is then kept for all of them."""
    return Model(_built_in())


@cache
def _built_in() -> Mapping[str, Entity]:
    folder = resources.files("salesloop.engine.model").joinpath("entities")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    documents = [_read(folder.joinpath(name).read_bytes()) for name in names if not name.startswith("_")]
    return {document["entity"]: _entity(document) for document in documents}


@cache
def _shared_fields() -> Mapping[str, dict[str, Any]]:
    return _read(resources.files("salesloop.engine.model").joinpath("entities/_shared.yaml").read_bytes())


def _read(raw: bytes) -> dict[str, Any]:
    document = yaml.load(raw, Loader=yaml.CSafeLoader)
    return document if isinstance(document, dict) else {}


def _from_workspace(entities: Mapping[str, Entity], path: Path) -> Entity:
    try:
        document = _read(path.read_bytes())
        if "extend" in document:
            return _extended(entities, Extension.model_validate(_listed(document)))
        if document.get("entity") in entities:
            raise UserError(_MESSAGES.message("entity_name_taken", name=document["entity"]))
        return _entity(document)
    except yaml.YAMLError as error:
        message = _MESSAGES.message("entity_file_unreadable", problem=str(error))
        raise UserError(message, file=path.name) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        message = _MESSAGES.message("entity_file_wrong", place=place, problem=first["msg"])
        raise UserError(message, file=path.name) from error
    except UserError as error:
        raise UserError(error.message, file=path.name) from error


def _entity(document: Mapping[str, Any]) -> Entity:
    """`entity:` is the name; every entity may carry the system that its rows came from."""
    written = _listed(document)
    written["name"] = written.pop("entity", None)
    if isinstance(written.get("fields"), list):
        for field in written["fields"]:
            if isinstance(field, dict) and field["name"] == f"{written['name']}_id":
                field.pop("references", None)  # the shared field refers to this very entity
        written["fields"].append({"name": "source_system", **_shared_fields()["source_system"]})
    return Entity.model_validate(written)


def _listed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The mappings `name: {…}` as lists of `{name, …}`, with what a shared field of that name already says."""
    written = dict(document)
    for part in ("fields", "checks", "levels"):
        if isinstance(written.get(part), dict):
            known = _shared_fields() if part == "fields" else {}
            written[part] = [
                {"name": name, **known.get(name, {}), **spec} if isinstance(spec, dict) else spec
                for name, spec in written[part].items()
            ]
    return written


def _extended(entities: Mapping[str, Entity], extension: Extension) -> Entity:
    base = Model(entities).entity(extension.extend)
    taken = [field.name for field in extension.fields if base.has(field.name)]
    if taken:
        raise UserError(_MESSAGES.message("field_name_taken", entity=base.label, name=taken[0]))
    for name in extension.aliases:
        base.field(name)
    fields = tuple(
        field.model_copy(update={"aliases": field.aliases + extension.aliases.get(field.name, ())})
        for field in base.fields
    )
    added = {
        "fields": fields + extension.fields,
        "checks": base.checks + extension.checks,
        "sheet_aliases": base.sheet_aliases + extension.sheet_aliases,
    }
    return Entity(**({name: getattr(base, name) for name in Entity.model_fields} | added))
