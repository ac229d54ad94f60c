-- The outbox. A message is a row in the transaction that causes it; it is handed over by whoever locks its row.
create table messages (
    workspace_id uuid not null constraint messages_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    invitation_id uuid,
    to_address text not null,
    subject text not null,
    -- Fixed when queued, so that a repeated message can be recognised as the same one.
    message_id text not null,
    -- Text and HTML, sealed with the instance key; erased at hand-over.
    sealed_body bytea,
    state text not null default 'queued',
    attempts integer not null default 0,
    queued_at timestamptz not null default now(),
    next_attempt_at timestamptz default now(),
    handed_over_at timestamptz,
    -- What the mail server said, or why it was not reached.
    answer text,
    constraint messages_pkey primary key (workspace_id, id),
    constraint messages_message_id_key unique (workspace_id, message_id),
    constraint messages_state_check check (state in ('queued', 'deferred', 'sent', 'failed', 'captured')),
    constraint messages_due_check check ((state in ('queued', 'deferred')) = (next_attempt_at is not null)),
    constraint messages_sealed_check check ((state in ('queued', 'deferred')) = (sealed_body is not null)),
    constraint messages_handed_over_check check ((state in ('sent', 'captured')) = (handed_over_at is not null))
);

-- Claiming a message crosses workspaces, so this index alone is not keyed by one.
create index messages_due on messages (next_attempt_at) where next_attempt_at is not null;
create index messages_by_queued on messages (workspace_id, queued_at, id);
create index messages_by_invitation on messages (workspace_id, invitation_id, queued_at);
