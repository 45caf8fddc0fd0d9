"""All addresses."""

from django.urls import include, path

from campanella.config import health
from campanella.interfaces.api.pagopa import pa_for_node
from campanella.interfaces.entry import urls as entry

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("pagopa/paForNode", pa_for_node, name="pa-for-node"),
    path("", include("campanella.foundation.design.urls")),
    path("api/v1/", include("campanella.interfaces.api.urls")),
    path("appello/", include("campanella.interfaces.rollcall.urls")),
    path("cucina/", include("campanella.interfaces.kitchen.urls")),
    path("cassa/", include("campanella.interfaces.counter.urls")),
    path("ufficio/", include("campanella.interfaces.office.urls")),
    path("", include((entry.urlpatterns, "accounts"))),
    path("", include("campanella.interfaces.portal.urls")),
]

handler400 = "campanella.config.faults.bad_request"
handler404 = "campanella.config.faults.page_is_missing"
handler500 = "campanella.config.faults.server_error"
