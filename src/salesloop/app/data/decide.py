"""What a person decides about one table: what it is, which field each column feeds, under which name to remember it."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from typing import Any

from salesloop.app.workspace.services import workspace
from salesloop.engine.collect.fit import missing_fields
from salesloop.engine.collect.mapping import ColumnMapping, Mapping, PathMapping
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.data")
_JOINABLE = ("text",)
PATH = ".path"


def decide(table: dict[str, Any], answers: MappingOf[str, str]) -> dict[str, Any]:
    """The table with the answers of the form: `column-<n>` (a field, `<entity>.path` or ''), `constant-<field>`, `name`.

    UserError where a required field has neither column nor value, or two columns feed what cannot be joined.
    """
    model = workspace().model
    mapping = Mapping.model_validate(table["mapping"])
    mapping = _with_columns(mapping, table, answers)
    mapping = _with_references(mapping, model)
    constants = mapping.constants | {
        name.removeprefix("constant-"): value.strip() for name, value in answers.items() if name.startswith("constant-")
    }
    name = answers.get("name", "").strip()[:80] or table["name"]
    given = {column.field for column in mapping.columns}
    mapping = mapping.model_copy(
        update={"constants": {f: text for f, text in constants.items() if text and f not in given}, "name": name}
    )
    _refuse_rivals(mapping, table, model)
    decided = table | {"name": name, "mapping": mapping.model_dump(mode="json"), "columns": _shown(table, mapping)}
    decided["missing"] = lacking(mapping, model)
    if decided["missing"]:
        labels = [model.entity(field.split(".")[0]).field(field.split(".")[1]).label for field in decided["missing"]]
        raise Undecided(decided, _MESSAGES.message("lacks_required", table=table["sheet"], fields=labels))
    return decided | {"choice": "import", "decided": True, "saved": None if mapping.columns else table["saved"]}


class Undecided(UserError):
    """The answers are kept in `table`, but something is still to be decided."""

    def __init__(self, table: dict[str, Any], message: Any) -> None:
        super().__init__(message)
        self.table = table


def lacking(mapping: Mapping, model: Model) -> list[str]:
    """Required fields of the primary entity that nothing gives."""
    primary = model.entity(mapping.entity)
    fields = {column.field for column in mapping.columns} | set(mapping.constants)
    fields |= {field for path in mapping.paths for field in path.feeds}
    given = {field.split(".")[1] for field in fields if field.startswith(f"{primary.name}.")}
    if any(path.entity == primary.name for path in mapping.paths):
        given |= {primary.key[0], primary.name_field or primary.key[0]}
    return [f"{primary.name}.{name}" for name in missing_fields(primary, given)]


def _with_columns(mapping: Mapping, table: dict[str, Any], answers: MappingOf[str, str]) -> Mapping:
    """Columns whose answer differs from what they feed now feed the answer, and nothing else; the others stay."""
    columns, paths = list(mapping.columns), list(mapping.paths)
    for number, column in enumerate(table["columns"]):
        answer = answers.get(f"column-{number}")
        if answer is None or answer == main_field(column["fields"]):
            continue
        name = column["name"]
        columns = [one for one in columns if one.column != name]
        paths = _without(paths, name)
        if answer.endswith(PATH):
            paths = _extended(paths, answer.removesuffix(PATH), name)
        elif answer:
            columns.append(ColumnMapping(column=name, field=answer, unit=column["unit"]))
    order = {column["name"]: place for place, column in enumerate(table["columns"])}
    columns.sort(key=lambda one: order.get(one.column, len(order)))
    return mapping.model_copy(update={"columns": tuple(columns), "paths": tuple(paths)})


def main_field(fields: list[str]) -> str:
    """Of the fields that a column feeds the one that its list shows: the one that was recognised or chosen."""
    return fields[0] if fields else ""


def _without(paths: list[PathMapping], column: str) -> list[PathMapping]:
    out = []
    for path in paths:
        rest = tuple(name for name in path.columns if name != column)
        if rest:
            out.append(path.model_copy(update={"columns": rest}))
    return out


def _extended(paths: list[PathMapping], entity: str, column: str) -> list[PathMapping]:
    known = [path for path in paths if path.entity == entity]
    if not known:
        return [*paths, PathMapping(entity=entity, columns=(column,))]
    longer = known[0].model_copy(update={"columns": (*known[0].columns, column)})
    return [longer if path is known[0] else path for path in paths]


def _with_references(mapping: Mapping, model: Model) -> Mapping:
    """Records that a sheet tells something about need a key, a name and the row's reference to them."""
    primary = model.entity(mapping.entity)
    added: list[ColumnMapping] = list(mapping.columns)
    paths = list(mapping.paths)
    for reference, target_name in primary.references.items():
        target = model.entity(target_name)
        refers = f"{primary.name}.{reference}"
        if target.kind != "dimension" or target_name == primary.name or _first_to(primary, target_name) != reference:
            continue
        for place, path in enumerate(paths):
            if path.entity == target_name and not path.feeds and not _feeding(added, refers):
                paths[place] = path.model_copy(update={"feeds": (refers,)})
        if any(path.entity == target_name for path in paths):
            continue
        if any(one.field.startswith(f"{target_name}.") for one in added):
            _complete(added, refers, target)
    return mapping.model_copy(update={"columns": tuple(added), "paths": tuple(paths)})


def _first_to(primary: Entity, target: str) -> str:
    return next(name for name, entity in primary.references.items() if entity == target)


def _complete(columns: list[ColumnMapping], refers: str, target: Entity) -> None:
    key = f"{target.name}.{target.key[0]}"
    name = f"{target.name}.{target.name_field}" if target.name_field else key
    source = _feeding(columns, key) or _feeding(columns, refers) or _feeding(columns, name)
    if source is None:
        return
    for field, column in ((key, source), (refers, source), (name, _feeding(columns, name) or source)):
        if _feeding(columns, field) is None:
            columns.append(ColumnMapping(column=column, field=field))


def _feeding(columns: list[ColumnMapping], field: str) -> str | None:
    return next((one.column for one in columns if one.field == field), None)


def _refuse_rivals(mapping: Mapping, table: dict[str, Any], model: Model) -> None:
    for field in dict.fromkeys(column.field for column in mapping.columns):
        rivals = mapping.columns_of(field)
        declared = model.entity(field.split(".")[0]).field(field.split(".")[1])
        if len(rivals) > 1 and declared.type not in _JOINABLE:
            message = _MESSAGES.message(
                "twice_mapped", table=table["sheet"], columns=list(rivals), field=declared.label
            )
            raise UserError(message)


def _shown(table: dict[str, Any], mapping: Mapping) -> list[dict[str, Any]]:
    """The columns as they are decided now: what a person chose is certain."""
    out = []
    for column in table["columns"]:
        fields = [one.field for one in mapping.columns if one.column == column["name"]]
        fields += [f"{path.entity}{PATH}" for path in mapping.paths if column["name"] in path.columns]
        if fields == column["fields"]:
            out.append(column)
        else:
            chosen = {"fields": fields, "confidence": 1.0 if fields else 0.0, "evidence": "chosen" if fields else []}
            out.append(column | chosen)
    return out
