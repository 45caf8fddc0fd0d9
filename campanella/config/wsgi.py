"""The web application, as granian and gunicorn load it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campanella.config.settings")

application = get_wsgi_application()
