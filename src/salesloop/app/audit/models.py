"""The audit log."""

from django.conf import settings
from django.db import models

from salesloop.app.audit.words import spoken
from salesloop.app.ui.language import current_lang
from salesloop.engine.model.text import Message


class Entry(models.Model):
    """One thing that somebody did. Rows are only ever added.

    `object_message` is a stored `Message` where the product itself words the object's name (a finding's sentence).
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=64, db_index=True)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_label = models.CharField(max_length=200, blank=True)
    object_message = models.JSONField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.code} {self.object_label}"

    @property
    def words(self) -> str:
        """What was done, in the reader's language."""
        return spoken(self.code)

    @property
    def about(self) -> str:
        """The object, as `audit.services.entries` takes it."""
        return f"{self.object_type}:{self.object_id}" if self.object_id else ""

    @property
    def label(self) -> str:
        """What the object was called, in the reader's language where the product gave it its name."""
        if self.object_message is None:
            return self.object_label
        return Message.from_json(self.object_message).text(current_lang())
