"""The web application, as granian and gunicorn load it."""

import os

from django.core.wsgi import get_wsgi_application

from campanella.config.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campanella.config.settings")
end_with_parent()

application = get_wsgi_application()
