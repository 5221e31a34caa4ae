"""The form that writes to a structure."""

from __future__ import annotations

from directory.relay.rules import MAX_BODY, MAX_NAME
from directory.web.forms import GuardedForm, Text


class MessageForm(GuardedForm):
    """Who writes, the address that an answer will reach, the words."""

    name = Text("Votre nom", limit=MAX_NAME)
    email = Text("Votre adresse électronique", limit=254)
    body = Text("Votre message", limit=MAX_BODY, multiline=True)
