"""Users: staff who have logged in, and partners, who have no login at Nav. Citizens are people, not users."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id


class User(AbstractBaseUser):
    """One employee, made at the first login and refreshed at each, with groups as each login brings them.

    Whether they had the caseworkers' group at the last is kept: only such may lead a meeting or be brought along.

    Or one partner's credential: without ident, name or office, it only gives django-otp somebody to hang a code on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    nav_ident = models.CharField(max_length=7, unique=True, null=True)
    name = ProtectedText(null=True)
    office = models.CharField(max_length=4, blank=True)
    is_active = models.BooleanField(default=True)
    is_caseworker = models.BooleanField(default=False, db_default=False)
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
        is_caseworker=Personal.STAFF,
        last_login_at=Personal.STAFF,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_is_an_employee_or_nobody_in_particular",
                condition=models.Q(nav_ident__isnull=False, name__isnull=False) & ~models.Q(office="")
                | models.Q(nav_ident__isnull=True, name__isnull=True, office=""),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
