"""`python -m tests.faults.session`: a caseworker logged in and a citizen they may book; prints the session and whom."""

import sys


def main() -> None:
    import django

    django.setup()
    from django.contrib.sessions.backends.db import SessionStore

    from meetings import starting_types
    from navmeet import clock
    from navmeet.accounts import sessions
    from navmeet.accounts.models import User
    from navmeet.dev.personas import CASEWORKERS
    from tests import make
    from tests.faults.figures import PEOPLE
    from tests.faults.planning import known

    starting_types.load()
    ingrid = CASEWORKERS[0]
    user = User.objects.filter(nav_ident=ingrid.nav_ident).first()
    if user is None:
        user = User(
            nav_ident=ingrid.nav_ident, office=make.office().number, is_caseworker=True, last_login_at=clock.now()
        )
        user.name = ingrid.name
        user.save()
    by, session = make.actor(user), SessionStore()
    sessions.begin(session, by, name="Somebody", id_token="", at=clock.now())
    session.save()
    sys.stdout.write(f"{session.session_key}\n{known(PEOPLE[0]).pk}\n")


if __name__ == "__main__":
    main()
