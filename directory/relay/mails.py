"""The mails of the relay. Each holds one address at most: in its headers, never in its text."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.mail import Action, Mail
from directory.initiatives.models import Initiative
from directory.initiatives.vocabulary import State
from directory.relay.models import RelayMessage
from directory.relay.queries import Destination, Reader
from directory.web.links import address_of

ANSWER = (
    "Pour répondre, répondez simplement à ce courriel : votre réponse ira droit à cette personne, qui verra alors "
    "votre adresse. Jusque-là, elle ne la connaît pas."
)
THEIR_WORDS = "Voici son texte, tel quel. Le site n’a pas vérifié qui l’a écrit."
WHY_NETWORK = {
    Reader.NETWORK_FOR_SOURCE: (
        "Il vous arrive parce que cette fiche a été écrite d’après une source publique : la structure n’a pas encore "
        "de compte ici. Si vous la connaissez, transmettez-le-lui."
    ),
    Reader.NETWORK_FOR_SILENCE: (
        "Il vous arrive parce que nous n’avons pas d’adresse pour écrire à la structure. Si vous la connaissez, "
        "transmettez-le-lui."
    ),
}
RECEIVED = {
    Reader.STRUCTURE: "Il est parti vers la structure.",
    Reader.NOBODY: "Il attend : personne ne peut encore le recevoir.",
}


def message(session: Session, sent: RelayMessage, to: Destination, reader: Account) -> Mail:
    """The message itself, for one of its readers; answering writes to the sender."""
    initiative = session.get_one(Initiative, sent.initiative_id)
    name = _name(initiative)
    return Mail(
        to=reader.email,
        subject=f"Un message à propos de {name}",
        paragraphs=tuple(
            words
            for words in (
                f"{sent.sender_name} écrit, depuis le site, à la structure qui porte {name}.",
                WHY_NETWORK.get(to.reader, ""),
                ANSWER,
                THEIR_WORDS,
            )
            if words
        ),
        action=_sheet(initiative),
        reply_to=sent.sender_email,
        quote=sent.body,
    )


def copy(session: Session, sent: RelayMessage, to: Destination) -> Mail:
    """What the sender keeps: the text, who received it, and nobody's address."""
    initiative = session.get_one(Initiative, sent.initiative_id)
    where = RECEIVED.get(to.reader) or f"Il est parti vers le réseau qui s’occupe de cette fiche, {to.network.name}."
    return Mail(
        to=sent.sender_email,
        subject=f"Copie de votre message à propos de {_name(initiative)}",
        paragraphs=(
            f"Voici la copie du message envoyé depuis le site, à propos de {_name(initiative)}. {where}",
            "La réponse, s’il y en a une, vous viendra directement. Le site efface ce message au bout de trente jours.",
            "Si vous n’avez rien écrit, quelqu’un s’est trompé d’adresse ou a donné la vôtre : vous pouvez laisser ce "
            "courriel sans suite.",
        ),
        action=_sheet(initiative),
        quote=sent.body,
    )


def _name(initiative: Initiative) -> str:
    """The title while the sheet is public; a sheet taken down meanwhile keeps no title."""
    return f"« {initiative.title} »" if initiative.title else "une initiative retirée depuis"


def _sheet(initiative: Initiative) -> Action | None:
    if initiative.state != State.PUBLISHED or initiative.slug is None:
        return None
    return Action("Voir la fiche", address_of("sheet.show", slug=initiative.slug))
