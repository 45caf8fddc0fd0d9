"""Addresses of office/news."""

from django.urls import path

from campanella.interfaces.office.news import faq, views

urlpatterns = [
    path("news/", views.news, name="news"),
    path("news/nuova/", views.new, name="news-new"),
    path("news/<int:news_id>/", views.edit, name="news-edit"),
    path("news/<int:news_id>/pubblica/", views.publish, name="news-publish"),
    path("news/<int:news_id>/ritira/", views.withdraw, name="news-withdraw"),
    path("news/<int:news_id>/allega/", views.attach, name="news-attach"),
    path("news/<int:news_id>/allegati/<int:attachment_id>/", views.attachment, name="news-attachment"),
    path("news/<int:news_id>/allegati/<int:attachment_id>/togli/", views.detach, name="news-detach"),
    path("faq/", faq.faqs, name="faq"),
    path("faq/nuova/", faq.new, name="faq-new"),
    path("faq/comincia/", faq.start, name="faq-start"),
    path("faq/<int:faq_id>/", faq.edit, name="faq-edit"),
    path("faq/<int:faq_id>/togli/", faq.remove, name="faq-remove"),
]
