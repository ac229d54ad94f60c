-- Built-in roles are rows too, so that what names a role can refer to one; what they permit is known to the program.
create table roles (
    workspace_id uuid not null constraint roles_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    category text not null,
    name text not null,
    name_key text not null generated always as (lower(name)) stored,
    built_in boolean not null default false,
    -- Actions by the feature's slug; of a custom role only.
    permissions jsonb not null default '{}',
    -- The template it was made from.
    template text,
    created_at timestamptz not null default now(),
    constraint roles_pkey primary key (workspace_id, id),
    constraint roles_category_key unique (workspace_id, id, category),
    constraint roles_name_key unique (workspace_id, name_key),
    constraint roles_category_check check (category in ('teammate', 'organization', 'customer')),
    constraint roles_permissions_check check (jsonb_typeof(permissions) = 'object' and (not built_in or permissions = '{}'))
);

-- What every workspace begins with.
create function furnish(ws uuid) returns void language sql as $$
    insert into rights (workspace_id) values (ws) on conflict do nothing;
    insert into regions (workspace_id, slug, name) values (ws, 'global', 'Global') on conflict do nothing;
    insert into features (workspace_id, slug, name, purpose, actions)
        select ws, slug, name, '', array['view', 'create', 'update', 'delete', 'download']
        from (values ('documentation', 'Documentation'), ('media', 'Media library'), ('api-testing', 'API testing')) as shipped (slug, name);
    insert into roles (workspace_id, id, category, name, built_in)
        select ws, ('00000000-0000-0000-0000-00000000000' || place)::uuid, category, name, true
        from (values
            (1, 'teammate', 'Owner'), (2, 'teammate', 'Administrator'), (3, 'teammate', 'API Owner'), (4, 'teammate', 'Member'),
            (5, 'teammate', 'Visitor'), (6, 'organization', 'Org Publisher'), (7, 'organization', 'Org Admin'),
            (8, 'organization', 'Developer'), (9, 'customer', 'Customer')
        ) as built_in (place, category, name);
$$;

select furnish(id) from workspaces;

create function furnish_workspace() returns trigger language plpgsql as $$
begin
    perform furnish(new.id);
    return null;
end
$$;

create trigger workspaces_furnish after insert on workspaces for each row execute function furnish_workspace();
create trigger roles_rights_insert after insert on roles referencing new table as changed for each statement execute function rights_of_all();
create trigger roles_rights_update after update on roles referencing new table as changed for each statement execute function rights_of_all();
create trigger roles_rights_delete after delete on roles referencing old table as changed for each statement execute function rights_of_all();
