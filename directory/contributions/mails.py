"""The mails of a draft. They go to an address that nobody has proven yet: nothing that was typed is in them.

Otherwise a robot could have the site send its own words to anybody.
"""

from __future__ import annotations

from flask import current_app

from directory.contributions.models import Draft
from directory.core import tokens
from directory.core.mail import Action, Mail
from directory.web.links import address_of

NOT_YOU = "Si vous n’avez rien écrit sur ce site, quelqu’un s’est trompé d’adresse : effacez ce message, "


def link(draft: Draft, email: str) -> Mail:
    """The link that resumes the draft, on any device."""
    return Mail(
        to=email,
        subject="Votre brouillon : le lien pour le reprendre",
        paragraphs=(
            "Vous avez commencé à raconter une initiative. Ce que vous avez écrit est gardé : ce lien rouvre votre "
            "brouillon, sur n’importe quel appareil, pendant 30 jours.",
            "Rien n’est publié tant que vous ne l’avez pas envoyé et que votre réseau ne l’a pas relu. Gardez ce lien "
            "pour vous : qui l’a peut modifier le brouillon.",
            NOT_YOU + "rien ne se passera.",
        ),
        action=Action("Reprendre mon brouillon", _address(draft, email)),
    )


def confirm(draft: Draft, email: str) -> Mail:
    """The link that proves the address and lets the draft go to its network."""
    return Mail(
        to=email,
        subject="Encore un pas : confirmez votre adresse pour envoyer votre initiative",
        paragraphs=(
            "Vous avez demandé à envoyer une initiative à son réseau. Il reste à confirmer que cette adresse est bien "
            "la vôtre : ouvrez le lien, puis appuyez sur le bouton.",
            "Cela crée votre espace : vous y suivrez la relecture et pourrez corriger votre texte. Le lien vaut "
            "30 jours.",
            NOT_YOU + "rien ne sera envoyé ni publié.",
        ),
        action=Action("Confirmer et envoyer", _address(draft, email)),
    )


def _address(draft: Draft, email: str) -> str:
    secret: str = current_app.extensions["settings"].secret_key
    return address_of("mailed_link.follow", token=tokens.sign(secret, "draft", [draft.id, draft.nonce, email]))
