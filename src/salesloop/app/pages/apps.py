from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "salesloop.app.pages"
