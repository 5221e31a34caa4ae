"""The mails of memberships: one fact, one action."""

from __future__ import annotations

from directory.accounts.models import Account
from directory.core.mail import Action, Mail
from directory.organisations.models import Organisation
from directory.web.links import address_of

YOURS = "Ce que vous avez écrit vous-même reste dans votre espace."


def asked(organisation: Organisation, asker: Account, reader: Account) -> Mail:
    """To whoever may answer: who asks, for which organisation. The asker was told that this address would be shown."""
    return Mail(
        to=reader.email,
        subject=f"Une personne demande à rejoindre « {organisation.name} »",
        paragraphs=(
            f"La personne qui écrit depuis {asker.email} demande à être rattachée à « {organisation.name} ». "
            "Une fois rattachée, elle pourra proposer des changements à ses fiches, les retirer, et recevra les "
            "messages qui leur sont adressés.",
            "Si vous ne la connaissez pas, vérifiez d’abord auprès de la structure.",
        ),
        action=Action("Répondre à cette demande", _page(organisation)),
    )


def granted(organisation: Organisation, member: Account) -> Mail:
    """To whoever asked: the answer is yes, and what it opens."""
    return Mail(
        to=member.email,
        subject=f"Votre rattachement à « {organisation.name} » est accordé",
        paragraphs=(
            f"Vous faites maintenant partie de « {organisation.name} » sur le site.",
            "Vous pouvez proposer des changements à ses fiches. Les messages envoyés à la structure depuis le site "
            "vous parviendront.",
        ),
        action=Action("Ouvrir mon espace", address_of("space.show")),
    )


def refused(organisation: Organisation, account: Account) -> Mail:
    """To whoever asked: the answer is no, and what can be done about it."""
    return Mail(
        to=account.email,
        subject=f"Votre demande pour « {organisation.name} » n’a pas été accordée",
        paragraphs=(
            f"Votre demande de rattachement à « {organisation.name} » n’a pas été accordée. {YOURS}",
            "Si c’est une erreur, parlez-en avec la structure ou avec son réseau, puis refaites la demande.",
        ),
        action=Action("Ouvrir mon espace", address_of("space.show")),
    )


def ended(organisation: Organisation, account: Account) -> Mail:
    """To a member: somebody else ended the membership."""
    return Mail(
        to=account.email,
        subject=f"Votre rattachement à « {organisation.name} » a pris fin",
        paragraphs=(
            f"Un membre de « {organisation.name} », ou son réseau, a mis fin à votre rattachement. {YOURS}",
            "Si c’est une erreur, parlez-en avec la structure ou avec son réseau, puis demandez-le de nouveau.",
        ),
        action=Action("Ouvrir mon espace", address_of("space.show")),
    )


def _page(organisation: Organisation) -> str:
    return address_of("space.membership", slug=organisation.slug)
