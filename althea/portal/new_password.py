"""What somebody chooses who makes an account by a link: a password of their own, and nothing else."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from althea.care.models import User


class NewPassword(forms.Form):
    """Not one that is short, common, or made of the name or address it is for."""

    password = forms.CharField(
        label="Choose a password",
        help_text="12 characters or more. Three or four words you can remember are good.",
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, name: str, **named: Any) -> None:
        super().__init__(*args, **named)
        self.whose = User(email=email, name=name)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.whose)
        return password
