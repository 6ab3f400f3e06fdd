"""Our own small icons, 24 by 24, in the colour of the text beside them. They never stand alone for a meaning."""

from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_DISC: Final = "M12 2.25a9.75 9.75 0 1 0 0 19.5 9.75 9.75 0 0 0 0-19.5Z"
_OCTAGON: Final = "M7.9 2.25h8.2l5.65 5.65v8.2l-5.65 5.65H7.9L2.25 16.1V7.9z"

# Solid shapes with the sign cut out: states.
SOLID: Final = {
    "info": f"{_DISC}M12 6.6a1.15 1.15 0 1 0 0 2.3 1.15 1.15 0 0 0 0-2.3ZM11.1 10.6h1.8v6.9h-1.8z",
    "success": f"{_DISC}m4.9 6.3-1.3-1.15-5.1 5.9-2.55-2.4-1.2 1.3 3.9 3.65z",
    "warning": "M12 2.5 22.6 21.2H1.4ZM11.1 8.7h1.8v6.2h-1.8zM12 16.2a1.15 1.15 0 1 0 0 2.3 1.15 1.15 0 0 0 0-2.3Z",
    "error": f"{_OCTAGON}M8.6 7.35 7.35 8.6 10.75 12l-3.4 3.4 1.25 1.25 3.4-3.4 3.4 3.4 1.25-1.25-3.4-3.4 3.4-3.4"
    "-1.25-1.25-3.4 3.4z",
}
# Lines: things.
LINES: Final = {
    "tick": "m5 12.5 4.5 4.5L19 7",
    "video": "M3.5 6.5h11v11h-11zM14.5 10.5l6-3v9l-6-3",
    "phone": "M6 3.5h3l1.5 4.5-2 1.5a11 11 0 0 0 6 6l1.5-2 4.5 1.5v3a2 2 0 0 1-2.2 2"
    "A17 17 0 0 1 4 5.7 2 2 0 0 1 6 3.5Z",
    "place": "M12 21s7-6.3 7-11.2a7 7 0 1 0-14 0C5 14.7 12 21 12 21ZM12 12.3a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6"
    "M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.4c2.2.8 3.5 2.9 3.5 5.6",
    "person": "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c0-3.9 3.3-6.5 7.5-6.5s7.5 2.6 7.5 6.5",
    "calendar": "M4 5.5h16v15H4zM4 10h16M8 3v4.5M16 3v4.5",
    "clock": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.5V12l3 2",
    "letter": "M3.5 6h17v12.5h-17zM3.5 6.5 12 13l8.5-6.5",
    "document": "M6 3.5h8.5L18.5 7.5v13H6zM9 11h6.5M9 14.5h6.5",
    "pencil": "m4 20 1-4L16.5 4.5l3 3L8 19z",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 8.5v-5h10v5M7 17H4V8.5h16V17h-3M7 14h10v6.5H7z",
    "external": "M14 4h6v6M20 4l-9 9M11 5H5v14h14v-6",
    "shield": "M12 3 4.5 6v5.5c0 4.5 3.1 7.9 7.5 9.5 4.4-1.6 7.5-5 7.5-9.5V6z",
    "chevron-down": "m6 9.5 6 6 6-6",
    "chevron-left": "m14.5 6-6 6 6 6",
    "chevron-right": "m9.5 6 6 6-6 6",
}


def icon(name: str, classes: str = "") -> SafeString:
    """The icon as inline SVG, hidden from screen readers. Raises KeyError for a name that is not drawn."""
    if name in SOLID:
        shape = f'<path fill="currentColor" fill-rule="evenodd" d="{SOLID[name]}"/>'
    else:
        shape = (
            '<path fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" '
            f'stroke-linejoin="round" d="{LINES[name]}"/>'
        )
    return format_html(
        '<svg class="{}" width="1em" height="1em" viewBox="0 0 24 24" focusable="false" aria-hidden="true">{}</svg>',
        f"nm-icon {classes}".strip(),
        mark_safe(shape),  # noqa: S308 only constants of this file
    )
