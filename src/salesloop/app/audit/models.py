"""The audit log."""

from django.conf import settings
from django.db import models

from salesloop.app.audit.words import part_spoken, spoken, value_spoken
from salesloop.app.ui.language import current_lang, joined
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
    def details(self) -> list[tuple[str, str]]:
        """What was kept of it, as words and value; parts that say nothing are left out."""
        return [
            (part_spoken(name), value_spoken(name, _plain(value)))
            for name, value in self.data.items()
            if value not in ("", None, [], {})
        ]

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


def _plain(value: object) -> str:
    """A kept value as people write it: lists and pairs without brackets."""
    if isinstance(value, dict):
        return joined(f"{name} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return joined(map(_plain, value))
    return str(value)
