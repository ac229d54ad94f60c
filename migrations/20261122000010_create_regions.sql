create table regions (
    workspace_id uuid not null constraint regions_workspace_id_fkey references workspaces (id) on delete cascade,
    -- Its name in questions, which never changes.
    slug text not null,
    name text not null,
    created_at timestamptz not null default now(),
    constraint regions_pkey primary key (workspace_id, slug),
    constraint regions_name_key unique (workspace_id, name),
    constraint regions_slug_shape check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$')
);

insert into regions (workspace_id, slug, name) select id, 'global', 'Global' from workspaces;

create trigger regions_rights_insert after insert on regions referencing new table as changed for each statement execute function rights_of_all();
create trigger regions_rights_update after update on regions referencing new table as changed for each statement execute function rights_of_all();
create trigger regions_rights_delete after delete on regions referencing old table as changed for each statement execute function rights_of_all();

-- A workspace has a region, so that what is in all regions is somewhere.
create function keep_a_region() returns trigger language plpgsql as $$
begin
    perform 1 from rights where workspace_id = old.workspace_id for no key update;
    if found and not exists (select 1 from regions where workspace_id = old.workspace_id) then
        raise exception 'the last region of a workspace stays' using errcode = 'check_violation', constraint = 'regions_last';
    end if;
    return null;
end
$$;

create constraint trigger regions_last after delete on regions deferrable initially deferred for each row execute function keep_a_region();
