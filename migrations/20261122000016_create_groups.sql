create table groups (
    workspace_id uuid not null constraint groups_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    name text not null,
    name_key text not null generated always as (lower(name)) stored,
    created_at timestamptz not null default now(),
    constraint groups_pkey primary key (workspace_id, id),
    constraint groups_name_key unique (workspace_id, name_key)
);

create index groups_by_part on groups using gin (workspace_id, name_key gin_trgm_ops);

create table group_members (
    workspace_id uuid not null,
    group_id uuid not null,
    user_id uuid not null,
    added_at timestamptz not null default now(),
    constraint group_members_pkey primary key (workspace_id, group_id, user_id),
    constraint group_members_group_fkey foreign key (workspace_id, group_id) references groups (workspace_id, id) on delete cascade,
    constraint group_members_user_fkey foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade
);

create index group_members_by_user on group_members (workspace_id, user_id, group_id);

create trigger groups_rights_insert after insert on groups referencing new table as changed for each statement execute function rights_of_all();
create trigger groups_rights_update after update on groups referencing new table as changed for each statement execute function rights_of_all();
create trigger groups_rights_delete after delete on groups referencing old table as changed for each statement execute function rights_of_all();
create trigger groups_tally_insert after insert on groups referencing new table as changed for each statement execute function tally();
create trigger groups_tally_delete after delete on groups referencing old table as changed for each statement execute function tally();
create trigger group_members_rights_insert after insert on group_members referencing new table as changed for each statement execute function rights_of_user();
create trigger group_members_rights_delete after delete on group_members referencing old table as changed for each statement execute function rights_of_user();
