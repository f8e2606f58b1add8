from django.urls import path

from salesloop.app.quality import audit_views, cell_views, review_views, views

app_name = "quality"
urlpatterns = [
    path("", views.scores, name="index"),
    path("mend/", views.mend, name="mend"),
    path("mend/decide/", views.decide, name="decide"),
    path("mend/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("records/<slug:entity>/", views.record, name="record"),
    path("cells/", cell_views.cells, name="cells"),
    path("cells/correct/", cell_views.correct, name="correct"),
    path("corrections.xlsx", cell_views.corrections, name="corrections"),
    path("deliveries/", review_views.deliveries, name="deliveries"),
    path("sharing/", views.sharing, name="sharing"),
    path("coverage/", views.coverage, name="coverage"),
    path("diagnosis/", review_views.diagnosis, name="diagnosis"),
    path("audits/", audit_views.audits, name="audits"),
    path("audits/new/", audit_views.start_audit, name="start"),
    path("audits/plan/", audit_views.plan_audit, name="plan"),
    path("audits/plan/<int:pk>/stop/", audit_views.stop_plan, name="stop_plan"),
    path("audits/<int:pk>/", audit_views.audit, name="audit"),
    path("audits/<int:pk>/compare/<int:place>/", audit_views.compare, name="compare"),
    path("audits/<int:pk>/sign/", audit_views.sign_audit, name="sign_audit"),
    path("reviews/", review_views.reviews, name="reviews"),
    path("reviews/sign/", review_views.sign_review, name="sign_review"),
]
