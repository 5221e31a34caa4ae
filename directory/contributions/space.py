"""« Mon espace »: my drafts, where what I sent stands, what the network asked, the structures I belong to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.identity import signed_in
from directory.contributions import memberships, operations, structures
from directory.contributions.identity import holder, let_go
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.contributions.queries import content_of, get_draft, held_drafts
from directory.contributions.standing import Standing, find_curated, standing, standings
from directory.contributions.structures import Request
from directory.core.errors import Conflict
from directory.initiatives import operations as initiatives
from directory.initiatives.content import InitiativeContent
from directory.networks.queries import curated_network_ids
from directory.organisations.queries import find_membership, members, memberships_of
from directory.reference.wording import counted
from directory.reviews.queries import waiting
from directory.web.database import session
from directory.web.forms import Form
from directory.web.limits import limiter

blueprint = Blueprint("space", __name__, url_prefix="/mon-espace")

NUMBER = "int(max=2147483647)"
"""A number of a row: what no database can hold is no address."""
DONE = {
    "supprime": "Le brouillon est supprimé.",
    "repris": "L’envoi est repris : le réseau ne le verra plus. Le brouillon est là, tel que vous l’aviez écrit.",
    "retiree": "La fiche est retirée : elle n’est plus ni dans l’annuaire, ni sur la carte, ni dans la recherche.",
    "demande": "Votre demande est partie. La réponse vous viendra par courriel.",
    "accordee": "Le rattachement est accordé : la personne l’apprend par courriel.",
    "finie": "C’est fait : il n’y a plus de rattachement.",
}
"""What has just been done, by the word that the address carries; any other word says nothing."""
ENDINGS: dict[str, Callable[..., None]] = {
    "quitter": memberships.leave,
    "refuser": memberships.refuse,
    "retirer": memberships.remove,
}
"""How a membership ends; the address says which, so that a refusal never removes somebody granted meanwhile."""


@dataclass(frozen=True)
class DraftLine:
    """A draft never sent, and what it tells so far."""

    draft: Draft
    content: InitiativeContent

    @property
    def title(self) -> str:
        """Its name, else how its sentence begins, else nothing."""
        text = self.content.title or self.content.summary
        return text if len(text) <= 90 else text[:89].rstrip() + "…"


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Everything of mine on one page, what waits for me first."""
    account = signed_in()
    mine = standings(session(), account)
    begun = [draft for draft in held_drafts(session(), holder()) if draft.initiative_id is None]
    drafts = [DraftLine(draft, content_of(draft.typed)) for draft in begun]
    asked = [one for one in mine if one.is_asked]
    requests = structures.membership_requests(session(), account)
    is_curator = bool(curated_network_ids(session(), account.id))
    awaiting = len(waiting(session(), account)) if is_curator else 0
    return render_template(
        "contributions/space.html",
        heading=_heading(asked, requests, awaiting, [len(mine), len(drafts)]),
        done=DONE.get(request.args.get("fait", ""), ""),
        asked=asked,
        drafts=drafts,
        standings=mine,
        belongings=memberships_of(session(), account.id),
        requests=requests,
        proposed=structures.to_propose(session(), account),
        is_curator=is_curator,
        waiting=awaiting,
    )


def _heading(asked: Sequence[Standing], requests: Sequence[Request], awaiting: int, mine: Sequence[int]) -> str:
    """What the page found, in a sentence: what waits for an answer, else what is there (initiatives, drafts)."""
    for number, noun, verb in (
        (len(asked), "fiche", ("attend votre réponse", "attendent votre réponse")),
        (len(requests), "personne", ("demande son rattachement", "demandent leur rattachement")),
        (awaiting, "fiche", ("attend votre relecture", "attendent votre relecture")),
    ):
        if number:
            return _sentence(f"{_counted(number, noun)} {verb[number > 1]}")
    initiatives, drafts = mine
    parts = [_counted(initiatives, "initiative")] if initiatives else []
    if drafts:
        parts.append("un brouillon" if drafts == 1 else _counted(drafts, "brouillon"))
    return _sentence(" et ".join(parts)) or "Votre histoire commence ici"


def _counted(number: int, noun: str) -> str:
    return f"{counted(number)} {noun}{'s' if number > 1 else ''}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


# Drafts


@blueprint.route(f"/brouillons/<{NUMBER}:draft_id>/supprimer", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def discard(draft_id: int) -> ResponseReturnValue:
    """Ask, then throw away a draft that no network has received."""
    signed_in()
    draft = get_draft(session(), draft_id, holder())
    if draft.review_id is not None:
        raise Conflict("Cette fiche a été envoyée : son brouillon reste. Vous pouvez reprendre l’envoi ou la retirer.")
    if not Form().validate_on_submit():
        line = DraftLine(draft, content_of(draft.typed))
        return render_template("contributions/space_discard.html", line=line)
    operations.discard(session(), draft, holder=holder())
    return let_go(make_response(_done("supprime")), draft_id)


# Initiatives


@blueprint.get(f"/initiatives/<{NUMBER}:initiative_id>")
def initiative(initiative_id: int) -> ResponseReturnValue:
    """One initiative: where it stands, what was said, what can be done."""
    found = standing(session(), signed_in(), initiative_id)
    done = DONE.get(request.args.get("fait", ""), "")
    return render_template("contributions/space_initiative.html", one=found, done=done)


@blueprint.post(f"/initiatives/<{NUMBER}:initiative_id>/changer")
@limiter.limit("60 per hour")
def change(initiative_id: int) -> ResponseReturnValue:
    """Begin a change, or go on with it; what is published stays as it is.

    A curator of the network in charge may mend a sheet that is not in their own space.
    """
    account = signed_in()
    curated = find_curated(session(), account, initiative_id)
    if curated is not None:
        draft = operations.propose_change(session(), curated, actor=account)
        return redirect(url_for("contributions.read_over", draft_id=draft.id), 303)
    found = standing(session(), account, initiative_id)
    if found.can_take_back:
        raise Conflict("Un envoi attend déjà sa relecture : reprenez-le d’abord, puis changez-le.")
    mended = found.draft if found.is_mine_to_mend else None
    draft = mended or operations.propose_change(session(), found.initiative, actor=account)
    return redirect(url_for("contributions.read_over", draft_id=draft.id), 303)


@blueprint.post(f"/initiatives/<{NUMBER}:initiative_id>/reprendre")
@limiter.limit("60 per hour")
def take_back(initiative_id: int) -> ResponseReturnValue:
    """Take a sending back while it waits."""
    account = signed_in()
    found = standing(session(), account, initiative_id)
    if found.draft is None or not found.can_take_back:
        raise Conflict("Il n’y a plus d’envoi à reprendre : le réseau a répondu, ou vous l’avez déjà repris.")
    operations.take_back(session(), found.draft, holder=Holder(account))
    return _done("repris", "space.initiative", initiative_id=initiative_id)


@blueprint.route(f"/initiatives/<{NUMBER}:initiative_id>/retirer", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def withdraw(initiative_id: int) -> ResponseReturnValue:
    """Ask, then take a published sheet down."""
    account = signed_in()
    found = standing(session(), account, initiative_id)
    if not found.is_published:
        raise Conflict("Cette fiche n’est pas publiée : il n’y a rien à retirer.")
    if not Form().validate_on_submit():
        return render_template("contributions/space_withdraw.html", one=found)
    initiatives.withdraw(session(), found.initiative, actor=account)
    return _done("retiree", "space.initiative", initiative_id=initiative_id)


# Structures


@blueprint.route("/rattachement/<slug>", methods=["GET", "POST"])
@limiter.limit("20 per hour", methods=["POST"])
def membership(slug: str) -> ResponseReturnValue:
    """A structure and me: ask to belong to it, see who does, answer those who ask."""
    account = signed_in()
    organisation = structures.get_carrier(session(), slug)
    if Form().validate_on_submit():
        memberships.ask(session(), organisation, actor=account)
        return _done("demande", "space.membership", slug=slug)
    is_in_charge = structures.can_grant(session(), account, organisation.id)
    requests = structures.membership_requests(session(), account) if is_in_charge else []
    return render_template(
        "contributions/space_membership.html",
        organisation=organisation,
        carried=structures.carried_by(session(), organisation.id),
        mine=find_membership(session(), account.id, organisation.id),
        is_in_charge=is_in_charge,
        members=members(session(), organisation.id) if is_in_charge else [],
        requests=[one for one in requests if one.asked.organisation.id == organisation.id],
        done=DONE.get(request.args.get("fait", ""), ""),
    )


@blueprint.post(f"/rattachements/<{NUMBER}:membership_id>/accorder")
@limiter.limit("60 per hour")
def grant(membership_id: int) -> ResponseReturnValue:
    """Say yes to a request."""
    account = signed_in()
    found = structures.get_membership(session(), membership_id, account)
    memberships.grant(session(), found, actor=account)
    return _done("accordee")


@blueprint.route(f"/rattachements/<{NUMBER}:membership_id>/<any({', '.join(ENDINGS)}):act>", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def end(membership_id: int, act: str) -> ResponseReturnValue:
    """Ask, then leave a structure, refuse a request, or end the membership of somebody else."""
    account = signed_in()
    found = structures.get_membership(session(), membership_id, account)
    if not Form().validate_on_submit():
        tied = structures.belonging(session(), found)
        return render_template("contributions/space_end.html", tied=tied, act=act)
    ENDINGS[act](session(), found, actor=account)
    return _done("finie")


def _done(word: str, endpoint: str = "space.show", **values: object) -> ResponseReturnValue:
    """Back to where it can be seen, with a word that says what was done."""
    return redirect(url_for(endpoint, fait=word, **values), 303)  # type: ignore[arg-type]  # parts of an address
