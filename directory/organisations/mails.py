"""The mails of memberships: one fact, one action."""

from __future__ import annotations

from directory.accounts.models import Account
from directory.core.mail import Action, Mail
from directory.organisations.models import Organisation
from directory.web.links import address_of


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
        subject=f"Vous êtes rattaché à « {organisation.name} »",
        paragraphs=(
            f"Votre rattachement à « {organisation.name} » est accordé.",
            "Vous pouvez proposer des changements à ses fiches. Les messages envoyés à la structure depuis le site "
            "vous parviendront.",
        ),
        action=Action("Ouvrir mon espace", address_of("space.show")),
    )


def ended(organisation: Organisation, account: Account) -> Mail:
    """To whoever asked or belonged: the request was not granted, or the membership has ended."""
    return Mail(
        to=account.email,
        subject=f"Vous n’êtes pas rattaché à « {organisation.name} »",
        paragraphs=(
            f"Votre demande n’a pas été accordée, ou votre rattachement à « {organisation.name} » a pris fin. "
            "Ce que vous avez écrit vous-même reste dans votre espace.",
            "Si c’est une erreur, parlez-en avec la structure ou avec son réseau, puis redemandez-le.",
        ),
        action=Action("Ouvrir mon espace", address_of("space.show")),
    )


def _page(organisation: Organisation) -> str:
    return address_of("space.membership", slug=organisation.slug)
