"""What people noted about a channel partner."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ChannelNote(models.Model):
    """Feedback on a channel, as somebody entered it. A note taken back stays, out of sight: the audit log names it."""

    channel_id = models.CharField(max_length=200, db_index=True)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text[:80]
