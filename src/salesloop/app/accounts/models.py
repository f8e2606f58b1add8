"""People who log in."""

from __future__ import annotations

from typing import Any

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does here; it decides the pages they see and, with the org tree, the rows."""

    REP = "rep", _("销售代表")
    MANAGER = "manager", _("销售经理")
    ANALYST = "analyst", _("运营分析")
    STEWARD = "steward", _("数据管理员")
    EXECUTIVE = "executive", _("高管")
    ADMIN = "admin", _("系统管理员")


class Language(models.TextChoices):
    ZH_HANS = "zh-hans", "简体中文"
    ZH_HANT = "zh-hant", "繁體中文"
    EN = "en", "English"


class Theme(models.TextChoices):
    AUTO = "auto", _("跟随系统")
    LIGHT = "light", _("浅色")
    DARK = "dark", _("深色")


class RiseColour(models.TextChoices):
    """Which colour a rise has; `company` follows the workspace."""

    COMPANY = "company", _("按公司设置")
    RED = "red", _("红涨绿跌")
    GREEN = "green", _("绿涨红跌")


class UserManager(BaseUserManager["User"]):
    """Logins are compared without case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(login=normal_login(username or ""))

    def create_user(self, login: str, password: str | None = None, **fields: Any) -> User:
        """Add a person. Without a password they cannot log in until one is set."""
        user = self.model(login=normal_login(login), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


def normal_login(login: str) -> str:
    return login.strip().lower()


class User(AbstractBaseUser):
    """A person with a login. `employee_id` links to the employee of the sales world whose numbers are theirs."""

    login = models.CharField(
        _("登录名"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[\w.@+-]+\Z", _("只能用字母、数字和 . @ + - _。"))],
        error_messages={"unique": _("这个登录名已有人使用。")},
    )
    name = models.CharField(_("姓名"), max_length=100)
    email = models.EmailField(_("邮箱"), blank=True)
    employee_id = models.CharField(_("员工"), max_length=64, blank=True, db_index=True)
    role = models.CharField(_("角色"), max_length=16, choices=Role, default=Role.REP)
    language = models.CharField(_("语言"), max_length=8, choices=Language, default=Language.ZH_HANS)
    theme = models.CharField(_("外观"), max_length=8, choices=Theme, default=Theme.AUTO)
    rise_colour = models.CharField(_("涨跌颜色"), max_length=8, choices=RiseColour, default=RiseColour.COMPANY)
    is_active = models.BooleanField(_("可登录"), default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "login"]

    def __str__(self) -> str:
        return self.name or self.login

    def clean(self) -> None:
        super().clean()
        self.login = normal_login(self.login)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether this person may do `perm` (see permissions.py of each slice)."""
        return self.is_active and rules.has_perm(perm, self, obj)
