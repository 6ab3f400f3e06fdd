"""Who acts. Built once at the edge, frozen, passed down as `by`."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.conf import settings


class ActorKind(StrEnum):
    """A new kind sees nothing until somebody decides: every permission names the kinds it lets in."""

    CASEWORKER = "CASEWORKER"
    ADVISER = "ADVISER"
    CITIZEN = "CITIZEN"
    LINK = "LINK"
    PARTNER = "PARTNER"
    SYSTEM = "SYSTEM"


class Level(StrEnum):
    """How sure it is who somebody is: ID-porten's acr, a partner's one-time code, or NONE for a bare link."""

    NONE = "none"
    CODE = "code"
    SUBSTANTIAL = "idporten-loa-substantial"
    HIGH = "idporten-loa-high"


@dataclass(frozen=True)
class Actor:
    """`id` is a User's for staff, a Person's for a citizen, an Invitation's for a link or partner, None for the system.

    `nav_ident` is known for staff only (the access machine and the audit log ask for it).
    """

    kind: ActorKind
    id: UUID | None
    office: str | None = None
    groups: frozenset[str] = field(default_factory=frozenset)
    level: Level = Level.NONE
    nav_ident: str | None = None
    name: str = ""

    @staticmethod
    def system(name: str) -> "Actor":
        """The house itself, doing what was planned; `name` says which part."""
        return Actor(kind=ActorKind.SYSTEM, id=None, name=name)

    @property
    def known_id(self) -> UUID:
        """The id of somebody. Raises TypeError for the house itself, who is nobody."""
        if self.id is None:
            raise TypeError(f"{self.kind.value} has no id")
        return self.id

    @property
    def known_office(self) -> str:
        """The office of somebody at Nav. Raises TypeError for all others."""
        if self.office is None:
            raise TypeError(f"{self.kind.value} has no office")
        return self.office

    @property
    def is_staff(self) -> bool:
        return self.kind in {ActorKind.CASEWORKER, ActorKind.ADVISER}

    @property
    def may_open_strictly_confidential(self) -> bool:
        return settings.GROUP_STRICTLY_CONFIDENTIAL in self.groups

    def __repr__(self) -> str:
        return f"Actor({self.kind.value}, {self.id})"
