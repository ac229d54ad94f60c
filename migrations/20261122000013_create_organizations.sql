create table organizations (
    workspace_id uuid not null constraint organizations_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    -- Its name in questions, which never changes.
    slug text not null,
    name text not null,
    name_key text not null generated always as (lower(name)) stored,
    created_at timestamptz not null default now(),
    constraint organizations_pkey primary key (workspace_id, id),
    constraint organizations_slug_key unique (workspace_id, slug),
    constraint organizations_name_key unique (workspace_id, name_key),
    constraint organizations_slug_shape check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$')
);

create index organizations_by_name on organizations (workspace_id, name_key, id);
create index organizations_by_part on organizations using gin (workspace_id, name_key gin_trgm_ops);

create trigger organizations_rights_insert after insert on organizations referencing new table as changed for each statement execute function rights_of_all();
create trigger organizations_rights_update after update on organizations referencing new table as changed for each statement execute function rights_of_all();
create trigger organizations_rights_delete after delete on organizations referencing old table as changed for each statement execute function rights_of_all();
create trigger organizations_tally_insert after insert on organizations referencing new table as changed for each statement execute function tally();
create trigger organizations_tally_delete after delete on organizations referencing old table as changed for each statement execute function tally();
