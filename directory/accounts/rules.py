"""What an address of a person may be."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from directory.core.errors import InvalidText


def normal_address(email: str) -> str:
    """The address in lower case, checked for shape only; raises InvalidText."""
    try:
        # No look-up of the domain: the site must work, and answer alike, without network.
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise InvalidText(f"« {email[:80]} » n’est pas une adresse électronique complète : nom@domaine.fr.") from error
