from django.urls import path

from salesloop.app.prediction import views

app_name = "prediction"
urlpatterns = [
    path("", views.index, name="index"),
    path("train/", views.train, name="train"),
    path("work/<int:pk>/", views.work, name="work"),
    path("<int:pk>/", views.model, name="model"),
    path("<int:pk>/use/", views.use, name="use"),
]
