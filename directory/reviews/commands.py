"""`flask reviews`: what waits, and the decisions, from the command line."""

from __future__ import annotations

import json

import click

from directory.accounts.queries import get_account
from directory.core.errors import DirectoryError
from directory.reviews import operations, queries
from directory.reviews.vocabulary import Decision
from directory.web.database import command_session

CHOICES = {"publish": Decision.PUBLISH, "request-changes": Decision.REQUEST_CHANGES, "decline": Decision.DECLINE}

group = click.Group("reviews", help="Relectures.")


@group.command("list", help="Ce qui attend dans les réseaux d’un compte.")
@click.option("--as", "email", required=True, help="Adresse du compte qui relit.")
def list_waiting(email: str) -> None:
    """Print what waits, a line each."""
    with command_session() as session:
        for review in queries.waiting(session, get_account(session, email)):
            click.echo(f"{review.id}\t{review.network.name}\t{review.revision.content['title']}")


@group.command("show", help="Lire une relecture : le contenu envoyé, puis ce qui est à vérifier.")
@click.argument("review_id", type=int)
@click.option("--as", "email", required=True, help="Adresse du compte qui relit.")
def show(review_id: int, email: str) -> None:
    """Print the content that waits and every doubt about it."""
    try:
        with command_session() as session:
            review = queries.get_review(session, review_id, get_account(session, email))
            click.echo(json.dumps(review.revision.content, ensure_ascii=False, indent=2))
            for doubt in queries.doubts_of(session, review):
                click.echo(f"À vérifier ({doubt.field}) : {doubt.message}")
    except DirectoryError as error:
        raise click.ClickException(error.message) from error


@group.command("decide", help="Publier, demander des changements ou refuser.")
@click.argument("review_id", type=int)
@click.argument("decision", type=click.Choice(list(CHOICES)))
@click.option("--as", "email", required=True, help="Adresse du compte qui relit.")
@click.option("--message", default="", help="Message à la structure ; exigé sauf pour publier.")
def decide(review_id: int, decision: str, email: str, message: str) -> None:
    """Decide on a review and print the state that follows."""
    try:
        with command_session() as session:
            account = get_account(session, email)
            review = queries.get_review(session, review_id, account)
            operations.decide(session, review, actor=account, decision=CHOICES[decision], message=message)
            click.echo(f"{review.state}\t{review.revision.initiative.slug or ''}")
    except DirectoryError as error:
        raise click.ClickException(error.message) from error
