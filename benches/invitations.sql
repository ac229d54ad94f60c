-- 1,000,000 invitations of the only workspace, as years leave them: a tenth is open. One has a part in its address that no other has.
insert into invitations (workspace_id, id, email, email_key, category, role_id, status, token_hash, invited_at, valid_until,
        notified_at, completed_at, inviter_id, inviter_name, user_id)
    select users.workspace_id, gen_random_uuid(), address, address, 'teammate', '00000000-0000-0000-0000-000000000004',
        case when n % 10 = 0 then 'pending' else 'approved' end, sha256(address::bytea), at, at + interval '72 hours',
        at, case when n % 10 > 0 then at + interval '1 hour' end, users.id, users.full_name, case when n % 10 > 0 then gen_random_uuid() end
    from users, generate_series(1, 1000000) as n,
        lateral (select case when n = 500000 then 'quixotic' else 'person' end || n || '@'
            || (array['lumen', 'harbour', 'granite', 'juniper'])[n % 4 + 1] || '.test' as address,
            now() - n * interval '1 minute' as at) as each
    where users.full_name = 'Otto';
