"""The competencies that come with the product, for a company to make its own."""

from django.db import migrations

from salesloop.app.team.defaults import COMPETENCIES


def add(apps, _editor) -> None:
    competency = apps.get_model("team", "Competency")
    for place, fields in enumerate(COMPETENCIES, 1):
        competency.objects.create(place=place * 10, **fields)


class Migration(migrations.Migration):
    dependencies = [("team", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
