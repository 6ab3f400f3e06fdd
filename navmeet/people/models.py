"""People Nav meets, known by an id of ours; their numbers are sealed and found through a blind index."""

from django.db import models

from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id


class Protection(models.TextChoices):
    """The population register's adressebeskyttelse (gradering)."""

    UNGRADED = "UGRADERT"
    CONFIDENTIAL = "FORTROLIG"
    STRICTLY_CONFIDENTIAL = "STRENGT_FORTROLIG"
    STRICTLY_CONFIDENTIAL_ABROAD = "STRENGT_FORTROLIG_UTLAND"


STRICT = frozenset({Protection.STRICTLY_CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL_ABROAD})


class Person(models.Model):
    """`protection` is what the register last said: it hides, and is asked anew before anything is opened or sent.

    `registers_asked_at` is when the population register was last asked about them with nothing of it lost.
    `deceased_known_at` is since when the register is known to say that they have died.

    `is_reserved`: what the contact register last said of digital contact; null where it was not asked since we keep it.

    `language` is what they last chose here, `register_language` what we write in by what they told the
    contact register; blank where they told it nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = ProtectedText()
    protection = models.CharField(max_length=24, choices=Protection, default=Protection.UNGRADED)
    registers_asked_at = models.DateTimeField()
    deceased_known_at = models.DateTimeField(null=True)
    is_reserved = models.BooleanField(null=True)
    language = models.CharField(max_length=8, blank=True)
    register_language = models.CharField(max_length=8, blank=True, default="", db_default="")
    created_at = models.DateTimeField()

    COLUMNS = Columns(
        Kept.WITH_PERSON,
        id=Personal.INDIRECT,
        name=Personal.SEALED,
        protection=Personal.INDIRECT,
        registers_asked_at=Personal.NO,
        deceased_known_at=Personal.INDIRECT,
        is_reserved=Personal.INDIRECT,
        language=Personal.INDIRECT,
        register_language=Personal.INDIRECT,
        created_at=Personal.NO,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_protection_is_known", condition=models.Q(protection__in=Protection.values)
            )
        ]
        # Those whose meetings each sweep of the sender asks about: few among very many.
        indexes = [
            models.Index(
                name="people_strictly_protected", fields=["id"], condition=models.Q(protection__in=sorted(STRICT))
            ),
            models.Index(name="people_who_died", fields=["id"], condition=models.Q(deceased_known_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_strictly_protected(self) -> bool:
        return self.protection in STRICT


class Identity(models.Model):
    """One identity number of a person, present or historic. People change numbers (D-number to birth number)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    number = ProtectedText()
    number_index = models.BinaryField(max_length=32, unique=True)
    is_current = models.BooleanField(default=True)

    COLUMNS = Columns(
        Kept.WITH_PERSON,
        id=Personal.INDIRECT,
        person=Personal.INDIRECT,
        number=Personal.SEALED,
        number_index=Personal.INDIRECT,
        is_current=Personal.NO,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="person_has_one_current_number", fields=["person"], condition=models.Q(is_current=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
