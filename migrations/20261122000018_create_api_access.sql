-- A grant of one API to a user, a customer or a group.
create table api_access (
    workspace_id uuid not null,
    id uuid not null,
    api_id uuid not null,
    user_id uuid,
    group_id uuid,
    until timestamptz,
    given_at timestamptz not null default now(),
    given_by uuid,
    given_by_name text not null default '',
    end_announced boolean not null default false,
    constraint api_access_pkey primary key (workspace_id, id),
    constraint api_access_api_fkey foreign key (workspace_id, api_id) references apis (workspace_id, id) on delete cascade,
    constraint api_access_user_fkey foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade,
    constraint api_access_group_fkey foreign key (workspace_id, group_id) references groups (workspace_id, id) on delete cascade,
    constraint api_access_whose check ((user_id is null) <> (group_id is null)),
    constraint api_access_key unique nulls not distinct (workspace_id, api_id, user_id, group_id)
);

create index api_access_by_user on api_access (workspace_id, user_id, api_id) where user_id is not null;
create index api_access_by_group on api_access (workspace_id, group_id, api_id) where group_id is not null;
create index api_access_ending on api_access (until) where until is not null and not end_announced;

-- A grant to a group concerns all its members.
create function rights_of_access() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in
        select workspace_id, case when bool_and(user_id is not null) then array_agg(user_id) end from changed group by workspace_id
    loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;

create trigger api_access_rights_insert after insert on api_access referencing new table as changed for each statement execute function rights_of_access();
create trigger api_access_rights_update after update on api_access referencing new table as changed for each statement execute function rights_of_access();
create trigger api_access_rights_delete after delete on api_access referencing old table as changed for each statement execute function rights_of_access();
