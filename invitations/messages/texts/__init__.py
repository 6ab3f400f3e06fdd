"""What people are told, word by word: neutral, in their language, with no name, place, matter or address in it.

The notification on Ditt NAV is read after login; SMS and e-mail arrive in the open, and Min side refuses link-like
text in them, so that the link stands in the notification alone.
"""

from invitations.messages.texts.render import LANGUAGES, VERSION, Facts, Rendered, render, when

__all__ = ["LANGUAGES", "VERSION", "Facts", "Rendered", "render", "when"]
