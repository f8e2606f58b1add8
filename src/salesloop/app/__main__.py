"""Django's own maintenance commands, for developers: `python -m salesloop.app makemigrations`."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesloop.app.config.settings")
execute_from_command_line(["salesloop.app", *sys.argv[1:]])
