from django.urls import path

from . import views_documents as views

urlpatterns = [
    path("documents/", views.documents, name="documents"),
    path("documents/<uuid:document_id>/", views.document, name="document"),
    path("documents/<uuid:document_id>/edit/", views.edit_document, name="edit_document"),
    path("documents/<uuid:document_id>/publish/", views.publish_document, name="publish_document"),
    path("documents/comments/<uuid:comment_id>/", views.answer_comment, name="answer_comment"),
    path("settings/<uuid:setting_id>/documents/add/", views.write_document, name="write_document"),
    path("published/<uuid:setting_id>/", views.published, name="published"),
    path(
        "published/<uuid:setting_id>/<uuid:document_id>/", views.published_document, name="published_document"
    ),
]
