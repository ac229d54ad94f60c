create table audit_log (
    workspace_id uuid not null constraint audit_log_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    at timestamptz not null default now(),
    -- Null where the system or the command line acted.
    actor_id uuid,
    actor_name text not null,
    action text not null,
    subject_kind text not null,
    subject_id uuid not null,
    subject_label text not null,
    before jsonb,
    after jsonb,
    request_id text not null,
    constraint audit_log_pkey primary key (workspace_id, id)
);

create index audit_log_by_subject on audit_log (workspace_id, subject_kind, subject_id, at);
