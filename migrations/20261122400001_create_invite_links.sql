-- Links that invite whoever has them. A link is not an invitation: each use makes one (DESIGN.md section 3).
create table invite_links (
    workspace_id uuid not null constraint invite_links_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    category text not null,
    -- What it offers, as invitations do. It holds no role: a link to a role that is gone lets nobody in, and says so in the list.
    role_id uuid not null,
    role_name text not null,
    offer jsonb,
    customer_id text,
    token_hash bytea not null,
    made_at timestamptz not null default now(),
    -- Expired is no state that is stored: it is judged when it is read.
    valid_until timestamptz not null,
    -- How many may be in by it, or on their way; null for any number.
    most_uses integer,
    -- Only addresses of this domain join by it; null for all.
    mail_domain text,
    -- The maker may go; the link keeps the name.
    maker_id uuid not null,
    maker_name text not null,
    off_at timestamptz,
    off_by uuid,
    off_by_name text,
    constraint invite_links_pkey primary key (workspace_id, id),
    constraint invite_links_token_key unique (workspace_id, token_hash),
    constraint invite_links_category_check check (category in ('teammate', 'customer')),
    constraint invite_links_customer_check check (category = 'customer' or customer_id is null),
    constraint invite_links_most_uses_check check (most_uses between 1 and 10000),
    constraint invite_links_off_check check ((off_at is null) = (off_by_name is null))
);
create index invite_links_by_made on invite_links (workspace_id, category, made_at, id);

alter table invitations add constraint invitations_link_fkey foreign key (workspace_id, link_id)
    references invite_links (workspace_id, id);
-- Who came by a link, and how many of them count as uses.
create index invitations_by_link on invitations (workspace_id, link_id, invited_at, id) include (status, valid_until)
    where link_id is not null;
