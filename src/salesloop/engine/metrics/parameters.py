"""Numbers that whoever asks may choose: declared by metrics, given in a query, put into the definitions before planning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from salesloop.engine.metrics import composition, expression, validate
from salesloop.engine.metrics.cache import Cache
from salesloop.engine.metrics.definition import Metric, Parameter
from salesloop.engine.metrics.registry import MESSAGES, Registry
from salesloop.engine.model.errors import UserError

Number = int | float
_bound: Cache[Registry] = Cache(64, 64, lambda _: 1)


def declared(metrics: Iterable[str], registry: Registry) -> dict[str, Parameter]:
    """The parameters of metrics, and of what they are composed of."""
    return {name: parameter for metric in _all(metrics, registry) for name, parameter in metric.params.items()}


def values(given: tuple[str, ...], metrics: Iterable[str], registry: Registry) -> dict[str, Number]:
    """What holds for a question: the defaults, and over them what was given as `churn_days=60`.

    UserError where a name is unknown to the metrics, or a value is none or out of bounds.
    """
    known = declared(metrics, registry)
    out: dict[str, Number] = {name: parameter.default for name, parameter in known.items()}
    for text in given:
        name, _, value = text.partition("=")
        name = name.strip()
        if name not in known:
            key = "unknown_parameter" if known else "no_parameters"
            raise UserError(MESSAGES.message(key, name=name, known=list(known)))
        out[name] = _number(name, value.strip(), known[name])
    return out


def fitting(given: Iterable[str], metrics: Iterable[str], registry: Registry) -> tuple[str, ...]:
    """Of what was chosen for a page the part that these metrics know."""
    known = declared(metrics, registry)
    return tuple(text for text in given if text.partition("=")[0] in known)


def bound(registry: Registry, metrics: Iterable[str], chosen: Mapping[str, Number]) -> Registry:
    """The registry with the numbers in their places. Each metric's own default holds where nothing was chosen."""
    numbers = {
        metric.metric: {name: chosen.get(name, parameter.default) for name, parameter in metric.params.items()}
        for metric in _all(metrics, registry)
        if metric.params
    }
    if not numbers:
        return registry
    said = tuple((metric, *own.items()) for metric, own in sorted(numbers.items()))

    def make() -> Registry:
        changed = {metric: _filled(registry.metric(metric), own) for metric, own in numbers.items()}
        return Registry({**registry.metrics, **changed}, registry.dimensions, registry.model)

    # Kept because of its fingerprint, which costs more than the rest of a question that was planned before.
    return _bound.get((registry.fingerprint, id(registry.model), said), make)


def _number(name: str, text: str, parameter: Parameter) -> Number:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    whole = isinstance(parameter.default, int)
    if not parameter.minimum <= value <= parameter.maximum or (whole and value != int(value)):
        raise UserError(
            MESSAGES.message(
                "bad_parameter", name=name, value=text, minimum=parameter.minimum, maximum=parameter.maximum
            )
        )
    return int(value) if whole else value


def _all(metrics: Iterable[str], registry: Registry) -> Iterator[Metric]:
    """The metrics and everything that they are composed of, each once."""
    waiting, seen = list(metrics), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            metric = registry.metric(name)
            yield metric
            waiting += composition.parts(metric)


def _filled(metric: Metric, numbers: Mapping[str, Number]) -> Metric:
    """The definition with `:name` replaced wherever it stands."""
    return metric.model_copy(update={name: _put(name, value, numbers) for name, value in metric if value is not None})


def _put(field: str, value: Any, numbers: Mapping[str, Number]) -> Any:
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: _put(name, inner, numbers) for name, inner in value})
    if isinstance(value, tuple):
        return tuple(_put(field, item, numbers) for item in value)
    if isinstance(value, str) and field in validate.NUMBERS and value.startswith(":"):
        return numbers[value[1:]]
    if isinstance(value, str) and field in validate.TEXTS:
        return expression.with_numbers(value, numbers)
    return value
