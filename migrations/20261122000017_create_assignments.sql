-- A user × role × scope (DESIGN.md section 1).
create table assignments (
    workspace_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    -- The user's kind and the role's category, which are the same: a role changes only within its category (seed 001).
    category text not null,
    -- None where only permissions are given.
    role_id uuid,
    -- What is given beyond the role: the areas ticked for a Member, or what was granted on request.
    permissions jsonb not null default '{}',
    -- Null: all regions, present and future.
    region text,
    -- Null: the whole workspace.
    organization_id uuid,
    -- All current and future APIs; else those in assignment_apis.
    all_apis boolean not null default true,
    until timestamptz,
    given_at timestamptz not null default now(),
    -- The giver may go; the assignment keeps the name.
    given_by uuid,
    given_by_name text not null default '',
    -- Whether notice of its end was given.
    end_announced boolean not null default false,
    constraint assignments_pkey primary key (workspace_id, id),
    constraint assignments_user_fkey foreign key (workspace_id, user_id, category)
        references users (workspace_id, id, kind) on delete cascade,
    constraint assignments_role_fkey foreign key (workspace_id, role_id, category) references roles (workspace_id, id, category),
    constraint assignments_region_fkey foreign key (workspace_id, region) references regions (workspace_id, slug),
    constraint assignments_organization_fkey foreign key (workspace_id, organization_id) references organizations (workspace_id, id),
    constraint assignments_permissions_check check (jsonb_typeof(permissions) = 'object'),
    constraint assignments_something check (role_id is not null or permissions <> '{}'),
    -- Ownership is of everything and for ever.
    constraint assignments_owner_whole check (
        role_id is distinct from '00000000-0000-0000-0000-000000000001'
        or (region is null and organization_id is null and all_apis and until is null)
    )
);

-- One role for each region and organization; what is granted on request comes beside it.
create unique index assignments_scope_key on assignments (workspace_id, user_id, region, organization_id) nulls not distinct
    where role_id is not null;
create index assignments_by_user on assignments (workspace_id, user_id);
create index assignments_by_role on assignments (workspace_id, role_id, user_id);
create index assignments_by_organization on assignments (workspace_id, organization_id, user_id) where organization_id is not null;
create index assignments_by_region on assignments (workspace_id, region) where region is not null;
create index assignments_ending on assignments (until) where until is not null and not end_announced;

create table assignment_apis (
    workspace_id uuid not null,
    assignment_id uuid not null,
    api_id uuid not null,
    constraint assignment_apis_pkey primary key (workspace_id, assignment_id, api_id),
    constraint assignment_apis_assignment_fkey foreign key (workspace_id, assignment_id)
        references assignments (workspace_id, id) on delete cascade,
    constraint assignment_apis_api_fkey foreign key (workspace_id, api_id) references apis (workspace_id, id) on delete cascade
);

create index assignment_apis_by_api on assignment_apis (workspace_id, api_id);

create trigger assignments_rights_insert after insert on assignments referencing new table as changed for each statement execute function rights_of_user();
create trigger assignments_rights_update after update on assignments referencing new table as changed for each statement execute function rights_of_user();
create trigger assignments_rights_delete after delete on assignments referencing old table as changed for each statement execute function rights_of_user();

create function rights_of_assignment() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in
        select changed.workspace_id, array_agg(distinct user_id) from changed
        join assignments on assignments.workspace_id = changed.workspace_id and assignments.id = changed.assignment_id
        group by changed.workspace_id
    loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;

create trigger assignment_apis_rights_insert after insert on assignment_apis referencing new table as changed for each statement execute function rights_of_assignment();
create trigger assignment_apis_rights_delete after delete on assignment_apis referencing old table as changed for each statement execute function rights_of_assignment();

insert into assignments (workspace_id, id, user_id, category, role_id)
    select users.workspace_id, gen_random_uuid(), users.id, 'teammate', roles.id
    from users join roles on roles.workspace_id = users.workspace_id and roles.built_in and roles.name_key = users.role;

-- The last active owner can go by no path: whoever writes, this refuses at the end of the transaction (PITFALLS.md 23). The
-- row of the rights is locked first, so that two who each remove the other's last colleague come one after the other.
drop trigger users_last_owner on users;
drop function keep_an_owner();

create function keep_an_owner() returns trigger language plpgsql as $$
begin
    perform 1 from rights where workspace_id = old.workspace_id for no key update;
    if found and not exists (
        select 1 from assignments join users on users.workspace_id = assignments.workspace_id and users.id = assignments.user_id
        where assignments.workspace_id = old.workspace_id and role_id = '00000000-0000-0000-0000-000000000001'
            and users.state = 'enabled'
    ) then
        raise exception 'the last active owner of a workspace stays' using errcode = 'check_violation', constraint = 'users_last_owner';
    end if;
    return null;
end
$$;

create constraint trigger assignments_last_owner after update or delete on assignments deferrable initially deferred
    for each row when (old.role_id = '00000000-0000-0000-0000-000000000001') execute function keep_an_owner();
create constraint trigger users_last_owner after update of state on users deferrable initially deferred
    for each row when (old.state = 'enabled' and new.state <> 'enabled') execute function keep_an_owner();

-- A user of an organization belongs to at least one, and only Developers to several (seed 001).
create function belong_to_organizations() returns trigger language plpgsql as $$
declare
    ws uuid := new.workspace_id;
    who uuid;
    held int;
    others boolean;
begin
    who := case tg_table_name when 'users' then (to_jsonb(new) ->> 'id')::uuid else (to_jsonb(new) ->> 'user_id')::uuid end;
    if not exists (select 1 from users where workspace_id = ws and id = who and kind = 'organization') then
        return null;
    end if;
    select count(distinct organization_id), bool_or(role_id <> '00000000-0000-0000-0000-000000000008')
        into held, others from assignments where workspace_id = ws and user_id = who and role_id is not null;
    if held = 0 then
        raise exception 'a user of an organization belongs to at least one' using errcode = 'check_violation', constraint = 'users_organization';
    end if;
    if held > 1 and others then
        raise exception 'only developers hold several organizations' using errcode = 'check_violation', constraint = 'assignments_one_organization';
    end if;
    return null;
end
$$;

create function left_organizations() returns trigger language plpgsql as $$
begin
    if exists (select 1 from users where workspace_id = old.workspace_id and id = old.user_id and kind = 'organization')
        and not exists (
            select 1 from assignments
            where workspace_id = old.workspace_id and user_id = old.user_id and organization_id is not null and role_id is not null
        )
    then
        raise exception 'a user of an organization belongs to at least one' using errcode = 'check_violation', constraint = 'users_organization';
    end if;
    return null;
end
$$;

create constraint trigger users_organization after insert on users deferrable initially deferred
    for each row when (new.kind = 'organization') execute function belong_to_organizations();
create constraint trigger assignments_organization after insert or update on assignments deferrable initially deferred
    for each row when (new.category = 'organization') execute function belong_to_organizations();
create constraint trigger assignments_left_organization after delete on assignments deferrable initially deferred
    for each row when (old.category = 'organization') execute function left_organizations();

drop index users_managers;
alter table users drop column role;
