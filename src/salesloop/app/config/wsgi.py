"""The WSGI entry for waitress, gunicorn and others: `salesloop.app.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesloop.app.config.settings")
application = get_wsgi_application()
