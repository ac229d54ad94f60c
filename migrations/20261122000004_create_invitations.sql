create table invitations (
    workspace_id uuid not null constraint invitations_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    email text not null,
    email_key text not null,
    search_key text not null generated always as (
        email_key || case when lower(email) = email_key then '' else ' ' || lower(email) end
    ) stored,
    role text not null,
    -- Expired is not among them: a pending invitation is expired from valid_until on, when it is read.
    status text not null default 'pending',
    token_hash bytea not null,
    invited_at timestamptz not null default now(),
    valid_until timestamptz not null,
    -- The inviter may go; the invitation keeps the name.
    inviter_id uuid not null,
    inviter_name text not null,
    -- The newer one that took its place.
    replaced_by uuid,
    -- Out of the default list once the one that replaced it is completed; still in its history.
    settled boolean not null default false,
    completed_at timestamptz,
    user_id uuid,
    constraint invitations_pkey primary key (workspace_id, id),
    constraint invitations_token_key unique (workspace_id, token_hash),
    constraint invitations_role_check check (role in ('owner', 'administrator', 'member', 'visitor')),
    constraint invitations_status_check check (status in ('pending', 'waiting', 'approved', 'rejected', 'inactivated')),
    constraint invitations_replaced_check check ((status = 'inactivated') = (replaced_by is not null)),
    constraint invitations_completed_check check ((status in ('waiting', 'approved', 'rejected')) = (completed_at is not null))
);

-- One open invitation for an address.
create unique index invitations_open_key on invitations (workspace_id, email_key) where status in ('pending', 'waiting');
-- As with users: each order has its index, which holds what a filter asks for.
create index invitations_by_invited on invitations (workspace_id, invited_at, id) include (search_key, status, valid_until)
    where not settled;
create index invitations_by_valid on invitations (workspace_id, valid_until, id) include (search_key, status) where not settled;
create index invitations_by_email on invitations (workspace_id, email_key, id) include (search_key, status, valid_until) where not settled;
create index invitations_by_status on invitations (workspace_id, status, invited_at, id) include (search_key, valid_until)
    where not settled;
create index invitations_by_part on invitations using gin (workspace_id, search_key gin_trgm_ops);
create index invitations_by_replaced on invitations (workspace_id, replaced_by) where replaced_by is not null;
