"""The look and the voice of every page: layouts, template tags, form fields, static files, service worker."""
