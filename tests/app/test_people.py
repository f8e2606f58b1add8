"""Administering people."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from salesloop.app.accounts.services import User, people_of_employees
from salesloop.app.audit.services import entries, log
from salesloop.app.audit.words import WORDS
from tests.app.conftest import People
from tests.app.html import Element, read

Window = Callable[[str], Client]


def listed(as_: Window, query: str = "") -> list[str]:
    body = read(as_("admin").get(f"/admin/people/{query}")).all("tbody")
    return [row[0].split()[0] for row in body[0].rows] if body else []


def toast(window: Client) -> Element:
    (found,) = read(window.get("/admin/people/")).one(id="toasts").all(data_toast="")
    return found


def _payload(**changes: str) -> dict[str, str]:
    return {
        "name": "新人",
        "login": "XinRen",
        "email": "",
        "role": "rep",
        "employee_id": "E13",
        "language": "zh-hans",
    } | changes


def test_the_list_is_searched_and_filtered(as_: Window, people: People) -> None:
    assert len(listed(as_)) == 8
    assert listed(as_, "?q=zhangwei") == ["张伟"]
    assert listed(as_, "?q=E10") == ["李静"]
    assert sorted(listed(as_, "?role=manager")) == ["李静", "陈强"]
    assert listed(as_, "?state=inactive") == []
    assert "清除筛选" in read(as_("admin").get("/admin/people/?q=nobody")).text


def test_a_new_person_gets_a_one_time_password_shown_once(as_: Window, people: People) -> None:
    answer = as_("admin").post("/admin/people/new/", _payload())
    one_time = read(answer).one("span", id="one-time").text
    user = User.objects.get(login="xinren")
    assert user.check_password(one_time)
    assert user.must_change_password
    assert answer["Cache-Control"].startswith("max-age=0")
    log = entries(code="person.added").get()
    assert (log.actor, log.data["role"], log.object_label) == (people.admin, "rep", "新人")
    assert one_time not in str(log.data)


def test_an_employee_has_one_login(as_: Window, people: People) -> None:
    answer = as_("admin").post("/admin/people/new/", _payload(employee_id="E12"))
    assert answer.status_code == 422
    assert "“张伟”（zhangwei）已对应这名员工" in read(answer).text


def test_logins_are_unique_in_any_case(as_: Window, people: People) -> None:
    answer = as_("admin").post("/admin/people/new/", _payload(login="ZhangWei"))
    assert answer.status_code == 422
    assert "已有人使用" in read(answer).text


def test_a_change_of_role_changes_what_is_seen_and_is_recorded(as_: Window, people: People) -> None:
    payload = _payload(name="张伟", login="zhangwei", role="analyst", employee_id="")
    assert as_("admin").post(f"/admin/people/{people.rep.pk}/", payload).status_code == 302
    assert "全国" in read(as_("rep").get("/")).one("nav", class_="crumbs").text
    log = entries(code="person.changed").get()
    assert log.data == {"role": ["rep", "analyst"], "employee_id": ["E12", ""]}


def test_deactivating_can_be_undone(as_: Window, people: People) -> None:
    window = as_("admin")
    window.post(f"/admin/people/{people.rep.pk}/deactivate/")
    assert as_("rep").get("/").status_code == 302
    undo = toast(window).one("form").attributes["action"]
    window.post(undo)
    people.rep.refresh_from_db()
    assert people.rep.is_active
    assert [entry.code for entry in entries(code="person.")][:2] == ["person.activated", "person.deactivated"]


def test_nobody_locks_themselves_out(as_: Window, people: People) -> None:
    as_("admin").post(f"/admin/people/{people.admin.pk}/deactivate/")
    people.admin.refresh_from_db()
    assert people.admin.is_active


def test_a_reset_password_ends_sessions(as_: Window, people: People) -> None:
    as_("rep").get("/")
    answer = as_("admin").post(f"/admin/people/{people.rep.pk}/password/")
    assert as_("rep").get("/").status_code == 302
    people.rep.refresh_from_db()
    assert people.rep.check_password(read(answer).one("span", id="one-time").text)


def test_people_of_employees(people: People) -> None:
    assert people_of_employees(["E12", "E99", ""]) == {"E12": people.rep}


def test_own_settings(as_: Window, people: People) -> None:
    window = as_("rep")
    payload = {"name": "张伟", "email": "z@example.com", "language": "zh-hant", "theme": "dark", "rise_colour": "green"}
    assert window.post("/account/profile/", payload).status_code == 302
    html = read(window.get("/account/profile/")).one("html").attributes
    assert (html["lang"], html["data-theme"], html["data-rise"]) == ("zh-Hant", "dark", "green")
    people.rep.refresh_from_db()
    assert people.rep.role == "rep"


def test_the_theme_switch_answers_without_a_page(as_: Window, people: People) -> None:
    answer = as_("rep").post("/account/theme/", {"theme": "dark"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    people.rep.refresh_from_db()
    assert people.rep.theme == "dark"


def test_the_settings_are_there_to_read(as_: Window) -> None:
    page = read(as_("admin").get("/admin/settings/"))
    assert "华曜打印科技 name" in page.text
    assert "星期一 week_start" in page.text
    counts = {row[0]: row[1] for row in page.rows[1:]}
    assert counts["订单明细 order_line"] == "10"


def test_the_audit_log_is_filtered_by_code_and_object(as_: Window, people: People) -> None:
    window = as_("admin")
    window.post(f"/admin/people/{people.rep.pk}/deactivate/")
    assert [row[2] for row in read(window.get("/admin/audit/?code=person.&q=张伟")).rows[1:]] == ["停用了人员"]
    assert "没有符合条件的记录" in read(window.get("/admin/audit/?code=nothing.")).text
    areas = [option.attributes["value"] for option in read(window.get("/admin/audit/")).all("option")]
    assert all(any(code.startswith(area) for area in areas if area) for code in WORDS)


def test_the_audit_log_says_what_was_changed_in_words(as_: Window, people: People) -> None:
    log(people.admin, "person.added", people.rep, {"login": "zhangwei", "role": "manager", "email": ""})
    log(people.admin, "action.moved", "回访", {"from": "planned", "to": "doing"})
    rows = read(as_("admin").get("/admin/audit/")).rows[1:]
    assert [row[4] for row in rows if row[2] == "移动了行动"] == ["从 待开始 · 到 进行中"]
    assert "登录名 zhangwei · 角色 销售经理" in [row[4] for row in rows if row[2] == "添加了人员"]
