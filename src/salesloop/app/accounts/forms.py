"""Forms of the login page and of a person's own settings."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from salesloop.app.accounts.models import User


class LoginForm(forms.Form):
    login = forms.CharField(
        label=_("登录名"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        self.user: User | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("login") and data.get("password"):
            found = authenticate(self.request, login=data["login"], password=data["password"])
            if not isinstance(found, User):
                # One text for both, so that nobody learns which logins exist.
                raise ValidationError(_("登录名或密码不对。请检查大小写和输入法后再试。"))
            self.user = found
        return data


class PasswordForm(forms.Form):
    """The old password once and the new one twice."""

    old = forms.CharField(
        label=_("现在的密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 10 位，不能只有数字，不能是常见密码，也不能与登录名相近。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次新密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError(_("密码不对。"))
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.user)
        if self.user.check_password(new):
            raise ValidationError(_("新密码不能与现在的密码相同。"))
        return new

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "new" in data and data["new"] != data.get("again"):
            self.add_error("again", _("两次输入的新密码不一样。"))
        return data


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "email", "language", "theme", "rise_colour"]
        widgets = {"theme": forms.RadioSelect, "rise_colour": forms.RadioSelect, "language": forms.RadioSelect}
        help_texts = {"rise_colour": _("只交换涨与跌两种颜色；好与坏的颜色不变。")}
