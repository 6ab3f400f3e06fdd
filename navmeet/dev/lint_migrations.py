"""Would the code of the last release live with these migrations? Asks django-migration-linter about all of ours."""

import os
import sys

import django

from navmeet.dev.servers.running import ROOT

# Its unique constraint takes the place of a narrower one: what the old code writes passes both.
LOOKED_AT = ["0005_reasons_by_version"]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")
    django.setup()
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    ours = [app.label for app in apps.get_app_configs() if app.path.startswith(str(ROOT)) and ".venv" not in app.path]
    # No cache: it would be a file that says what an earlier version of a migration did.
    linter = MigrationLinter(str(ROOT), include_apps=ours, no_cache=True, ignore_name=LOOKED_AT)
    linter.lint_all_migrations()
    linter.print_summary()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
