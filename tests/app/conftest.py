"""The company, its people by role, and a browser window for each of them (Django's test client)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.app.accounts.services import Role, User
from salesloop.engine.store import Workspace
from tests.app.company import TODAY, build_company

PASSWORD = "correct horse 9"


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The imported workspace; tests only read it."""
    return build_company(tmp_path_factory.mktemp("company"))


@pytest.fixture(autouse=True)
def _workspace(company: Workspace, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Every test of the app runs on the company, on one day."""
    settings.WORKSPACE = company.path
    monkeypatch.setenv("SALESLOOP_TODAY", TODAY.isoformat())


@dataclass(frozen=True)
class People:
    """Who works with the product. `outsider` has a login but no employee."""

    rep: User
    manager: User
    other_manager: User
    analyst: User
    steward: User
    executive: User
    admin: User
    outsider: User


@pytest.fixture
def people(db: None) -> People:
    def person(login: str, name: str, role: Role, employee: str = "") -> User:
        return User.objects.create_user(login, PASSWORD, name=name, role=role, employee_id=employee)

    return People(
        rep=person("zhangwei", "张伟", Role.REP, "E12"),
        manager=person("lijing", "李静", Role.MANAGER, "E10"),
        other_manager=person("chenqiang", "陈强", Role.MANAGER, "E20"),
        analyst=person("linxiao", "林晓", Role.ANALYST),
        steward=person("hejingyi", "何静怡", Role.STEWARD),
        executive=person("zhoumingyuan", "周明远", Role.EXECUTIVE, "E01"),
        admin=person("sunhao", "孙浩", Role.ADMIN),
        outsider=person("waibu", "外部", Role.REP),
    )


@pytest.fixture
def as_(people: People) -> Callable[[str], Client]:
    """`as_("manager").get(…)`: the client of a persona; `as_("nobody")` has not logged in."""
    clients: dict[str, Client] = {}

    def client(who: str) -> Client:
        if who not in clients:
            clients[who] = Client()
            if who != "nobody":
                clients[who].force_login(getattr(people, who), "salesloop.app.accounts.backend.LoginBackend")
        return clients[who]

    return client
