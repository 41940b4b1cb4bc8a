"""What every test may use."""

from hypothesis import settings

# A first example may read the whole knowledge; how long a test takes is measured in bench/, not here.
settings.register_profile("althea", deadline=None, print_blob=True)
settings.load_profile("althea")
