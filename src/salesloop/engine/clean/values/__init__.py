"""One module per type of value. `value_type` gives the way of reading that a field of the model asks for."""

from __future__ import annotations

from salesloop.engine.clean.values.address import Address
from salesloop.engine.clean.values.credit_code import CreditCode
from salesloop.engine.clean.values.currency import CurrencyCode
from salesloop.engine.clean.values.day_order import Order
from salesloop.engine.clean.values.email import Email
from salesloop.engine.clean.values.label import Identifier, Text
from salesloop.engine.clean.values.moment import Moment
from salesloop.engine.clean.values.money import money
from salesloop.engine.clean.values.percent import Percent
from salesloop.engine.clean.values.phone import Phone
from salesloop.engine.clean.values.quantity import decimal, integer, quantity
from salesloop.engine.clean.values.recipe import ValueType
from salesloop.engine.clean.values.unit import Unit
from salesloop.engine.clean.values.words import boolean, choice
from salesloop.engine.model.fields import Field

__all__ = [
    "Email",
    "Identifier",
    "Moment",
    "Percent",
    "Phone",
    "Text",
    "boolean",
    "choice",
    "decimal",
    "integer",
    "money",
    "quantity",
    "value_type",
]


def value_type(field: Field, timezone: str, unit: Unit | None = None, file_order: Order | None = None) -> ValueType:
    """How cells of this field are read.

    `timezone` is the workspace's, `unit` what the header of the column states, `file_order` the order of day and month
    that another column of the same file has proved.
    """
    if field.name == "currency":
        return CurrencyCode()
    if field.name == "credit_code":
        return CreditCode()
    if field.name == "address":
        return Address()
    match field.type:
        case "money":
            return money(unit)
        case "quantity":
            return quantity(unit)
        case "integer":
            return integer(unit)
        case "decimal":
            return decimal(unit)
        case "percent":
            return Percent(unit=unit)
        case "date" | "datetime":
            return Moment(field.type, timezone, file_order)
        case "boolean":
            return boolean()
        case "choice":
            return choice(field.choices) if field.choices else Text()
        case "phone":
            return Phone()
        case "email":
            return Email()
        case "identifier":
            return Identifier()
        case "text":
            return Text()
