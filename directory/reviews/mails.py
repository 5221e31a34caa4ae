"""The mails of a review: to the curators of a network, and to whoever sent the initiative."""

from __future__ import annotations

from flask import current_app

from directory.accounts.models import Account
from directory.core import tokens
from directory.core.mail import Action, Mail
from directory.initiatives.content import AnchorContent, InitiativeContent, from_json
from directory.initiatives.rules import Known, shown_as, shown_key, withheld_in
from directory.initiatives.vocabulary import Disclosure, State
from directory.networks.models import Network
from directory.networks.wording import network_named, network_toward
from directory.reviews.models import Handover, Review
from directory.reviews.vocabulary import ReviewState
from directory.web.links import address_of


def waiting(review: Review, reader: Account, handover: Handover | None, giver: Network | None, known: Known) -> Mail:
    """To a curator: something waits for the network, sent by its structure or handed over by another network."""
    content = _content(review)
    what = "Une nouvelle version" if review.revision.number > 1 else "Une initiative"
    came = (
        f"{_begin(network_named(giver))} vous confie une relecture."
        if giver
        else f"{what} attend la relecture de votre réseau."
    )
    return Mail(
        to=reader.email,
        subject=f"À relire\u00a0: {_name(content, known)}",
        paragraphs=(
            f"{came} C’est {network_toward(review.network)} d’y répondre.",
            _sentence(content, known),
            "Vous pouvez la publier, demander des changements, ne pas la retenir en disant pourquoi, ou la confier à "
            "un autre réseau.",
        ),
        action=Action("Relire cette initiative", address_of("reviews.show", review_id=review.id)),
        quote=handover.message if handover else "",
    )


def unattended(review: Review, reader: Account) -> Mail:
    """To an administrator: something waits for a network that nobody curates."""
    return Mail(
        to=reader.email,
        subject=f"Personne n’anime encore {network_named(review.network)}\u00a0: une fiche attend",
        paragraphs=(
            f"Une initiative attend, et {network_named(review.network)} n’a encore personne pour la relire.",
            "Confiez-le à quelqu’un par la commande «\u00a0flask accounts appoint ADRESSE RÉSEAU\u00a0»\u00a0: "
            "la fiche l’attend à la relecture.",
        ),
        action=Action("Voir ce réseau", address_of("networks.show", slug=review.network.slug)),
    )


def informed(review: Review, reader: Account, known: Known) -> Mail:
    """To a curator of another of its territories: for information, nothing to decide."""
    content = _content(review)
    return Mail(
        to=reader.email,
        subject=f"Pour information\u00a0: {_name(content, known)}",
        paragraphs=(
            "Une initiative a un lieu dans votre territoire. "
            f"C’est {network_named(review.network)} qui la relit et qui décide\u00a0: vous n’avez rien à faire.",
            _sentence(content, known),
        ),
        action=Action("Voir cette initiative", address_of("reviews.show", review_id=review.id)),
    )


def decided(review: Review, author: Account) -> Mail:
    """To whoever sent it: what the network decided, in its own words, and the next step."""
    title, network = _content(review).title, network_named(review.network)
    subject, sentences = {
        ReviewState.PUBLISHED: (
            f"Votre initiative est en ligne : « {title} »",
            (
                f"Votre initiative « {title} » est publiée : {network} l’a relue. Elle est maintenant sur la carte "
                "et dans l’annuaire.",
                "Vous pourrez proposer un changement à tout moment depuis votre espace.",
            ),
        ),
        ReviewState.CHANGES_REQUESTED: (
            f"Des changements sont demandés : « {title} »",
            (
                f"{_begin(network)} a relu votre initiative « {title} » et demande des changements avant de la "
                "publier. Son message est ci-dessous.",
                "Rien de ce que vous avez écrit n’est perdu : corrigez, puis renvoyez.",
            ),
        ),
        ReviewState.DECLINED: (
            f"Votre initiative n’a pas été retenue : « {title} »",
            (
                f"{_begin(network)} a relu votre initiative « {title} » et ne l’a pas retenue. Sa raison est "
                "ci-dessous.",
                "Ce que vous avez écrit reste dans votre espace.",
            ),
        ),
    }[ReviewState(review.state)]
    return Mail(
        to=author.email, subject=subject, paragraphs=sentences, action=_next_step(review, author), quote=review.message
    )


def _next_step(review: Review, author: Account) -> Action:
    initiative = review.revision.initiative
    if review.state == ReviewState.PUBLISHED and initiative.state == State.PUBLISHED:
        return Action("Voir la fiche", address_of("sheet.show", slug=initiative.slug))
    if review.state == ReviewState.CHANGES_REQUESTED:
        # As the link of a draft: whoever reads this mailbox goes on with the text, signed in or not.
        secret: str = current_app.extensions["settings"].secret_key
        token = tokens.sign(secret, "review", [review.id, author.email])
        return Action("Corriger et renvoyer", address_of("mailed_link.follow", token=token))
    return Action("Ouvrir mon espace", address_of("space.show"))


def moved(review: Review, author: Account) -> Mail:
    """To whoever sent it: another network reads it now."""
    title = _content(review).title
    return Mail(
        to=author.email,
        subject=f"Un autre réseau relit votre initiative : « {title} »",
        paragraphs=(
            f"Votre initiative «\u00a0{title}\u00a0» est maintenant relue par {network_named(review.network)}, "
            "qui pourra mieux vous répondre. Vous n’avez rien à faire.",
        ),
        action=Action("Suivre la relecture", address_of("space.show")),
    )


def _begin(words: str) -> str:
    return words[0].upper() + words[1:]


def _content(review: Review) -> InitiativeContent:
    return from_json(review.revision.content, review.revision.schema)


def _name(content: InitiativeContent, known: Known) -> str:
    """The title, unless it tells a place that the public may not read yet."""
    return f"«\u00a0{content.title}\u00a0»" if _may_be_told(content.title, content, known) else "une initiative"


def _sentence(content: InitiativeContent, known: Known) -> str:
    """Who, here, there, as the public may read them today: a mailbox is not the desk."""
    carriers = ", ".join(carrier.name for carrier in content.carriers)
    here = ", ".join(_place(content, anchor, known) for anchor in content.here)
    there = ", ".join(_place(content, anchor, known) for anchor in content.there)
    summary = f"{content.summary} — " if _may_be_told(content.summary, content, known) else ""
    return f"{summary}{carriers}\u00a0; ici\u00a0: {here}\u00a0; là-bas\u00a0: {there}."


def _may_be_told(text: str, content: InitiativeContent, known: Known) -> bool:
    return withheld_in(text, content, known, curator_agrees=False) is None


def _place(content: InitiativeContent, anchor: AnchorContent, known: Known) -> str:
    shown = shown_as(content, anchor, known, curator_agrees=False)
    key = shown_key(anchor, shown)
    is_itself = shown is Disclosure.LOCALITY and key == anchor.keys[0]
    return anchor.label if is_itself else known.names.get(key, anchor.context)
