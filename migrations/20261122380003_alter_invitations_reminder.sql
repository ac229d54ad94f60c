-- The link in the reminder is one of its own: of the first one only a hash is known, and it goes on working. Both die with their row.
alter table invitations add column reminder_hash bytea;
create unique index invitations_reminder_key on invitations (workspace_id, reminder_hash) where reminder_hash is not null;
-- Those that may still be reminded of, in the order of their ends.
create index invitations_by_reminder on invitations (workspace_id, valid_until)
    where status = 'pending' and reminded_at is null and notified_at is not null;
