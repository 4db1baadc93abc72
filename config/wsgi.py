"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Not before Django is ready, so that the refusal can read the settings and ask the database.
from config.checks import refuse_an_unsafe_production  # noqa: E402

refuse_an_unsafe_production()
