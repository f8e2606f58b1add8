from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "salesloop.app.jobs"
    jobs = {"chores": "salesloop.app.config.daily.run"}
