from django.urls import path

from salesloop.app.governance import metric_views, request_views, views

app_name = "governance"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("bottleneck/", views.bottleneck, name="bottleneck"),
    path("reviews/", views.reviews, name="reviews"),
    path("worth/", views.worth, name="worth"),
    path("worth/table/", views.worth_table, name="worth_table"),
    path("fairness/", views.fairness, name="fairness"),
    path("requests/", request_views.index, name="requests"),
    path("requests/new/", request_views.new, name="new"),
    path("requests/<int:pk>/", request_views.detail, name="request"),
    path("requests/<int:pk>/preview/", request_views.preview, name="preview"),
    path("requests/<int:pk>/evidence/", request_views.evidence, name="evidence"),
    path("requests/<int:pk>/propose/", request_views.propose, name="propose"),
    path("requests/<int:pk>/<str:step>/", request_views.move, name="move"),
    path("outside/<str:kind>/<str:target>/<int:number>/", request_views.accept_outside, name="accept_outside"),
    path("metrics/<slug:name>/versions/", metric_views.versions, name="versions"),
    path("metrics/<slug:name>/versions/<int:number>/restore/", metric_views.restore, name="restore"),
    path("metrics/<slug:name>/compare/", metric_views.compare_versions, name="compare"),
    path("metrics/<slug:name>/usage/", metric_views.usage, name="usage"),
    path("metrics/<slug:name>/discussion/", metric_views.discussion, name="discussion"),
    path("metrics/<slug:name>/review/", metric_views.review, name="review"),
]
