-- The few that ask for something are found without reading the many that do not.
create index users_disabled on users (workspace_id) where state = 'disabled';
create index users_managers on users (workspace_id, role) where role in ('owner', 'administrator');
create index invitations_approved on invitations (workspace_id, completed_at) where status = 'approved' and not settled;
create index messages_undelivered on messages (workspace_id, invitation_id) where state in ('deferred', 'failed');
