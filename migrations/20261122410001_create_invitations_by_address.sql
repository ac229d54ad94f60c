-- What stands open or could be resent of an address, the newest first: every sending and every row of an import asks for it.
create index invitations_by_address on invitations (workspace_id, email_key, invited_at desc)
    where status in ('pending', 'waiting', 'rejected');
-- What activates an account, or would if it were sent again.
create index invitations_by_account on invitations (workspace_id, user_id)
    where user_id is not null and status in ('pending', 'waiting', 'rejected');
-- The seats that open invitations take: those whose time is over are passed by.
create index invitations_by_seat on invitations (workspace_id, status, valid_until)
    where category = 'teammate' and user_id is null and status in ('pending', 'waiting');
create or replace function seats_taken(ws uuid, most bigint) returns bigint language sql stable as $$
    select (select count(*) from (select 1 from users where workspace_id = ws and kind = 'teammate' and state = 'enabled' limit most) as active)
        + (select count(*) from (
            select 1 from invitations where workspace_id = ws and category = 'teammate' and user_id is null
                and status = 'waiting' limit most
        ) as waiting)
        + (select count(*) from (
            select 1 from invitations where workspace_id = ws and category = 'teammate' and user_id is null
                and status = 'pending' and valid_until > now() limit most
        ) as pending)
$$;
