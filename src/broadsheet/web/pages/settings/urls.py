"""Addresses of the settings."""

from __future__ import annotations

from django.urls import path

from . import account, brand, channels, copies, datasets, feed, journal, overview, people, sources, tokens

urlpatterns = [
    path("settings/", overview.settings, name="settings"),
    path("settings/sources/", sources.sources, name="settings-sources"),
    path("settings/new-source/<slug:engine>/", sources.add, name="settings-source-add"),
    path("settings/sources/<slug:name>/", sources.change, name="settings-source"),
    path("settings/sources/<slug:name>/test/", sources.test, name="settings-source-test"),
    path("settings/sources/<slug:name>/sync/", copies.sync, name="settings-source-sync"),
    path("settings/sources/<slug:name>/starter/", copies.starter, name="settings-source-starter"),
    path("settings/new-dataset/", datasets.new, name="settings-dataset-new"),
    path("settings/datasets/<slug:name>/", datasets.dataset, name="settings-dataset"),
    path("settings/datasets/<slug:name>/edit/", datasets.edit, name="settings-dataset-edit"),
    path("settings/channels/", channels.channels, name="settings-channels"),
    path("settings/new-channel/<slug:kind>/", channels.add, name="settings-channel-add"),
    path("settings/channels/<slug:name>/", channels.change, name="settings-channel"),
    path("settings/channels/<slug:name>/test/", channels.test, name="settings-channel-test"),
    path("settings/channels/<slug:name>/send/", channels.send, name="settings-channel-send"),
    path("settings/channels/<slug:name>/let-through/", channels.let, name="settings-channel-let-through"),
    path("settings/brand/", brand.brand, name="settings-brand"),
    path("settings/brand/preview/", brand.preview, name="settings-brand-preview"),
    path("settings/people/", people.people, name="settings-people"),
    path("settings/people/<int:user_id>/role/", people.role, name="settings-person-role"),
    path("settings/people/<int:user_id>/hand-over/", people.pass_on, name="settings-person-hand-over"),
    path("settings/people/<int:user_id>/remove/", people.remove, name="settings-person-remove"),
    path("settings/tokens/", tokens.tokens, name="settings-tokens"),
    path("settings/tokens/<int:token_id>/revoke/", tokens.revoke, name="settings-token-revoke"),
    path("settings/journal/", journal.journal, name="settings-journal"),
    path("settings/journal/check/", journal.check, name="settings-journal-check"),
    path("settings/journal/export/", journal.export, name="settings-journal-export"),
    path("settings/account/", account.account, name="settings-account"),
    path("settings/account/calendar/", feed.feed, name="settings-feed"),
    path("settings/account/calendar/end/", feed.end, name="settings-feed-end"),
    path("settings/account/password/", account.password, name="settings-password"),
]
