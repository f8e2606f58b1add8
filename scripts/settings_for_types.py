"""Settings for the type checker, which starts Django without a workspace."""

import os
import tempfile

os.environ.setdefault("SALESLOOP_WORKSPACE", tempfile.gettempdir())
os.environ.setdefault("SALESLOOP_SECRET_KEY", "for type checking only")

from salesloop.app.config.settings import *  # noqa: F403
