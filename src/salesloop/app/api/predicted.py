"""What was predicted: the saved models, and what each customer is still to bring."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from salesloop.app.api.schemas import Problem
from salesloop.app.customers.services import customer_values
from salesloop.app.pages.services import page_for
from salesloop.app.prediction.services import SavedModel

MOST = 500
router = Router()
Responses = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
Sort = Literal["coming", "-coming", "past", "-past", "alive", "-alive"]


class ModelOut(Schema):
    """One version of a model."""

    id: int
    kind: str
    subject: str = Field(description="The metric of a forecast; empty otherwise")
    version: int
    in_force: bool
    choices: dict[str, Any]
    first: dt.date
    until: dt.date
    snapshot: int
    error: float = Field(description="Mean absolute error of the back-test")
    naive_error: float = Field(description="The same of the naive rival")
    trained_at: dt.datetime
    trained_by: str | None = Field(description="Login")
    document: dict[str, Any] = Field(description="Parameters, convergence and the whole back-test")


class ModelList(Schema):
    items: list[ModelOut]


class CustomerValueOut(Schema):
    """One customer; money is gross profit in the base currency, or sales where no cost is known."""

    customer_id: str
    name: str
    purchases_so_far: int
    last_purchase: dt.date
    alive: float = Field(description="The chance that they are still a customer")
    purchases: float = Field(description="Expected within the horizon")
    purchase_value: float = Field(description="Expected sales of one purchase")
    past: float
    coming: float = Field(description="Expected within the horizon, discounted")
    total: float


class CustomerValueList(Schema):
    items: list[CustomerValueOut]
    total: int
    version: int = Field(description="Of the model")
    years: float
    margin: float | None
    yearly_discount: float
    as_of: dt.date
    better: bool = Field(description="Whether the model missed by less than its naive rival in the back-test")


@router.get("/models", response={200: ModelList, **Responses}, operation_id="models", summary="Saved models")
def models(request: HttpRequest) -> dict[str, Any]:
    if not request.user.has_perm("prediction.see"):
        raise PermissionDenied("prediction.see")
    names = [name for name in ModelOut.model_fields if name != "trained_by"]
    found = SavedModel.objects.select_related("trained_by")
    return {
        "items": [
            {name: getattr(one, name) for name in names}
            | {"trained_by": one.trained_by.login if one.trained_by else None}
            for one in found
        ]
    }


@router.get(
    "/customers/value",
    response={200: CustomerValueList, **Responses},
    operation_id="customer_values",
    summary="What customers are still to bring, by the model in force over the orders that you may see",
)
def customer_value(
    request: HttpRequest,
    sort: Sort = "-coming",
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=10**9),
) -> dict[str, Any]:
    page = page_for(request)
    found = customer_values(page)
    if found is None:
        raise Http404
    saved, model = found.model.saved, found.model.trained.model
    lines = found.lines(found.order(sort)[offset : offset + limit])
    return {
        "items": [
            {
                "customer_id": line.key,
                "purchases_so_far": line.bought,
                "last_purchase": line.last,
                "purchase_value": line.worth,
                **{name: getattr(line, name) for name in ("name", "alive", "purchases", "past", "coming", "total")},
            }
            for line in lines
        ],
        "total": len(found.of),
        "version": saved.version,
        "years": model.years,
        "margin": model.margin,
        "yearly_discount": model.yearly_discount,
        "as_of": page.as_of,
        "better": saved.better,
    }
