-- 10,000 users, 1,000 APIs and 500 groups in the default workspace, and a key that may ask (`key`, its text).
insert into regions (workspace_id, slug, name) select id, slug, upper(slug) from workspaces, unnest(array['eu', 'us']) as slug;
insert into apis (workspace_id, id, slug, name)
    select id, ('0b000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'api-' || n, 'API ' || n
    from workspaces, generate_series(1, 1000) as n;
insert into groups (workspace_id, id, name)
    select id, ('0c000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'Group ' || n
    from workspaces, generate_series(1, 500) as n;
insert into api_access (workspace_id, id, api_id, group_id)
    select id, gen_random_uuid(), ('0b000000-0000-0000-0000-' || lpad((n * k % 1000 + 1)::text, 12, '0'))::uuid,
        ('0c000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid
    from workspaces, generate_series(1, 500) as n, unnest(array[1, 2, 3, 4, 5]) as k
    on conflict do nothing;
insert into users (workspace_id, id, kind, email, email_key, user_name, full_name, password_hash)
    select id, ('0d000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'customer', 'user-' || n || '@bench.test',
        'user-' || n || '@bench.test', 'user-' || n || '@bench.test', 'User ' || n, ''
    from workspaces, generate_series(1, 10000) as n;
insert into assignments (workspace_id, id, user_id, category, role_id, all_apis)
    select workspace_id, gen_random_uuid(), id, 'customer', '00000000-0000-0000-0000-000000000009',
        right(id::text, 1)::int % 2 = 0 from users;
insert into group_members (workspace_id, group_id, user_id)
    select workspaces.id, ('0c000000-0000-0000-0000-' || lpad((n % 500 + 1)::text, 12, '0'))::uuid,
        ('0d000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid
    from workspaces, generate_series(1, 10000) as n;
insert into api_keys (workspace_id, id, name, token_hash, asks)
    select id, gen_random_uuid(), 'bench', sha256(convert_to(public_id || '.' || repeat('A', 43), 'UTF8')), true from workspaces;
select public_id || '.' || repeat('A', 43) as key from workspaces;
