"""What a curator will probably want to ask, as sentences ready to be sent to the structure. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from directory.initiatives.content import InitiativeContent
from directory.initiatives.rules import Known, doubts, is_watched
from directory.initiatives.vocabulary import Agreement
from directory.reference.keys import Side


@dataclass(frozen=True)
class Question:
    """A question for the structure: its name in the form, the field it is about, what the structure will read."""

    name: str
    field: str
    text: str

    @property
    def pair(self) -> tuple[str, str]:
        """The name and the words, for a box to tick."""
        return self.name, self.text


GREETING = "Merci d’avoir raconté cette initiative. Avant de la publier, nous aimerions savoir :"
FAREWELL = "Corrigez dans votre espace, puis renvoyez : ce que vous avez écrit y est gardé."
THANKS = "Merci d’avoir raconté ce lien. Vous pourrez compléter la fiche quand vous voudrez."
REASONS = {
    "doublon": "Cette initiative est déjà dans l’annuaire. Vous pouvez y proposer un changement depuis sa fiche.",
    "ici": "Nous n’y trouvons pas de lien entre un territoire d’ici et un lieu de là-bas, ce que cet annuaire raconte.",
    "ensemble": "Nous n’y lisons pas encore ce qui se fait à deux, ici et là-bas : racontez-le-nous.",
    "personnes": "Le texte permet de reconnaître des personnes qui n’ont pas donné leur accord.",
}
"""Why an initiative is not kept: sentences prepared for the structure, to be completed."""


def prepared_notes(content: InitiativeContent) -> tuple[Question, ...]:
    """Sentences ready to go with a publication: thanks, then what would complete the sheet."""
    found = [Question("merci", "title", THANKS)]
    if any(one.agreement is not Agreement.YES for one in content.partners):
        later = "Quand votre partenaire aura dit oui, dites-le-nous : son nom et son lieu pourront être montrés."
        found.append(Question("plus-tard", "partners", later))
    if not (content.meeting or content.change_here or content.change_there):
        more = "Il reste de la place pour raconter la rencontre, et ce qui change ici et là-bas."
        found.append(Question("raconter", "meeting", more))
    return tuple(found)


def likely_questions(content: InitiativeContent, known: Known) -> tuple[Question, ...]:
    """The questions that a content raises, what protects people first."""
    found = [*_about_places(content, known), *_about_partners(content, known)]
    if content.since_year is None:
        found.append(Question("depuis", "since_year", "Depuis quand ce lien existe-t-il, même à peu près ?"))
    if not (content.description or content.meeting or content.change_here or content.change_there):
        found.append(
            Question("recit", "meeting", "Pourriez-vous raconter en deux phrases la rencontre, ou ce qui change ?")
        )
    elif not content.change_here:
        found.append(Question("effets-ici", "change_here", "Qu’est-ce que cela change ici, de votre côté ?"))
    if content.description or content.meeting or content.change_here or content.change_there:
        agreed = "Les personnes que l’on reconnaît dans votre texte sont-elles d’accord pour y être ?"
        found.append(Question("personnes", "description", agreed))
    return tuple(found)


def _about_places(content: InitiativeContent, known: Known) -> list[Question]:
    found = [
        Question(f"lieu-{number}", problem.field, f"Pouvez-vous vérifier ce lieu ? {problem.message}")
        for number, problem in enumerate(doubts(content, known))
    ]
    coarse = [anchor for anchor in content.there if anchor.precision == "country"]
    if coarse:
        found.append(Question("lieu-pays", Side.THERE.value, f"Où précisément, dans ce pays : « {coarse[0].label} » ?"))
    return found


def _about_partners(content: InitiativeContent, known: Known) -> list[Question]:
    if any(is_watched(anchor, known) for anchor in content.there):
        prudent = "Vos partenaires courent-ils un risque si leur nom ou leur lieu sont montrés ? Que préfèrent-ils ?"
        return [Question("prudence", "partners", prudent)]
    if not content.partners:
        return [Question("partenaire", "partners", "Avec qui travaillez-vous là-bas, et accepte-t-on d’y être nommé ?")]
    if any(one.agreement is Agreement.NOT_ASKED for one in content.partners):
        asked = "Avez-vous pu demander à votre partenaire s’il accepte d’être nommé ?"
        return [Question("accord", "partners", asked)]
    return []


def message_of(questions: tuple[Question, ...], chosen: list[str], words: str) -> str:
    """The message that asks for changes: the chosen questions as a list, then the curator's own words."""
    asked = [question.text for question in questions if question.name in chosen]
    if not asked:
        return words
    listed = "\n".join(f"– {text}" for text in asked)
    return "\n\n".join(part for part in (f"{GREETING}\n{listed}", words, FAREWELL) if part)


def note_of(notes: tuple[Question, ...], chosen: list[str], words: str) -> str:
    """The message that goes with a publication: the chosen sentences, then the curator's own words."""
    said = " ".join(note.text for note in notes if note.name in chosen)
    return "\n\n".join(part for part in (said, words) if part)


def reason_of(chosen: list[str], words: str) -> str:
    """The message that declines: the prepared reasons, then the curator's own words."""
    return "\n\n".join([*(REASONS[name] for name in chosen if name in REASONS), *([words] if words else [])])
