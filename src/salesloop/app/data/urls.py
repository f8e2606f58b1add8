from django.urls import path

from salesloop.app.data.views import changes, duplicates, index, wizard

app_name = "data"
urlpatterns = [
    path("", index.index, name="index"),
    path("tables/<slug:name>/", index.table, name="table"),
    path("quality/<slug:entity>/<slug:check>/", index.failing, name="failing"),
    path("snapshots/<int:number>/rollback/", index.roll_back, name="rollback"),
    path("batches/<str:batch_id>/undo/", changes.undo_batch, name="undo"),
    path("quarantine/<str:batch_id>/retry/", changes.retry, name="retry"),
    path("quarantine/<str:batch_id>/drop/", changes.drop, name="drop"),
    path("quarantine/<str:batch_id>/export.<str:kind>", changes.export, name="export"),
    path("duplicates/", duplicates.queue, name="duplicates"),
    path("duplicates/history/", duplicates.history, name="duplicates_history"),
    path("duplicates/accept/", duplicates.accept, name="duplicates_accept"),
    path("duplicates/accept-all/", duplicates.accept_all, name="duplicates_accept_all"),
    path("duplicates/reject/", duplicates.reject, name="duplicates_reject"),
    path("duplicates/publish/", duplicates.publish, name="duplicates_publish"),
    path("duplicates/decisions/<slug:decision_id>/undo/", duplicates.undo, name="duplicates_undo"),
    path("duplicates/export.<str:kind>", duplicates.export, name="duplicates_export"),
    path("duplicates/merged/<slug:entity>/", duplicates.merged, name="duplicates_merged"),
    path("work/<int:pk>/", changes.work, name="work"),
    path("import/", wizard.new, name="import"),
    path("import/upload/", wizard.upload, name="upload"),
    path("import/<int:pk>/", wizard.draft, name="draft"),
    path("import/<int:pk>/tables/<int:place>/", wizard.table, name="decide"),
    path("import/<int:pk>/files/<int:number>/", wizard.encoding, name="encoding"),
    path("import/<int:pk>/preview/", wizard.preview, name="preview"),
    path("import/<int:pk>/run/", wizard.run, name="run"),
    path("import/<int:pk>/back/", wizard.back, name="back"),
    path("import/<int:pk>/discard/", wizard.discard, name="discard"),
    path("import/<int:pk>/undo/", changes.undo_import, name="undo_import"),
]
