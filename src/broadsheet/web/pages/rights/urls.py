"""Addresses of roles, teams, contacts, workspaces, one person, and of access to a single thing."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import contacts, person, roles, teams, things, workspaces

urlpatterns: list[URLPattern] = [
    path("settings/people/<int:user_id>/", person.person, name="settings-person"),
    path("settings/people/<int:user_id>/attributes/", person.attributes, name="settings-person-attributes"),
    path("settings/people/<int:user_id>/deactivate/", person.end, name="settings-person-end"),
    path("settings/people/<int:user_id>/let-in/", person.let_in, name="settings-person-let-in"),
    path("settings/new-service/", person.service, name="settings-service-add"),
    path("settings/roles/", roles.roles, name="settings-roles"),
    path("settings/new-role/", roles.new, name="settings-role-new"),
    path("settings/roles/<slug:name>/", roles.role, name="settings-role"),
    path("settings/roles/<slug:name>/save/", roles.save, name="settings-role-save"),
    path("settings/roles/<slug:name>/text/", roles.text, name="settings-role-text"),
    path("settings/roles/<slug:name>/remove/", roles.remove, name="settings-role-remove"),
    path("settings/teams/", teams.teams, name="settings-teams"),
    path("settings/teams/<slug:name>/", teams.team, name="settings-team"),
    path("settings/teams/<slug:name>/save/", teams.save, name="settings-team-save"),
    path("settings/teams/<slug:name>/join/", teams.put_in, name="settings-team-join"),
    path("settings/teams/<slug:name>/leave/", teams.take_out, name="settings-team-leave"),
    path("settings/teams/<slug:name>/remove/", teams.remove, name="settings-team-remove"),
    path("settings/contacts/", contacts.contacts, name="settings-contacts"),
    path("settings/new-contact/", contacts.new, name="settings-contact-new"),
    path("settings/contacts/<slug:name>/", contacts.contact, name="settings-contact"),
    path("settings/contacts/<slug:name>/save/", contacts.save, name="settings-contact-save"),
    path("settings/contacts/<slug:name>/remove/", contacts.remove, name="settings-contact-remove"),
    path("settings/workspaces/", workspaces.workspaces, name="settings-workspaces"),
    path("settings/workspaces/<slug:name>/", workspaces.workspace, name="settings-workspace"),
    path("settings/workspaces/<slug:name>/save/", workspaces.save, name="settings-workspace-save"),
    path("settings/workspaces/<slug:name>/turn/", workspaces.turn, name="settings-workspace-turn"),
    path("settings/workspaces/<slug:name>/move/", workspaces.move, name="settings-workspace-move"),
    path("settings/workspaces/<slug:name>/remove/", workspaces.remove, name="settings-workspace-remove"),
    path("settings/access/<slug:kind>/<slug:name>/", things.grants, name="settings-grants"),
    path("settings/access/<slug:kind>/<slug:name>/give/", things.give_role, name="settings-grant"),
    path("settings/access/<slug:kind>/<slug:name>/place/", things.place_thing, name="settings-placing"),
]
