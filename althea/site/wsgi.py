"""The web server's door.  It stays shut when the database would lose what was saved."""

import logging
import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "althea.site.settings.prod")
application = get_wsgi_application()


def _refuse_unsafe_storage() -> None:
    from django.db import OperationalError, connection

    from althea.site.database import storage_problem

    try:
        problem = storage_problem(connection)
    except OperationalError:
        # Not reachable at this moment is not unsafe: /readyz says so until it is.
        logging.getLogger("althea.site").warning("the database cannot be reached yet")
        return
    finally:
        connection.close()
    if problem:
        raise ImproperlyConfigured(problem)


_refuse_unsafe_storage()
