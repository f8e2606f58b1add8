"""What the process learns from its environment: the workspace folder, its secret key, the database."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

STATE = ".salesloop"


def workspace_path() -> Path:
    """The workspace folder from SALESLOOP_WORKSPACE."""
    value = os.environ.get("SALESLOOP_WORKSPACE")
    if not value:
        raise ImproperlyConfigured(
            "SALESLOOP_WORKSPACE 未设置：请写工作区文件夹的路径，或用 `salesloop -w 文件夹 serve` 启动。"
        )
    return Path(value).resolve()


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no variable: 1, true, yes and on mean yes."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated variable as a list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def secret_key(workspace: Path) -> str:
    """The signing key: SALESLOOP_SECRET_KEY, else the workspace's own, made once and readable by its owner only."""
    if given := os.environ.get("SALESLOOP_SECRET_KEY"):
        return given
    file = workspace / STATE / "secret_key"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two processes that start together, one writes and the other reads what it wrote.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _written(file)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        key = secrets.token_urlsafe(50)
        out.write(key)
    return key


def _written(file: Path) -> str:
    key = file.read_text(encoding="ascii").strip()
    if not key:
        raise ImproperlyConfigured(f"{file} 是空文件：请删除它，下次启动会重新生成（所有人需要重新登录）。")
    return key


def database(workspace: Path) -> dict[str, Any]:
    """PostgreSQL by DATABASE_URL, else SQLite inside the workspace."""
    if url := os.environ.get("DATABASE_URL"):
        return _postgresql(url)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": workspace / STATE / "app.sqlite3",
        "CONN_MAX_AGE": 300,
        "OPTIONS": {
            # Readers never wait for the writer (WAL); a writer takes its lock at BEGIN and not half-way, where
            # SQLite could only fail with "database is locked" instead of waiting.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL 只支持 postgresql://用户:密码@主机:端口/库名。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
