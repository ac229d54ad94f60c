-- Senders go from workspace to workspace: ten thousand mails of one do not keep the others waiting.
drop index messages_due;
create index messages_due on messages (workspace_id, next_attempt_at) where next_attempt_at is not null;
