create table apis (
    workspace_id uuid not null constraint apis_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    -- Its name in questions, which never changes.
    slug text not null,
    name text not null,
    name_key text not null generated always as (lower(name)) stored,
    environment text not null default 'production',
    category text not null default '',
    created_at timestamptz not null default now(),
    constraint apis_pkey primary key (workspace_id, id),
    constraint apis_slug_key unique (workspace_id, slug),
    constraint apis_name_key unique (workspace_id, name_key),
    constraint apis_environment_check check (environment in ('production', 'staging', 'sandbox')),
    constraint apis_slug_shape check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$')
);

create index apis_by_name on apis (workspace_id, name_key, id);
create index apis_by_part on apis using gin (workspace_id, name_key gin_trgm_ops);

create table api_regions (
    workspace_id uuid not null,
    api_id uuid not null,
    region text not null,
    constraint api_regions_pkey primary key (workspace_id, api_id, region),
    constraint api_regions_api_fkey foreign key (workspace_id, api_id) references apis (workspace_id, id) on delete cascade,
    constraint api_regions_region_fkey foreign key (workspace_id, region) references regions (workspace_id, slug)
);

create index api_regions_by_region on api_regions (workspace_id, region, api_id);

-- The Customer IDs that an API serves. They are compared exactly (seed 002).
create table api_customer_ids (
    workspace_id uuid not null,
    api_id uuid not null,
    customer_id text not null,
    constraint api_customer_ids_pkey primary key (workspace_id, api_id, customer_id),
    constraint api_customer_ids_api_fkey foreign key (workspace_id, api_id) references apis (workspace_id, id) on delete cascade
);

create index api_customer_ids_by_customer on api_customer_ids (workspace_id, customer_id, api_id);

create trigger apis_rights_insert after insert on apis referencing new table as changed for each statement execute function rights_of_all();
create trigger apis_rights_update after update on apis referencing new table as changed for each statement execute function rights_of_all();
create trigger apis_rights_delete after delete on apis referencing old table as changed for each statement execute function rights_of_all();
create trigger apis_tally_insert after insert on apis referencing new table as changed for each statement execute function tally();
create trigger apis_tally_delete after delete on apis referencing old table as changed for each statement execute function tally();
create trigger api_customer_ids_rights_insert after insert on api_customer_ids referencing new table as changed for each statement execute function rights_of_all();
create trigger api_customer_ids_rights_delete after delete on api_customer_ids referencing old table as changed for each statement execute function rights_of_all();
