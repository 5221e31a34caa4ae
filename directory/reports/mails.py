"""The mails of a report. Their subjects tell nothing but a reference; who reported is named to nobody.

A receipt goes to an address that nobody has proven yet: nothing that was typed is in it.
"""

from __future__ import annotations

from flask import current_app

from directory.accounts.models import Account
from directory.core import tokens
from directory.core.mail import Action, Mail
from directory.core.time import date_fr
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.networks.wording import network_named
from directory.reports.models import Report, ReportDecision
from directory.reports.vocabulary import FINAL, KIND_LABELS, Kind, Outcome, ReportState, outcome_words
from directory.web.links import address_of

PURPOSE = "report"
NOT_YOU = (
    "Si vous n’avez rien écrit sur ce site, quelqu’un s’est trompé d’adresse ou a donné la vôtre : vous pouvez laisser "
    "ce courriel sans suite."
)


def follow_token(secret: str, report: Report, *, is_mailed: bool) -> str:
    """What the link of a receipt carries; mailed, it proves the address."""
    return tokens.sign(secret, PURPOSE, [report.reference, is_mailed])


def receipt(report: Report, network: Network) -> Mail:
    """To whoever reported: it arrived, what happens next and by when."""
    is_reply = report.kind == Kind.REPLY
    what = "Votre demande de droit de réponse" if is_reply else "Votre signalement"
    last = (
        "Ouvrez d’abord ce lien pour confirmer que cette adresse est la vôtre : la réponse ne peut paraître qu’après."
        if is_reply
        else "Ce lien montre où il en est. Gardez-le : il permet aussi de contester la décision."
    )
    return Mail(
        to=report.email,
        subject=f"{_subject(report)} : bien reçu",
        paragraphs=(
            f"{what} est arrivé{'e' if is_reply else ''}. Son numéro : {report.reference}.",
            f"{_begin(network_named(network))} le lit et vous répond, avec ses raisons, au plus tard le "
            f"{date_fr(report.due_at)}.",
            last,
            NOT_YOU,
        ),
        action=_follow(report, "Confirmer mon adresse et suivre" if is_reply else "Suivre mon signalement"),
    )


def contested(report: Report) -> Mail:
    """To whoever contested: it arrived, who looks at it again."""
    return Mail(
        to=report.email,
        subject=f"{_subject(report)} : contestation reçue",
        paragraphs=(
            "Votre contestation est arrivée. Une autre personne que celle qui a décidé la lit et vous répond, avec ses "
            f"raisons, au plus tard le {date_fr(report.due_at)}.",
            "Cette seconde décision sera la dernière sur ce site.",
        ),
        action=_follow(report, "Voir où en est ma demande"),
    )


def decided(report: Report, decision: ReportDecision) -> Mail:
    """To whoever reported: what was decided, in the words of who decided, and the next step."""
    label = outcome_words(Kind(report.kind))[Outcome(decision.outcome)]
    then = (
        "Cette décision est la dernière sur ce site."
        if decision.round == FINAL
        else "Si elle ne vous convient pas, vous pouvez la contester, une fois, pendant six mois : une autre personne "
        "relira tout."
    )
    return Mail(
        to=report.email,
        subject=f"{_subject(report)} : la décision",
        paragraphs=(f"{label}. Les raisons sont ci-dessous.", then),
        action=_follow(report, "Voir la décision"),
        quote=decision.reason,
    )


def opened(report: Report, reader: Account) -> Mail:
    """To whoever may decide: something waits at the desk."""
    kind = Kind(report.kind)
    if report.state == ReportState.CONTESTED:
        why = "Une décision est contestée. Elle ne peut pas être relue par la personne qui l’a prise."
    elif kind is Kind.REPLY:
        proven = "L’adresse est confirmée." if report.confirmed_at else "L’adresse n’est pas encore confirmée."
        why = f"Quelqu’un demande un droit de réponse sous une fiche de votre réseau. {proven}"
    elif kind is Kind.DANGER:
        why = "Quelqu’un signale qu’une fiche rend une personne reconnaissable, ou peut la mettre en danger."
    else:
        why = f"Quelqu’un signale une fiche de votre réseau : {KIND_LABELS[kind].lower()}."
    return Mail(
        to=reader.email,
        subject=f"{'Urgent : un' if kind is Kind.DANGER else 'Un'} signalement attend votre réponse",
        paragraphs=(why, f"Une réponse est due au plus tard le {date_fr(report.due_at)}."),
        action=Action("Lire ce signalement", address_of("reports.show", report_id=report.id)),
    )


def structure(report: Report, decision: ReportDecision, reader: Account) -> Mail:
    """To whoever answers for the structure: its sheet changed, why, and nobody's name."""
    is_public = report.initiative.state == State.PUBLISHED
    name = f"« {report.initiative.title} »" if is_public else "que vous aviez racontée"
    what = {
        Outcome.CORRECTED: f"La fiche {name} a été corrigée après un signalement.",
        Outcome.WITHDRAWN: f"La fiche {name} a été retirée après un signalement : elle n’est plus sur le site.",
        Outcome.REPLY_PUBLISHED: f"Une réponse paraît maintenant sous la fiche {name} : une personne ou une "
        "structure qu’elle nomme ou désigne l’a demandé.",
    }[Outcome(decision.outcome)]
    can_answer = bool(current_app.extensions["settings"].contact_email)
    return Mail(
        to=reader.email,
        subject="Votre fiche a changé après un signalement",
        paragraphs=(
            f"{what} Les raisons de cette décision sont ci-dessous. Le nom de la personne qui a écrit n’est pas donné.",
            "Vous n’êtes pas d’accord ? "
            + ("Répondez à ce courriel : l’équipe du site vous lira." if can_answer else "Dites-le à votre réseau."),
        ),
        action=_sheet(report),
        quote=decision.reason,
    )


def _sheet(report: Report) -> Action | None:
    initiative = report.initiative
    if initiative.state != State.PUBLISHED or initiative.slug is None:
        return None
    return Action("Voir la fiche", address_of("sheet.show", slug=initiative.slug))


def _subject(report: Report) -> str:
    return f"{'Droit de réponse' if report.kind == Kind.REPLY else 'Signalement'} {report.reference}"


def _follow(report: Report, label: str) -> Action:
    secret: str = current_app.extensions["settings"].secret_key
    return Action(label, address_of("reports.follow", token=follow_token(secret, report, is_mailed=True)))


def _begin(words: str) -> str:
    return words[0].upper() + words[1:]
