"""Who an endpoint of the API is for. Each names exactly one; without a name it is for nobody."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.claims import is_enough
from navmeet.exceptions import NotPermitted

if TYPE_CHECKING:
    # DRF's views read the settings when they are imported, and the settings name this module.
    from rest_framework.views import APIView


class Nobody(BasePermission):
    """The default: closed until somebody decides."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class _Actors(BasePermission):
    surface = ""
    kinds: frozenset[ActorKind] = frozenset()
    level = Level.NONE

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Raises NotPermitted (step_up_needed) for the right person at too low a level."""
        actor = request.user
        if self.surface != settings.SURFACE or not isinstance(actor, Actor) or actor.kind not in self.kinds:
            return False
        if self.level != Level.NONE and not is_enough(actor.level, self.level):
            raise NotPermitted(
                _("Du må logge inn på et høyere nivå for å se dette, for eksempel med BankID."),
                code="step_up_needed",
                extra={"login": "/login/?level=high"},
            )
        return True


class Staff(_Actors):
    """Every employee with a group of ours."""

    surface = "staff"
    kinds = frozenset({ActorKind.CASEWORKER, ActorKind.ADVISER})


class Caseworker(_Actors):
    """Those who book, change and write."""

    surface = "staff"
    kinds = frozenset({ActorKind.CASEWORKER})


class Adviser(_Actors):
    """Those at the contact centre."""

    surface = "staff"
    kinds = frozenset({ActorKind.ADVISER})


class Citizen(_Actors):
    """People logged in with ID-porten."""

    surface = "citizen"
    kinds = frozenset({ActorKind.CITIZEN})
    level = Level.SUBSTANTIAL


class CitizenHigh(Citizen):
    """People logged in at level high: minutes and releases."""

    level = Level.HIGH
