"""Addresses of portal/news."""

from django.urls import path

from campanella.interfaces.portal.news import views

urlpatterns = [
    path("news/", views.news, name="news"),
    path("news/passate/", views.past, name="news-past"),
    path("news/<int:news_id>/", views.item, name="news-item"),
    path("news/allegati/<int:attachment_id>/", views.attachment, name="attachment"),
]
