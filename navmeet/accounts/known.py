"""From what an issuer said to an actor of ours."""

from datetime import datetime
from typing import Any

from django.apps import apps

from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.claims import Employee, Inhabitant, NotForYou
from navmeet.accounts.models import User
from navmeet.protect.columns import blind_index, new_id


def employee_actor(employee: Employee, at: datetime) -> Actor:
    """The employee's User, made at the first login, name and office as they are now. Raises NotForYou if shut out.

    Whoever belongs to several offices stays at the one they were at.
    """
    user = User.objects.filter(nav_ident=employee.nav_ident).first()
    if user is None:
        # Two tabs at the first login: the second finds what the first made.
        first = {"name": employee.name, "office": employee.offices[0], "last_login_at": at}
        user, _ = User.objects.get_or_create(nav_ident=employee.nav_ident, defaults=first)
    if not user.is_active:
        raise NotForYou("Tilgangen din til møter i Nav er stengt. Ta kontakt med lederen din.")
    user.name = employee.name
    user.office = user.office if user.office in employee.offices else employee.offices[0]
    user.is_caseworker = employee.kind == ActorKind.CASEWORKER
    user.last_login_at = at
    user.save(update_fields=["name", "office", "is_caseworker", "last_login_at"])
    return Actor(
        kind=employee.kind,
        id=user.pk,
        office=user.office,
        groups=employee.groups,
        nav_ident=user.nav_ident,
        name=employee.name,
    )


def citizen_actor(inhabitant: Inhabitant) -> tuple[Actor, str]:
    """The person with this number, present or historic, and the language to speak with them.

    Somebody we have never met is not written down: they act under an id that belongs to nobody, and so have no
    meetings here.
    """
    # People stand above accounts and may not be imported from here.
    identities: Any = apps.get_model("people", "Identity")._default_manager
    found = identities.select_related("person").filter(number_index=blind_index(inhabitant.number)).first()
    if found is None:
        return Actor(kind=ActorKind.CITIZEN, id=new_id(), level=inhabitant.level), inhabitant.language
    person = found.person
    actor = Actor(kind=ActorKind.CITIZEN, id=person.pk, level=inhabitant.level, name=person.name)
    return actor, person.language or person.register_language or inhabitant.language
