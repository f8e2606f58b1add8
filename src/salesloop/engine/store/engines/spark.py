"""Spark Connect: Apache Spark, or Sail. Small tables are local relations under names of the session, made once each."""

from __future__ import annotations

import atexit
import hashlib
import secrets
import socket
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa

from salesloop.engine.store.engines import refusal
from salesloop.engine.store.engines.address import Address
from salesloop.engine.store.engines.pinned import pinned
from salesloop.engine.store.engines.stopping import under_way
from salesloop.engine.store.engines.written import mentioned, preceded

_KEPT: Final = 256


class SparkEngine:
    """An `Engine` over a Spark Connect server, in the time zone of the company."""

    dialect: Final = "spark"

    def __init__(self, address: Address, timezone: str) -> None:
        self.address = address
        self._timezone = timezone
        self._guard = threading.Lock()
        self._opened: Any = None
        self._views: OrderedDict[str, None] = OrderedDict()

    def execute(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        with self._said():
            session = self._session()
            named = {name: self._passed(session, (tables or {})[name]) for name in mentioned(sql, tables or {})}
            tag = f"salesloop-{secrets.token_hex(8)}"
            session.addTag(tag)  # of this thread
            try:
                with under_way(lambda: session.interruptTag(tag)):
                    return pinned(session.sql(preceded(sql, named)).toArrow(), self._timezone)
            finally:
                session.removeTag(tag)

    def _passed(self, session: Any, table: pa.Table) -> str:
        """A query over the view of this session that holds the table; equal tables share one."""
        if not table.num_rows:
            nothing = (f"CAST(NULL AS {_type(field.type)}) AS `{field.name}`" for field in table.schema)
            return f"SELECT {', '.join(nothing)} WHERE FALSE"
        name = f"salesloop_{_fingerprint(table)}"
        with self._guard:
            known = name in self._views
        if not known:
            session.createDataFrame(table).createOrReplaceTempView(name)
        with self._guard:
            self._views[name] = None
            self._views.move_to_end(name)
            old = self._views.popitem(last=False)[0] if len(self._views) > _KEPT else None
        if old is not None:
            session.catalog.dropTempView(old)
        return f"SELECT * FROM {name}"

    def _session(self) -> Any:
        with self._guard:
            if self._opened is None:
                self._opened = self._connected()
            return self._opened

    def _connected(self) -> Any:
        try:  # the client itself would try for ten minutes
            socket.create_connection((self.address.host, self.address.port), timeout=10).close()
        except OSError as error:
            raise refusal.unreachable(self.address, str(error)) from error
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pandas, whose frames we do not use
            return self._logged_in()

    def _logged_in(self) -> Any:
        from pyspark.sql import SparkSession

        options = dict(self.address.options)
        if self.address.secret:
            options["token"] = self.address.secret
        if self.address.user:
            options["user_id"] = self.address.user
        path = "".join(f";{name}={value}" for name, value in options.items())
        remote = f"sc://{self.address.host}:{self.address.port}/{path}"
        session = SparkSession.builder.remote(remote).create()
        session.conf.set("spark.sql.session.timeZone", self._timezone)
        if self.address.path:
            session.catalog.setCurrentDatabase(self.address.path)
        atexit.register(_take_leave, session, self.address)  # before the client's own, which was registered earlier
        return session

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            from pyspark.errors import PySparkException
        except ImportError as error:
            raise refusal.extra_missing("spark") from error
        try:
            yield
        except PySparkException as error:
            raise self._sentence(error) from error
        except Exception as error:  # gRPC has classes of its own, which the client lets through
            if type(error).__module__.split(".")[0] == "grpc":
                raise refusal.unreachable(self.address, str(error)) from error
            raise

    def _sentence(self, error: Any) -> refusal.EngineRefused:
        problem = str(error)
        upper = problem.upper()
        if "UNAVAILABLE" in upper or "FAILED TO CONNECT" in upper or "CONNECTION REFUSED" in upper:
            with self._guard:
                self._opened = None
                self._views.clear()
            return refusal.unreachable(self.address, problem)
        if "UNAUTHENTICATED" in upper:
            return refusal.login_refused(self.address)
        if "PERMISSION" in upper or "ACCESS_DENIED" in upper:
            return refusal.not_permitted(self.address, problem)
        if any(
            word in upper
            for word in (
                "TABLE_OR_VIEW_NOT_FOUND",
                "UNRESOLVED_COLUMN",
                "PATH_NOT_FOUND",
                "SCHEMA_NOT_FOUND",
                "NO FILES FOUND",
                "CANNOT RESOLVE",
            )
        ):
            return refusal.table_missing(self.address, problem)
        if any(
            word in upper for word in ("OPERATION_CANCELED", "CANCELLED", "OPERATION NOT FOUND")
        ):  # the last is Sail's
            return refusal.interrupted(self.address)
        return refusal.failed(self.address, problem)


def _take_leave(session: Any, address: Address) -> None:
    """When Python ends: the client would try for ten minutes to take leave of a server that is gone."""
    try:
        socket.create_connection((address.host, address.port), timeout=2).close()
    except OSError:
        session.client.close()


def _type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    if pa.types.is_integer(kind):
        return "BIGINT"
    return {"date32[day]": "DATE", "double": "DOUBLE", "bool": "BOOLEAN", "timestamp[us]": "TIMESTAMP_NTZ"}.get(
        str(kind), "STRING"
    )


def _fingerprint(table: pa.Table) -> str:
    digest = hashlib.sha256(str(table.schema).encode())
    for batch in table.combine_chunks().to_batches():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        digest.update(sink.getvalue())
    return digest.hexdigest()[:20]
