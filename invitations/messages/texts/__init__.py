"""What people are told, word by word: neutral, in their language, with no name, place, matter or address in it.

The notification on Ditt NAV is read after login; SMS and e-mail arrive in the open, and Min side refuses link-like
text in them, so that the link stands in the notification alone. Partners get e-mails with their own link.
"""

from invitations.messages.texts.render import (
    LANGUAGES,
    LINK_PLACEHOLDER,
    VERSION,
    CannotBeSaid,
    Facts,
    NoWords,
    Rendered,
    is_soon,
    needs_year,
    render,
    when,
)

__all__ = [
    "LANGUAGES",
    "LINK_PLACEHOLDER",
    "VERSION",
    "CannotBeSaid",
    "Facts",
    "NoWords",
    "Rendered",
    "is_soon",
    "needs_year",
    "render",
    "when",
]
