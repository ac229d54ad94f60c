-- The features that a workspace's own services enforce. The built-in ones are known to the program.
create table features (
    workspace_id uuid not null constraint features_workspace_id_fkey references workspaces (id) on delete cascade,
    -- Its name in questions, which never changes.
    slug text not null,
    name text not null,
    -- What it is, and who enforces it.
    purpose text not null default '',
    actions text[] not null,
    created_at timestamptz not null default now(),
    constraint features_pkey primary key (workspace_id, slug),
    constraint features_name_key unique (workspace_id, name),
    constraint features_slug_shape check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
    constraint features_slug_built_in check (
        slug not in ('team', 'accounts', 'apis', 'api-keys', 'analytics', 'billing', 'portal', 'settings', 'audit')
    ),
    constraint features_actions_check check (
        actions <@ array['view', 'create', 'update', 'delete', 'download'] and cardinality(actions) > 0
    )
);

create trigger features_rights_insert after insert on features referencing new table as changed for each statement execute function rights_of_all();
create trigger features_rights_update after update on features referencing new table as changed for each statement execute function rights_of_all();
create trigger features_rights_delete after delete on features referencing old table as changed for each statement execute function rights_of_all();
