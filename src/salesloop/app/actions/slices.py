"""From the filters of a form to the members of a slice, with the names that people know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import as_of, registry, workspace
from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.metrics import Query, run
from salesloop.engine.metrics.query import parse_filter
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import LANGS


def with_dimension_id(text: str) -> str:
    """`部门=华东大区` → `org_unit=华东大区`: a filter whose dimension may be called by its label in any language."""
    name, sign, value = text.partition("=")
    labels = {
        label.casefold(): key
        for key, dimension in registry().dimensions.items()
        for label in (dimension.label.get(lang) for lang in LANGS)
    }
    return f"{labels.get(name.strip().casefold(), name.strip())}{sign}{value.strip()}"


def spoken_slice(members: Sequence[Mapping[str, str | None]]) -> str:
    """A slice as people write it in the form: `部门=华东大区, 渠道=分销`."""
    names = [
        (registry().dimension(str(member["dimension"]).split(":", maxsplit=1)[0]), member["name"]) for member in members
    ]
    return ", ".join(f"{dimension.label.get(current_lang())}={name}" for dimension, name in names if name)


def members_from(metric: str, filters: Sequence[str], scope: Scope) -> list[Member]:
    """Each filter as a member, with tree levels (`region:2`) found from the data.

    ValueError naming the filter under which the metric has no rows in this scope, so that nobody acts on a slip of the pen.
    """
    members = []
    for text in filters:
        wanted = parse_filter(text)
        member = _found(metric, wanted.dimension, text, str(wanted.values[0] or ""), scope)
        if member is None:
            raise ValueError(_("在数据中找不到“%(text)s”，请检查名称。") % {"text": text})
        members.append(member)
    return members


def _found(metric: str, dimension: str, text: str, value: str, scope: Scope) -> Member | None:
    levels = (
        [dimension]
        if registry().dimension(dimension).tree is None
        else [f"{dimension}:{depth}" for depth in range(1, 7)]
    )
    for level in levels:
        try:
            table = run(
                workspace(),
                registry(),
                Query(metrics=(metric,), by=(level,), where=(text,)),
                scope,
                today=as_of(),
            ).table
        except UserError:
            return None
        for row in table.to_pylist():
            name, key = row[dimension], row.get(f"{dimension}_id", row[dimension])
            if value in (name, key):
                return Member(level, key, name)
    return None
