"""Bring Aksel's CSS, the font and htmx from node_modules to .build/static/vendor/, where Django serves them from.

Standard library only: it runs before anything else is installed, on the laptop and when the image is built.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ROOT / "node_modules"
TARGET = ROOT / ".build" / "static" / "vendor"
COLLECTED = ROOT / ".build" / "collected"

# Without fonts.css, which asks an outside host, and print.css, which prints every link's address beside its text.
GLOBAL = ("reset", "tokens", "baseline")
COMPONENTS = (
    *("theme", "typography", "link", "button", "loader", "form", "alert", "inlinemessage", "internalheader"),
    *("tag", "table", "process", "list", "linkcard", "linkanchor", "guidepanel", "readmore", "pagination", "modal"),
)
# Our own defaults for plain elements stand above Aksel's reset and below its components.
LAYERS = (
    "@layer aksel.reset, aksel.theming, aksel.baseline, aksel.print, aksel.typography, aksel.navmeet, aksel.components;"
)
# Aksel asks for this family; the package calls its variable font something else.
FAMILY, PACKAGED_FAMILY = "Source Sans 3", "Source Sans 3 Variable"
OUTSIDE = re.compile(r"url\(\s*['\"]?(?:https?:)?//|@import")


class MissingPackage(Exception):
    """A file of an npm package is not where it should be."""


def read(*parts: str) -> str:
    """The text of a file in node_modules. Raises MissingPackage."""
    path = PACKAGES.joinpath(*parts)
    if not path.is_file():
        raise MissingPackage(f"{path.relative_to(ROOT)} is missing: run `npm ci --ignore-scripts` first.")
    return path.read_text(encoding="utf-8")


def aksel() -> str:
    """The part of Aksel's CSS that our pages use, in the order of its cascade layers."""
    dist = ("@navikt", "ds-css", "dist")
    parts = [LAYERS]
    parts += [read(*dist, "global", f"{name}.min.css") for name in GLOBAL]
    parts += [read(*dist, "component", f"{name}.min.css") for name in COMPONENTS]
    css = "\n".join(parts)
    if OUTSIDE.search(css):
        raise ValueError("Aksel's CSS asks for something outside our own address: leave that file out.")
    return css


def fonts() -> tuple[str, list[str]]:
    """The @font-face rules under the name that Aksel uses, and the font files that they name."""
    css = read("@fontsource-variable", "source-sans-3", "wght.css").replace(f"'{PACKAGED_FAMILY}'", f"'{FAMILY}'")
    return css, re.findall(r"url\(\./files/([\w.-]+)\)", css)


def main() -> int:
    """Write all files anew. Returns the exit code; says on stderr what is missing."""
    try:
        css, (font_css, font_files) = aksel(), fonts()
        htmx = read("htmx.org", "dist", "htmx.min.js")
    except MissingPackage as missing:
        print(missing, file=sys.stderr)
        return 1
    (TARGET / "files").mkdir(parents=True, exist_ok=True)
    # Where production collects to; WhiteNoise warns where it is missing, and finds nothing there on a laptop.
    COLLECTED.mkdir(parents=True, exist_ok=True)
    (TARGET / "aksel.css").write_text(css, encoding="utf-8")
    (TARGET / "fonts.css").write_text(font_css, encoding="utf-8")
    # A map that we do not serve would be asked for by every browser with its tools open.
    (TARGET / "htmx.min.js").write_text(re.sub(r"//# sourceMappingURL=.*", "", htmx), encoding="utf-8")
    for name in font_files:
        shutil.copyfile(PACKAGES / "@fontsource-variable" / "source-sans-3" / "files" / name, TARGET / "files" / name)
    print(f"{TARGET.relative_to(ROOT)}: aksel.css {len(css) // 1024} KB, {len(font_files)} font files, htmx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
