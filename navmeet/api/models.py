"""Answers kept so that the same request sent twice has one effect and one answer."""

from django.db import models

from navmeet.protect.classes import Columns, Kept, Personal
from navmeet.protect.columns import ProtectedText, new_id


class KeptAnswer(models.Model):
    """The answer to one Idempotency-Key, stored in the transaction of its effect, for at least a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    principal = models.UUIDField()
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=64)
    body_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = ProtectedText()
    etag = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    COLUMNS = Columns(
        Kept.DAY,
        id=Personal.NO,
        principal=Personal.INDIRECT,
        method=Personal.NO,
        path=Personal.INDIRECT,
        key=Personal.NO,
        body_hash=Personal.INDIRECT,
        status=Personal.NO,
        body=Personal.SEALED,
        etag=Personal.NO,
        at=Personal.NO,
    )

    class Meta:
        constraints = [models.UniqueConstraint(name="one_answer_a_key", fields=["principal", "method", "path", "key"])]

    def __str__(self) -> str:
        return str(self.pk)
