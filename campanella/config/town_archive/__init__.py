"""One town in one file: taken out of an installation (``taking``) and put into the same or another one (``putting``)."""
