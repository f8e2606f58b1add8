"""Forms of the people pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from salesloop.app.accounts.services import User
from salesloop.app.org.services import employee_choices


class PersonForm(forms.ModelForm):
    """A person as the administrator sees them. The employee link decides whose numbers are theirs."""

    class Meta:
        model = User
        fields = ["name", "login", "email", "role", "employee_id", "language"]
        help_texts = {
            "login": _("字母、数字和 . @ + - _，不分大小写。"),
            "role": _("销售代表只看自己，经理看所辖部门和下属，其他角色看全部。"),
            "employee_id": _("把登录人与数据中的员工对应起来；销售代表和经理必须有。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = employee_choices()
        if choices:
            self.fields["employee_id"] = forms.ChoiceField(
                label=self.fields["employee_id"].label,
                help_text=self.fields["employee_id"].help_text,
                choices=[("", _("（没有）")), *choices],
                required=False,
            )

    def clean_employee_id(self) -> str:
        employee: str = self.cleaned_data["employee_id"]
        taken = User.objects.filter(employee_id=employee, is_active=True).exclude(pk=self.instance.pk).first()
        if employee and taken:
            raise ValidationError(
                _("“%(name)s”（%(login)s）已对应这名员工。") % {"name": taken.name, "login": taken.login}
            )
        return employee
