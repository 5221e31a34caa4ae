"""The forms of an account: an address, a password, a code; French sentences, no rule that is not in rules.py."""

from __future__ import annotations

from typing import Any

from wtforms import PasswordField
from wtforms.validators import InputRequired, ValidationError

from directory.accounts.rules import TOO_LONG, is_too_long, password_problem
from directory.web.forms import Form, GuardedForm, Text

_ADDRESS = "Écrivez votre adresse électronique, par exemple nom@exemple.org."
_OLD = "Écrivez votre mot de passe actuel : il protège ce changement."


class Password(PasswordField):  # type: ignore[misc]  # WTForms has no types
    """A password as typed, spaces included; one that no keyboard writes is refused rather than stored."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be encoded, the zero character, where hashes stop, and a length without end."""
        typed = self.data or ""
        if "\x00" in typed or any(0xD800 <= ord(sign) <= 0xDFFF for sign in typed):
            raise ValidationError("Ce mot de passe contient un caractère invisible. Retapez-le.")
        if is_too_long(typed):
            raise ValidationError(TOO_LONG)


class SignInForm(Form):
    """An address and its password."""

    email = Text("Votre adresse électronique", limit=254, validators=[InputRequired(_ADDRESS)])
    password = Password("Votre mot de passe", validators=[InputRequired("Écrivez votre mot de passe.")])


class RegisterForm(GuardedForm):
    """An address that asks for an account."""

    email = Text("Votre adresse électronique", limit=254, validators=[InputRequired(_ADDRESS)])


class ForgottenForm(Form):
    """An address that asks for a new password."""

    email = Text("Votre adresse électronique", limit=254, validators=[InputRequired(_ADDRESS)])


class NewPasswordForm(Form):
    """A password to choose; `known` is what others know of the person, which must not be in it."""

    password = Password("Votre nouveau mot de passe", validators=[InputRequired("Choisissez un mot de passe.")])

    def __init__(self, *args: Any, known: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def validate_password(self, field: PasswordField) -> None:
        """Say what makes the password easy to guess."""
        problem = password_problem(field.data or "", known=self.known)
        if problem is not None:
            raise ValidationError(problem)


class ChangePasswordForm(NewPasswordForm):
    """The password of now, and the next one."""

    current = Password("Votre mot de passe actuel", validators=[InputRequired(_OLD)])


class ChangeAddressForm(Form):
    """Another address, and the password of now."""

    email = Text(
        "Votre nouvelle adresse électronique",
        limit=254,
        validators=[InputRequired("Écrivez la nouvelle adresse, par exemple nom@exemple.org.")],
    )
    current = Password("Votre mot de passe actuel", validators=[InputRequired(_OLD)])


class CodeForm(Form):
    """The second factor: a code of the application, or one kept on paper."""

    code = Text("Votre code", limit=40, validators=[InputRequired("Écrivez le code que votre application affiche.")])


class StartTwoFactorForm(CodeForm):
    """A first code, and the password of now."""

    current = Password("Votre mot de passe actuel", validators=[InputRequired(_OLD)])


class StopTwoFactorForm(Form):
    """The password of now."""

    current = Password("Votre mot de passe actuel", validators=[InputRequired(_OLD)])


class ButtonForm(Form):
    """One button and nothing to fill in."""
