-- A small workspace in which every way to a right occurs. Ids: 0a… organizations, 0b… APIs, 0c… groups, 0d… users.
insert into regions (workspace_id, slug, name)
    select id, slug, upper(slug) from workspaces, unnest(array['us', 'eu']) as slug;
insert into organizations (workspace_id, id, slug, name)
    select id, ('0a000000-0000-0000-0000-00000000000' || n)::uuid, slug, slug
    from workspaces, (values (1, 'acme'), (2, 'birch')) as it (n, slug);
insert into apis (workspace_id, id, slug, name)
    select id, ('0b000000-0000-0000-0000-00000000000' || n)::uuid, slug, slug
    from workspaces, (values (1, 'payments'), (2, 'orders'), (3, 'weather'), (4, 'maps')) as it (n, slug);
insert into api_customer_ids (workspace_id, api_id, customer_id)
    select id, '0b000000-0000-0000-0000-000000000003', 'C-7' from workspaces;
insert into groups (workspace_id, id, name)
    select id, '0c000000-0000-0000-0000-000000000001', 'Partners' from workspaces;
insert into roles (workspace_id, id, category, name, permissions)
    select id, '0e000000-0000-0000-0000-000000000001', 'teammate', 'Writer "W"',
        '{"documentation": ["view", "update"], "billing": ["view"]}' from workspaces;

create temporary table people (n int, who text, kind text, customer_id text, state text);
insert into people values
    (1, 'owner', 'teammate', null, 'enabled'),
    (2, 'visitor', 'teammate', null, 'enabled'),
    (3, 'member', 'teammate', null, 'enabled'),
    (4, 'gone', 'teammate', null, 'disabled'),
    (5, 'useditor', 'teammate', null, 'enabled'),
    (6, 'writer', 'teammate', null, 'enabled'),
    (7, 'chosen', 'teammate', null, 'enabled'),
    (8, 'partner', 'teammate', null, 'enabled'),
    (9, 'developer', 'organization', null, 'enabled'),
    (10, 'customer', 'customer', 'C-7', 'enabled'),
    (11, 'stranger', 'customer', 'c-7', 'enabled'),
    (12, 'ended', 'teammate', null, 'enabled'),
    (13, 'granted', 'customer', null, 'enabled');
insert into users (workspace_id, id, kind, email, email_key, user_name, full_name, password_hash, state, customer_id)
    select id, ('0d000000-0000-0000-0000-0000000000' || lpad(n::text, 2, '0'))::uuid, kind, who || '@town.test',
        who || '@town.test', who || '@town.test', who, '', state, customer_id
    from workspaces, people order by n;

create temporary table held (n int, role int, permissions jsonb, region text, organization text, all_apis boolean, until timestamptz);
insert into held values
    (1, 1, '{}', null, null, true, null),
    (2, 5, '{}', null, null, true, null),
    (3, 4, '{"apis": ["view"], "analytics": ["view", "download"]}', 'eu', null, false, null),
    (4, 2, '{}', null, null, true, null),
    (5, 2, '{}', 'us', null, true, null),
    (5, 5, '{}', 'eu', null, true, null),
    (6, 101, '{}', null, null, true, null),
    (7, 3, '{}', null, null, false, null),
    (8, 4, '{"apis": ["view"]}', null, null, false, null),
    (9, 8, '{}', null, '0a000000-0000-0000-0000-000000000001', false, null),
    (9, 8, '{}', 'eu', '0a000000-0000-0000-0000-000000000002', true, null),
    (10, 9, '{}', null, null, false, null),
    (11, 9, '{}', null, null, false, null),
    (12, 2, '{}', null, null, true, now() - interval '1 second'),
    (12, 4, '{}', 'eu', null, true, null),
    (13, 9, '{}', null, null, false, null);
insert into assignments (workspace_id, id, user_id, category, role_id, permissions, region, organization_id, all_apis, until)
    select workspaces.id, ('0f000000-0000-0000-0000-0000000000' || lpad((row_number() over ())::text, 2, '0'))::uuid,
        users.id, users.kind,
        case role when 101 then '0e000000-0000-0000-0000-000000000001'
            else ('00000000-0000-0000-0000-00000000000' || role) end::uuid,
        held.permissions, held.region, held.organization::uuid, held.all_apis, held.until
    from workspaces, held join users on users.full_name = (select who from people where people.n = held.n);
insert into assignment_apis (workspace_id, assignment_id, api_id)
    select a.workspace_id, a.id, '0b000000-0000-0000-0000-000000000001'
    from assignments a join users on users.id = a.user_id where users.full_name in ('chosen', 'developer') and not a.all_apis;
insert into group_members (workspace_id, group_id, user_id)
    select workspace_id, '0c000000-0000-0000-0000-000000000001', id from users where full_name in ('partner', 'developer');
insert into api_access (workspace_id, id, api_id, group_id)
    select id, gen_random_uuid(), '0b000000-0000-0000-0000-000000000002', '0c000000-0000-0000-0000-000000000001' from workspaces;
insert into api_access (workspace_id, id, api_id, user_id)
    select workspace_id, gen_random_uuid(), '0b000000-0000-0000-0000-000000000004', id from users where full_name in ('granted', 'member');
