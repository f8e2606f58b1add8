from django.db import migrations, models

FIELDS = (
    "metric", "org_unit_id", "employee_id", "dimension", "dimension_value", "period_start", "period", "value", "currency", "locked"
)  # fmt: skip


def keep_first_versions(apps, _schema):
    """The first version of each year that ever counted is its plan."""
    version, cell = apps.get_model("targets", "Version"), apps.get_model("targets", "PlanCell")
    done = set()
    for one in version.objects.filter(state__in=("approved", "frozen", "replaced")).order_by(
        "metric", "year", "number"
    ):
        if (one.metric, one.year) not in done:
            done.add((one.metric, one.year))
            cell.objects.bulk_create(cell(year=one.year, **row) for row in one.cells.values(*FIELDS))


class Migration(migrations.Migration):
    dependencies = [("targets", "0004_quarterly_objectives")]

    operations = [
        migrations.CreateModel(
            name="PlanCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("metric", models.CharField(max_length=64)),
                ("org_unit_id", models.CharField(blank=True, max_length=64)),
                ("employee_id", models.CharField(blank=True, max_length=64)),
                ("dimension", models.CharField(blank=True, max_length=64)),
                ("dimension_value", models.CharField(blank=True, max_length=200)),
                ("period_start", models.DateField()),
                ("period", models.CharField(max_length=8)),
                ("value", models.DecimalField(decimal_places=8, max_digits=28, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("locked", models.BooleanField(default=False)),
                ("year", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "metric",
                            "org_unit_id",
                            "employee_id",
                            "dimension",
                            "dimension_value",
                            "period_start",
                            "period",
                        ),
                        name="one_plan_a_key",
                    )
                ]
            },
        ),
        migrations.RunPython(keep_first_versions, migrations.RunPython.noop),
    ]
