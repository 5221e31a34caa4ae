"""The mails of a review: to the curators of a network, and to whoever sent the initiative."""

from __future__ import annotations

from directory.accounts.models import Account
from directory.core.mail import Action, Mail
from directory.initiatives.content import InitiativeContent, from_json
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.reviews.models import Handover, Review
from directory.reviews.vocabulary import ReviewState
from directory.web.links import address_of


def waiting(review: Review, reader: Account, handover: Handover | None, giver: Network | None) -> Mail:
    """To a curator: something waits for the network, sent by its structure or handed over by another network."""
    content = _content(review)
    what = "Une nouvelle version" if review.revision.number > 1 else "Une initiative"
    came = (
        f"{_begin(_named(giver))} vous confie une relecture."
        if giver
        else f"{what} attend la relecture de votre réseau."
    )
    return Mail(
        to=reader.email,
        subject=f"À relire : « {content.title} »",
        paragraphs=(
            f"{came} C’est à {_named(review.network)} d’y répondre.",
            _sentence(content),
            "Vous pouvez la publier, demander des changements, ne pas la retenir en disant pourquoi, ou la confier à "
            "un autre réseau.",
        ),
        action=Action("Relire cette initiative", address_of("reviews.show", review_id=review.id)),
        quote=handover.message if handover else "",
    )


def informed(review: Review, reader: Account) -> Mail:
    """To a curator of another of its territories: for information, nothing to decide."""
    content = _content(review)
    return Mail(
        to=reader.email,
        subject=f"Pour information : « {content.title} »",
        paragraphs=(
            f"Une initiative a un lieu dans votre territoire. C’est {_named(review.network)} qui la relit et qui "
            "décide : vous n’avez rien à faire.",
            _sentence(content),
        ),
        action=Action("Voir cette initiative", address_of("reviews.show", review_id=review.id)),
    )


def decided(review: Review, author: Account) -> Mail:
    """To whoever sent it: what the network decided, in its own words, and the next step."""
    title, network = _content(review).title, _named(review.network)
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
    return Mail(to=author.email, subject=subject, paragraphs=sentences, action=_next_step(review), quote=review.message)


def _next_step(review: Review) -> Action:
    initiative = review.revision.initiative
    if review.state == ReviewState.PUBLISHED and initiative.state == State.PUBLISHED:
        return Action("Voir la fiche", address_of("sheet.show", slug=initiative.slug))
    if review.state == ReviewState.CHANGES_REQUESTED:
        return Action("Corriger et renvoyer", address_of("space.show"))
    return Action("Ouvrir mon espace", address_of("space.show"))


def moved(review: Review, author: Account) -> Mail:
    """To whoever sent it: another network reads it now."""
    title = _content(review).title
    return Mail(
        to=author.email,
        subject=f"Un autre réseau relit votre initiative : « {title} »",
        paragraphs=(
            f"Votre initiative « {title} » est maintenant relue par {_named(review.network)}, qui pourra mieux vous "
            "répondre. Vous n’avez rien à faire.",
        ),
        action=Action("Suivre la relecture", address_of("space.show")),
    )


def _named(network: Network) -> str:
    """The network within a sentence."""
    return "la file nationale" if network.is_national else network.name


def _begin(words: str) -> str:
    return words[0].upper() + words[1:]


def _content(review: Review) -> InitiativeContent:
    return from_json(review.revision.content, review.revision.schema)


def _sentence(content: InitiativeContent) -> str:
    """Who, here, there: enough to know whether to open it now."""
    carriers = ", ".join(carrier.name for carrier in content.carriers)
    here = ", ".join(anchor.label for anchor in content.here)
    there = ", ".join(anchor.label for anchor in content.there)
    return f"{content.summary} — {carriers} ; ici : {here} ; là-bas : {there}."
