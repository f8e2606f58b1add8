"""Targets at the grain and slices of a question: the small table that its SQL joins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Final

import pyarrow as pa

from salesloop.engine.metrics.filters import Resolved
from salesloop.engine.metrics.plan.context import PERIOD, TOTAL, Context
from salesloop.engine.metrics.plan.names import DUE, TARGET, part
from salesloop.engine.metrics.query import By
from salesloop.engine.metrics.registry import MESSAGES
from salesloop.engine.metrics.targets.book import Layer, amount, window
from salesloop.engine.metrics.targets.cover import Covered
from salesloop.engine.metrics.targets.nodes import Nodes
from salesloop.engine.metrics.targets.organisation import (
    ORGANISATION,
    Evaluate,
    Gaps,
    Slice,
    nothing,
    organisation,
    total,
)
from salesloop.engine.metrics.targets.source import Members, TargetSource
from salesloop.engine.metrics.windows import Windows
from salesloop.engine.model.errors import UserError

_VALUE: Final = pa.decimal128(38, 4)


def target_table(context: Context, source: TargetSource | None, metrics: tuple[str, ...], days: Windows) -> pa.Table:
    """One row for every slice and period with a target: the keys, and of each metric the target and the target so far."""
    along, answerable = _further_dimension(context)
    rows: dict[tuple[object, ...], dict[str, Decimal]] = {}
    for metric in metrics:
        if source is None or not answerable:
            break
        sums_up = context.registry.sums_up(metric)
        for ids, evaluate in _slices(context, source, metric, along, sums_up=sums_up):
            for each in days:
                found = amount(evaluate(window(each.start, each.end)), sums_up=sums_up)
                if found is None:
                    continue
                key = tuple(each.period if k == PERIOD else 1 if k == TOTAL else ids.get(k, "") for k in context.keys)
                row = rows.setdefault(key, {})
                row[part(metric, TARGET)] = found
                so_far = amount(evaluate(window(each.start, min(each.end, context.today))), sums_up=sums_up)
                if so_far is not None:
                    row[part(metric, DUE)] = so_far
    types = {PERIOD: pa.date32(), TOTAL: pa.int32()}
    columns = {
        key: pa.array([row[place] for row in rows], types.get(key, pa.string()))
        for place, key in enumerate(context.keys)
    }
    for metric in metrics:
        for name in (TARGET, DUE):
            column = part(metric, name)
            columns[column] = pa.array([_rounded(row.get(column)) for row in rows.values()], _VALUE)
    return pa.table(columns)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.0001"))


def _further_dimension(context: Context) -> tuple[str | None, bool]:
    """(the dimension besides units and people that the question is about, whether targets can answer it at all)."""
    by = [item.dimension for item in context.by if item.dimension not in ORGANISATION]
    if len(by) > 1:
        labels = [context.registry.dimension(name).label for name in by]
        raise UserError(MESSAGES.message("target_slices", names=labels))
    names = dict.fromkeys([*by, *(f.dimension.dimension for f in context.filters)])
    further = [name for name in names if name not in ORGANISATION]
    return (further[0] if further else None), len(further) <= 1


def _slices(
    context: Context, source: TargetSource, metric: str, along: str | None, *, sums_up: bool
) -> Iterator[tuple[dict[str, str], Callable[[Gaps], Covered]]]:
    book = source.book
    if along is None:
        layer = book.layer(metric)
        for one in organisation(context, book, [layer], sums_up=sums_up):
            yield one.ids, partial(_or_along, source, metric, one, sums_up)
        return
    members = source.members.get(along)
    if members is None:
        return
    layers = {value: book.layer(metric, along, value) for value in book.values(metric, along)}
    chosen = [item for item in context.filters if item.dimension.dimension == along]
    by = next((item for item in context.by if item.dimension == along), None)
    for one in organisation(context, book, list(layers.values()), sums_up=sums_up):
        tree = _Along(members, layers, one.evaluate, chosen)
        for node, evaluate in tree.groups(by):
            yield one.ids | ({f"{along}_id": node} if by else {}), evaluate


def _or_along(source: TargetSource, metric: str, one: Slice, sums_up: bool, gaps: Gaps) -> Covered:
    """What the organisation's targets say; where they say nothing at all, the sum along the one dimension that has targets."""
    found = one.evaluate(source.book.layer(metric), gaps)
    dimensions = source.book.dimensions(metric)
    if found.days or not sums_up or len(dimensions) != 1 or dimensions[0] not in source.members:
        return found
    along = dimensions[0]
    layers = {value: source.book.layer(metric, along, value) for value in source.book.values(metric, along)}
    return _Along(source.members[along], layers, one.evaluate, []).whole(gaps)


class _Along:
    """Targets along the tree of a further dimension: a node's own, else the sum of its children's."""

    def __init__(self, members: Members, layers: dict[str, Layer], evaluate: Evaluate, filters: list[Resolved]) -> None:
        self._nodes = members.nodes
        self._evaluate = evaluate
        self._filters = [(self._nodes.under(item.ids), item.negated) for item in filters]
        self._layers: dict[str, list[Layer]] = {}
        for value, layer in layers.items():
            for node in members.spoken.get(value, ()):
                self._layers.setdefault(node, []).append(layer)

    def groups(self, by: By | None) -> Iterator[tuple[str, Callable[[Gaps], Covered]]]:
        if by is None:
            yield "", self.whole
            return
        for node in grouped_nodes(self._nodes, by.level):
            yield node, partial(self.node, node)

    def whole(self, gaps: Gaps) -> Covered:
        return total([self.node(root, gaps) for root in self._nodes.roots], gaps)

    def node(self, node: str, gaps: Gaps) -> Covered:
        own = nothing(gaps)
        if self._allowed(node):
            own = total([self._evaluate(layer, gaps) for layer in self._layers.get(node, [])], gaps)
        below = [self.node(child, own.left) for child in self._nodes.children(node)] if own.left else []
        return total([own, *below], gaps)

    def _allowed(self, node: str) -> bool:
        under = self._nodes.under([node])
        return all(not under & nodes if negated else node in nodes for nodes, negated in self._filters)


def grouped_nodes(nodes: Nodes, level: int | None) -> Iterator[str]:
    """The nodes under which rows are grouped at a tree level: those of the level, and leaves above it."""
    waiting = list(nodes.roots)
    while waiting:
        node = waiting.pop()
        children = nodes.children(node)
        if level is None or nodes.level(node) == level or not children:
            yield node
        if level is None or nodes.level(node) < level:
            waiting += children
