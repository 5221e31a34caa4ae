"""The mails about an account: short, one action, the link made here, when the mail leaves."""

from __future__ import annotations

from directory.accounts import credentials
from directory.accounts.models import Account
from directory.core.mail import Action, Mail
from directory.web.links import address_of

_NOT_YOU = "Si ce n’est pas vous, ne faites rien : rien ne changera."
_WRITE_TO_US = (
    "Si ce n’est pas vous, choisissez tout de suite un nouveau mot de passe par le lien ci-dessous, puis écrivez-nous."
)


def confirm(account: Account) -> Mail:
    """To an address that asked for an account."""
    address = address_of("accounts.confirm", token=credentials.confirmation_token(account))
    return Mail(
        to=account.email,
        subject="Ouvrez votre compte",
        paragraphs=(
            "Bonjour,",
            "Vous avez demandé un compte avec cette adresse. Il reste à choisir votre mot de passe.",
            f"Ce lien est valable deux jours. {_NOT_YOU}",
        ),
        action=Action("Ouvrir mon compte", address),
    )


def welcome_existing(account: Account) -> Mail:
    """To an address that asked for an account, and has one."""
    return Mail(
        to=account.email,
        subject="Vous avez déjà un compte",
        paragraphs=(
            "Bonjour,",
            "Vous avez demandé un compte avec cette adresse : elle en a déjà un, il suffit de vous connecter. Si le "
            "mot de passe vous échappe, la page de connexion permet d’en choisir un autre.",
            _NOT_YOU,
        ),
        action=Action("Me connecter", address_of("accounts.sign_in")),
    )


def reset(account: Account) -> Mail:
    """To somebody who asked for a new password, or for a first one."""
    address = address_of("accounts.reset", token=credentials.reset_token(account))
    return Mail(
        to=account.email,
        subject="Choisissez votre mot de passe",
        paragraphs=(
            "Bonjour,",
            "Vous avez demandé à choisir un mot de passe pour votre compte.",
            f"Ce lien est valable une heure et ne sert qu’une fois. {_NOT_YOU}",
        ),
        action=Action("Choisir mon mot de passe", address),
    )


def password_changed(account: Account) -> Mail:
    """To somebody whose password has just changed."""
    return Mail(
        to=account.email,
        subject="Votre mot de passe a changé",
        paragraphs=(
            "Bonjour,",
            "Le mot de passe de votre compte vient de changer. Vos autres sessions ont été fermées.",
            _WRITE_TO_US,
        ),
        action=Action("J’ai oublié mon mot de passe", address_of("accounts.forgotten")),
    )


def change_address(account: Account, email: str) -> Mail:
    """To the new address that somebody asked for."""
    address = address_of("accounts.confirm_address", token=credentials.change_token(account, email))
    return Mail(
        to=email,
        subject="Confirmez votre nouvelle adresse",
        paragraphs=(
            "Bonjour,",
            "Vous avez demandé que votre compte passe à cette adresse. Elle remplacera l’ancienne dès que vous l’aurez "
            "confirmée.",
            f"Ce lien est valable deux heures. {_NOT_YOU}",
        ),
        action=Action("Confirmer cette adresse", address),
    )


def address_changed(account: Account, former: str) -> Mail:
    """To the address that somebody left; the new one is not shown, since who reads may be neither."""
    return Mail(
        to=former,
        subject="L’adresse de votre compte a changé",
        paragraphs=(
            "Bonjour,",
            "Votre compte a maintenant une autre adresse électronique. Celle-ci ne sert plus à se connecter, et vos "
            "sessions ont été fermées.",
            "Si ce n’est pas vous, écrivez-nous sans attendre : nous pouvons revenir en arrière.",
        ),
        action=Action("Voir le site", address_of("home.show")),
    )


def two_factor_changed(account: Account) -> Mail:
    """To somebody who set up, or gave up, the code at sign-in."""
    is_on = account.tf_primary_method is not None
    said = (
        "Un code de votre application sera désormais demandé à chaque connexion."
        if is_on
        else "Aucun code ne sera plus demandé à la connexion : le mot de passe suffit."
    )
    return Mail(
        to=account.email,
        subject="Le code à la connexion est activé" if is_on else "Le code à la connexion est arrêté",
        paragraphs=("Bonjour,", said, _WRITE_TO_US),
        action=Action("J’ai oublié mon mot de passe", address_of("accounts.forgotten")),
    )
