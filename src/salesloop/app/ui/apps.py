from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "salesloop.app.ui"
