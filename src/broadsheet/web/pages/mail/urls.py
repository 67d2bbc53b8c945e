"""Addresses of the caught mail."""

from __future__ import annotations

from django.urls import path

from . import listing, message

urlpatterns = [
    path("mail/", listing.mail, name="mail"),
    path("mail/<int:key>/", message.mail_message, name="mail-message"),
    path("mail/<int:key>/html/", message.html, name="mail-html"),
    path("mail/<int:key>/source/", message.source, name="mail-source"),
    path("mail/<int:key>/part/<int:number>/", message.part, name="mail-part"),
]
