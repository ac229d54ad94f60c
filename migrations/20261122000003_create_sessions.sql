create table sessions (
    workspace_id uuid not null,
    -- SHA-256 of the 256-bit token in the cookie.
    token_hash bytea not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    constraint sessions_pkey primary key (workspace_id, token_hash),
    constraint sessions_user_fkey foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade
);

create index sessions_by_user on sessions (workspace_id, user_id);
