-- The tenant. `public_id` begins every token, session and key, so that looking one up is keyed by workspace.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

create table workspaces (
    id uuid not null,
    public_id text not null,
    name text not null,
    -- Requests for this host name are this workspace's; the default workspace has none and takes all others.
    host text,
    colour text not null default '#14424b',
    mail_validity interval not null default interval '72 hours',
    created_at timestamptz not null default now(),
    -- The one-time token of the first owner's set-up link; only its hash is kept.
    owner_token_hash bytea,
    constraint workspaces_pkey primary key (id),
    constraint workspaces_public_id_key unique (public_id),
    constraint workspaces_public_id_shape check (public_id ~ '^[a-z2-7]{8}$'),
    constraint workspaces_host_key unique nulls not distinct (host),
    constraint workspaces_host_shape check (host = lower(host) and host <> ''),
    constraint workspaces_colour_shape check (colour ~ '^#[0-9a-f]{6}$')
);
