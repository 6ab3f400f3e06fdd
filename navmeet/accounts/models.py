"""Staff who have logged in. Citizens are people, not users; partners get credentials of their own kind."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id


class User(AbstractBaseUser):
    """One employee, made at the first login and refreshed at each. Groups are not kept: each login brings them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    nav_ident = models.CharField(max_length=7, unique=True)
    name = ProtectedText()
    office = models.CharField(max_length=4)
    is_active = models.BooleanField(default=True)
    last_login_at = models.DateTimeField(null=True)

    password = None  # type: ignore[assignment]
    last_login = None
    objects = BaseUserManager["User"]()
    USERNAME_FIELD = "nav_ident"

    COLUMNS = Columns(
        Kept.STAFF,
        id=Personal.STAFF,
        nav_ident=Personal.STAFF,
        name=Personal.SEALED,
        office=Personal.STAFF,
        is_active=Personal.NO,
        last_login_at=Personal.STAFF,
    )

    def __str__(self) -> str:
        return str(self.pk)
