"""PostgreSQL: read-only connections, small tables passed as arrays, so that the right to SELECT is enough."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from salesloop.engine.store.engines import refusal
from salesloop.engine.store.engines.address import Address
from salesloop.engine.store.engines.stopping import under_way
from salesloop.engine.store.engines.written import mentioned, preceded

_IDLE: Final = 8
_BLOCK: Final = 1 << 20
_SCALE: Final = 4
_ARRAYS: Final[dict[str, str]] = {"date32[day]": "date", "int64": "bigint", "double": "float8", "bool": "boolean"}
_ARROW: Final[dict[str, pa.DataType]] = {
    "int2": pa.int64(),
    "int4": pa.int64(),
    "int8": pa.int64(),
    "float4": pa.float64(),
    "float8": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
# Who is not let in is told so in a sentence only, in the language of the server; other languages than these are shown as
# they come.
_LOGIN: Final = re.compile(
    r"no password supplied|password authentication failed|role \".*\" does not exist|no pg_hba\.conf entry|认证失败|角色 \".*\" 不存在"
)
_DATABASE: Final = re.compile(r"database \".*\" does not exist|数据库 \".*\" 不存在")


class PostgreSQLEngine:
    """An `Engine` over a PostgreSQL database, in the time zone of the company."""

    dialect: Final = "postgres"

    def __init__(self, address: Address, timezone: str) -> None:
        self.address = address
        self._timezone = timezone
        self._idle: list[Any] = []
        self._guard = threading.Lock()

    def execute(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        named: dict[str, str] = {}
        values: dict[str, list[Any]] = {}
        for name in mentioned(sql, tables or {}):
            query, arrays = _passed(name, (tables or {})[name])
            named[name] = query
            values |= arrays
        whole = preceded(sql.replace("%", "%%") if values else sql, named)
        with self._connection() as connection, connection.cursor() as cursor:
            with under_way(connection.cancel_safe):
                cursor.execute(whole, values or None)
            return _arrow(cursor)

    def write(self, statements: Sequence[str]) -> None:
        """Run statements that change something, in one transaction."""
        with self._connection() as connection, connection.transaction():
            connection.execute("SET TRANSACTION READ WRITE")
            for statement in statements:
                connection.execute(statement)

    def load(self, table: str, file: Path) -> None:
        """Append the rows of a CSV file with a heading, in which what is not quoted and empty is NULL."""
        with self._connection() as connection, connection.transaction():
            connection.execute("SET TRANSACTION READ WRITE")
            with (
                file.open("rb") as rows,
                connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)") as copy,
            ):
                while block := rows.read(_BLOCK):
                    copy.write(block)
            connection.execute(f"ANALYZE {table}")

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        import psycopg

        with self._guard:
            connection = self._idle.pop() if self._idle else None
        try:
            connection = connection or self._connected()
            yield connection
        except psycopg.Error as error:
            raise self._said(error) from error
        finally:
            self._give_back(connection)

    def _give_back(self, connection: Any) -> None:
        import psycopg

        if connection is None:
            return
        at_rest = not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        with self._guard:
            if at_rest and len(self._idle) < _IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _connected(self) -> Any:
        try:
            import psycopg
        except ImportError as error:
            raise refusal.extra_missing("postgresql") from error
        more: dict[str, Any] = dict(self.address.options)
        options = f"-c default_transaction_read_only=on -c TimeZone={self._timezone}"
        connection = psycopg.connect(
            host=self.address.host,
            port=self.address.port,
            user=self.address.user or None,
            dbname=self.address.path or None,
            password=self.address.secret,
            application_name="salesloop",
            options=options,
            autocommit=True,
            connect_timeout=10,
            **more,
        )
        with suppress(psycopg.Error):  # servers before 14 do not know it
            connection.execute("SET client_connection_check_interval = '2s'")  # a process that died waits for no answer
        return connection

    def _said(self, error: Any) -> refusal.EngineRefused:
        problem, state = str(error), error.sqlstate or ""
        if state.startswith("28") or (not state and _LOGIN.search(problem)):
            return refusal.login_refused(self.address)
        if state == "3D000" or (not state and _DATABASE.search(problem)):
            return refusal.database_missing(self.address)
        if state == "42501":
            return refusal.not_permitted(self.address, problem)
        if state in ("42P01", "42703", "3F000"):
            return refusal.table_missing(self.address, problem)
        if state == "57014":
            return refusal.interrupted(self.address)
        if not state or state.startswith(("08", "57")):
            return refusal.unreachable(self.address, problem)
        return refusal.failed(self.address, problem)


def _passed(name: str, table: pa.Table) -> tuple[str, dict[str, list[Any]]]:
    """A small table as a query over arrays, and the arrays by parameter."""
    values = {f"{name}_{place}": column.to_pylist() for place, column in enumerate(table.columns)}
    kinds = [_ARRAYS.get(str(field.type)) or _array_type(field.type) for field in table.schema]
    arrays = ", ".join(f"%({key})s::{kind}[]" for key, kind in zip(values, kinds, strict=True))
    names = ", ".join(f'"{column}"' for column in table.column_names)
    return f"SELECT * FROM unnest({arrays}) AS passed({names})", values


def _array_type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"numeric({kind.precision}, {kind.scale})"
    if pa.types.is_timestamp(kind):
        return "timestamp"
    return "bigint" if pa.types.is_integer(kind) else "text"


def _arrow(cursor: Any) -> pa.Table:
    """The rows of a cursor. Numbers that lost their scale on the way (COALESCE does that) have that of sums, or more."""
    rows = cursor.fetchall()
    described = cursor.description
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(described)
    arrays = []
    for column, about in zip(columns, described, strict=True):
        known = cursor.adapters.types.get(about.type_code)
        name = known.name if known is not None else "text"
        if name == "numeric":
            arrays.append(pa.array(column, _decimal(about, column)))
        elif name in _ARROW:
            arrays.append(pa.array(column, _ARROW[name]))
        elif name == "timestamptz":
            arrays.append(pa.array([None if v is None else v.replace(tzinfo=None) for v in column], pa.timestamp("us")))
        else:
            arrays.append(pa.array([None if v is None else str(v) for v in column], pa.string()))
    return pa.table(arrays, names=[about.name for about in described])


def _decimal(about: Any, column: Sequence[Decimal | None]) -> pa.DataType:
    if about.scale is not None:
        return pa.decimal128(38, about.scale)
    exponents = (-int(v.as_tuple().exponent) for v in column if v is not None and v.is_finite())
    return pa.decimal128(38, min(max([_SCALE, *exponents]), 18))
