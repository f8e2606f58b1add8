"""ClickHouse: a server by HTTP (clickhouse-connect), or its engine inside this process (chdb). The SQL is the same."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa

from salesloop.engine.model.errors import UserError
from salesloop.engine.store.engines import refusal
from salesloop.engine.store.engines.address import Address
from salesloop.engine.store.engines.pinned import pinned
from salesloop.engine.store.engines.stopping import under_way
from salesloop.engine.store.engines.written import mentioned, preceded

SETTINGS: Final[dict[str, str | int]] = {
    "join_use_nulls": 1,  # what a join does not find is NULL, not zero
    "aggregate_functions_null_for_empty": 1,  # the sum of nothing is NULL
    "prefer_column_name_to_alias": 1,  # a column means itself, not an expression beside it that has its name
    "union_default_mode": "DISTINCT",
    "output_format_arrow_string_as_string": 1,
    "max_query_size": 64_000_000,  # small tables travel in the statement
}
"""What makes it mean by SQL what everybody else means."""
_MISSING: Final = (
    "Code: 60.",
    "Code: 81.",
    "Code: 47.",
    "Code: 16.",
    "UNKNOWN_TABLE",
    "UNKNOWN_DATABASE",
    "UNKNOWN_IDENT",
)
_DENIED: Final = ("Code: 497.", "ACCESS_DENIED")
_LOGIN: Final = ("Code: 516.", "AUTHENTICATION_FAILED", "Code: 192.", "Code: 194.")
_STOPPED: Final = ("Code: 394.", "QUERY_WAS_CANCELLED")


class _Transport(Protocol):
    def query(self, sql: str, query_id: str) -> pa.Table: ...
    def command(self, sql: str) -> None: ...
    def load(self, table: str, file: Path) -> None: ...
    def stop(self, query_id: str) -> None: ...


class ClickHouseEngine:
    """An `Engine` over ClickHouse, in the time zone of the company."""

    dialect: Final = "clickhouse"

    def __init__(self, address: Address, timezone: str) -> None:
        self.address = address
        self._timezone = timezone
        self._settings = SETTINGS | {"session_timezone": timezone}
        self._guard = threading.Lock()
        self._transport: _Transport | None = None

    def execute(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        named = {name: _passed((tables or {})[name]) for name in mentioned(sql, tables or {})}
        query_id = f"salesloop-{secrets.token_hex(8)}"
        try:
            opened = self._opened()
            with under_way(lambda: opened.stop(query_id)):
                return pinned(opened.query(preceded(sql, named), query_id), self._timezone)
        except Exception as error:
            raise self._said(error) from error

    def write(self, statements: Sequence[str]) -> None:
        """Run statements that change something."""
        try:
            for statement in statements:
                self._opened().command(statement)
        except Exception as error:
            raise self._said(error) from error

    def load(self, table: str, file: Path) -> None:
        """Append the rows of a Parquet file to an existing table."""
        try:
            self._opened().load(table, file)
        except Exception as error:
            raise self._said(error) from error

    def _opened(self) -> _Transport:
        with self._guard:
            if self._transport is None:
                self._transport = (
                    _embedded(self.address, self._settings)
                    if self.address.kind == "chdb"
                    else _Server(self.address, self._settings)
                )
            return self._transport

    def _said(self, error: Exception) -> Exception:
        if isinstance(error, UserError):
            return error
        problem = str(error).split(" In scope ")[0]
        for codes, sentence in (
            (_MISSING, refusal.table_missing),
            (_DENIED, refusal.not_permitted),
        ):
            if any(code in problem for code in codes):
                return sentence(self.address, problem)
        if any(code in problem for code in _LOGIN):
            return refusal.login_refused(self.address)
        if any(code in problem for code in _STOPPED):
            return refusal.interrupted(self.address)
        if "Code: " not in problem and self.address.kind == "clickhouse":
            return refusal.unreachable(self.address, problem)
        return refusal.failed(self.address, problem)


class _Server:
    def __init__(self, address: Address, settings: Mapping[str, Any]) -> None:
        try:
            import clickhouse_connect
        except ImportError as error:
            raise refusal.extra_missing("clickhouse") from error
        options = dict(address.options)
        self._client = clickhouse_connect.get_client(
            host=address.host,
            port=address.port,
            username=address.user or "default",
            password=address.secret or "",
            database=address.path or "default",
            secure=options.get("secure") in ("1", "true"),
            autogenerate_session_id=False,  # questions of several threads at once
            connect_timeout=10,
        )
        self._settings = dict(settings)

    def query(self, sql: str, query_id: str) -> pa.Table:
        settings = self._settings | {"query_id": query_id}
        return self._client.query_arrow(sql, settings=settings, use_strings=True)

    def command(self, sql: str) -> None:
        self._client.command(sql)

    def load(self, table: str, file: Path) -> None:
        with file.open("rb") as rows:
            self._client.raw_insert(table, insert_block=rows, fmt="Parquet")

    def stop(self, query_id: str) -> None:
        self._client.command(f"KILL QUERY WHERE query_id = '{query_id}'")


_sessions: dict[str, _Embedded] = {}
_sessions_guard = threading.Lock()


def _embedded(address: Address, settings: Mapping[str, Any]) -> _Embedded:
    """Chdb has one database a process: everybody who asks for the folder shares it."""
    with _sessions_guard:
        if address.path not in _sessions:
            _sessions[address.path] = _Embedded(address.path)
        return _sessions[address.path].with_settings(settings)


class _Embedded:
    def __init__(self, folder: str) -> None:
        try:
            from chdb import session
        except ImportError as error:
            raise refusal.extra_missing("clickhouse") from error
        self._session: Any = session.Session(folder)  # type: ignore[no-untyped-call]
        self._one_at_a_time = threading.Lock()
        self._suffix = ""

    def with_settings(self, settings: Mapping[str, Any]) -> _Embedded:
        self._suffix = "\nSETTINGS " + ", ".join(
            f"{name} = {value!r}" for name, value in settings.items() if name != "max_query_size"
        )
        if "max_query_size" in settings:
            self.command(f"SET max_query_size = {settings['max_query_size']}")
        return self

    def query(self, sql: str, query_id: str) -> pa.Table:  # noqa: ARG002 - one at a time: it needs no name
        with self._one_at_a_time:
            return pa.ipc.open_file(self._session.query(sql + self._suffix, "Arrow").bytes()).read_all()

    def command(self, sql: str) -> None:
        with self._one_at_a_time:
            self._session.query(sql)

    def load(self, table: str, file: Path) -> None:
        self.command(f"INSERT INTO {table} SELECT * FROM file('{file}', Parquet)")

    def stop(self, query_id: str) -> None:
        """An embedded statement runs to its end."""


def _passed(table: pa.Table) -> str:
    """A small table as a query over a text: no right is needed but to SELECT."""
    columns = ", ".join(f"`{field.name}` {_type(field.type)}" for field in table.schema)
    rows = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("\\", "\\\\").replace("'", "\\'")
    return f"SELECT * FROM format(JSONCompactColumns, '{columns}', '{data}')"


def _cell(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"Nullable(Decimal({kind.precision}, {kind.scale}))"
    if pa.types.is_date(kind):
        return "Nullable(Date32)"
    if pa.types.is_timestamp(kind):
        return "Nullable(DateTime64(6))"
    if pa.types.is_boolean(kind):
        return "Nullable(Bool)"
    if pa.types.is_integer(kind):
        return "Nullable(Int64)"
    return "Nullable(Float64)" if pa.types.is_floating(kind) else "Nullable(String)"
