"""Where an engine is: the `engine` setting of a workspace, without its secret."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

Kind = Literal["duckdb", "postgresql", "spark", "clickhouse", "chdb"]
OWN: Final = "duckdb"
SECRET: Final = "SALESLOOP_ENGINE_PASSWORD"  # noqa: S105 - the name of the variable, not its value
_PORTS: Final[dict[str, int]] = {"postgresql": 5432, "spark": 15002, "clickhouse": 8123}


@dataclass(frozen=True, slots=True)
class Address:
    """An engine's address. `path` is the database, or the folder of an embedded ClickHouse (`chdb:///folder`)."""

    kind: Kind
    host: str = ""
    port: int = 0
    user: str = ""
    path: str = ""
    options: tuple[tuple[str, str], ...] = field(default=())

    def __str__(self) -> str:
        """Where it is, for people: never a secret, for none is kept."""
        if self.kind == "chdb":
            return f"chdb://{self.path}"
        return f"{self.kind}://{self.host}:{self.port}" + (f"/{self.path}" if self.path else "")

    @property
    def secret(self) -> str | None:
        """Password or token, from the environment."""
        return os.environ.get(SECRET) or None


def parse_address(url: str) -> Address:
    """ValueError where the address cannot be read, or carries a secret."""
    parts = urlsplit(url)
    if parts.scheme == "chdb":
        if parts.netloc or not parts.path:
            raise ValueError("write chdb:///FOLDER")
        return Address("chdb", path=parts.path)
    if parts.scheme not in _PORTS:
        known = ", ".join(f"{name}://HOST" for name in _PORTS)
        raise ValueError(f"write duckdb, or one of {known}")
    options = tuple(parse_qsl(parts.query))
    if parts.password or any(name.lower() in ("password", "token") for name, _ in options):
        raise ValueError(f"leave the password out and set {SECRET} in the environment")
    if not parts.hostname:
        raise ValueError("the host is missing")
    port = parts.port or _PORTS[parts.scheme]
    return Address(
        parts.scheme,  # type: ignore[arg-type] # one of the kinds, as checked above
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.path.strip("/")),
        options,
    )
