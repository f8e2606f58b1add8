from django.urls import path

from salesloop.app.quality import views

app_name = "quality"
urlpatterns = [
    path("", views.scores, name="index"),
    path("mend/", views.mend, name="mend"),
    path("mend/decide/", views.decide, name="decide"),
    path("mend/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("records/<slug:entity>/", views.record, name="record"),
    path("cells/", views.cells, name="cells"),
    path("cells/correct/", views.correct, name="correct"),
    path("corrections.xlsx", views.corrections, name="corrections"),
    path("deliveries/", views.deliveries, name="deliveries"),
    path("sharing/", views.sharing, name="sharing"),
    path("coverage/", views.coverage, name="coverage"),
    path("diagnosis/", views.diagnosis, name="diagnosis"),
    path("audits/", views.audits, name="audits"),
    path("audits/new/", views.start_audit, name="start"),
    path("audits/plan/", views.plan_audit, name="plan"),
    path("audits/plan/<int:pk>/stop/", views.stop_plan, name="stop_plan"),
    path("audits/<int:pk>/", views.audit, name="audit"),
    path("audits/<int:pk>/compare/<int:place>/", views.compare, name="compare"),
    path("audits/<int:pk>/sign/", views.sign_audit, name="sign_audit"),
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/sign/", views.sign_review, name="sign_review"),
]
