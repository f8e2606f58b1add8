"""Settings of the tests: quick hashing, a database in memory, and a workspace that the fixtures choose."""

import os
import tempfile

os.environ["SALESLOOP_WORKSPACE"] = tempfile.gettempdir()
os.environ["SALESLOOP_SECRET_KEY"] = "only for tests"
os.environ.pop("DATABASE_URL", None)

from salesloop.app.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
