"""What gunicorn serves."""

import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# gunicorn has loggers of its own, which Django's settings do not reach.
from config.logs import WithoutAddress  # noqa: E402

logging.getLogger("gunicorn.error").addFilter(WithoutAddress())

# Not before Django is ready, so that the refusal can read the settings and ask the database.
from config.checks import refuse_an_unsafe_production  # noqa: E402

refuse_an_unsafe_production()
