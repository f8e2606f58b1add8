"""Addresses: one line per slice."""

from django.urls import include, path

urlpatterns = [
    path("", include("salesloop.app.dashboards.urls")),
    path("data/", include("salesloop.app.data.urls")),
    path("jobs/", include("salesloop.app.jobs.urls")),
    path("metrics/", include("salesloop.app.metrics.urls")),
    path("governance/", include("salesloop.app.governance.urls")),
    path("customers/", include("salesloop.app.customers.urls")),
    path("prediction/", include("salesloop.app.prediction.urls")),
    path("channels/", include("salesloop.app.channels.urls")),
    path("texts/", include("salesloop.app.texts.urls")),
    path("talks/", include("salesloop.app.talks.urls")),
    path("quality/", include("salesloop.app.quality.urls")),
    path("targets/", include("salesloop.app.targets.urls")),
    path("team/", include("salesloop.app.team.urls")),
    path("reports/", include("salesloop.app.publishing.urls")),
    path("api/", include("salesloop.app.api.urls")),
    path("findings/", include("salesloop.app.findings.urls")),
    path("actions/", include("salesloop.app.actions.urls")),
    path("account/", include("salesloop.app.accounts.urls")),
    path("notices/", include("salesloop.app.notices.urls")),
    path("admin/", include("salesloop.app.administration.urls")),
    path("", include("salesloop.app.pages.urls")),
    path("", include("salesloop.app.ui.urls")),
]

handler400 = "salesloop.app.config.errors.bad_request"
handler403 = "salesloop.app.config.errors.forbidden"
handler404 = "salesloop.app.config.errors.not_found"
handler500 = "salesloop.app.config.errors.server_error"
