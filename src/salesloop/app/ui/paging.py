"""Pages of long lists; the page number is `page` in the address and everything else in the address stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest

from salesloop.app.ui.typed import whole_number

SIZE = 50


class Countable(Protocol):
    """A QuerySet, or anything else that can count itself and be sliced."""

    def __getitem__(self, part: slice, /) -> Any: ...
    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Pager:
    """One page of a list: `items`, which ones of how many, and the addresses of its neighbours."""

    items: Sequence[Any]
    first: int
    last: int
    total: int
    before: str
    after: str

    @classmethod
    def of(cls, request: HttpRequest, found: Countable, size: int = SIZE) -> Pager:
        """The asked page of a QuerySet; past the end it is the last page."""
        total = found.count()
        number = min(page_number(request), max(1, -(-total // size)))
        start = (number - 1) * size
        return cls.at(request, list(found[start : start + size]), total, number, size)

    @classmethod
    def at(cls, request: HttpRequest, items: Sequence[Any], total: int, number: int, size: int = SIZE) -> Pager:
        """A page whose items were fetched by somebody else."""
        start = (number - 1) * size
        return cls(
            items=items,
            first=start + 1 if items else 0,
            last=start + len(items),
            total=total,
            before=_address(request, number - 1) if number > 1 else "",
            after=_address(request, number + 1) if start + len(items) < total else "",
        )


def page_number(request: HttpRequest) -> int:
    """`page` of the address; 1 for anything that is not a number from 1 on."""
    number = whole_number(request.GET.get("page"))
    return number if number and number < 10**9 else 1


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    if number == 1:
        del query["page"]
    return f"?{query.urlencode(safe=',:|!')}"
