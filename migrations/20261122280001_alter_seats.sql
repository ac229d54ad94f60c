-- Whoever accepts an invitation holds the seat that the invitation took: it is not refused to them, even where the plan has
-- shrunk since (PITFALLS.md 16).
create or replace function keep_to_seats() returns trigger language plpgsql as $$
declare
    most bigint;
begin
    if tg_table_name = 'users' and tg_op = 'INSERT' and exists (
        select 1 from invitations
        where workspace_id = new.workspace_id and email_key = new.email_key and not settled
            and user_id = new.id and status = 'approved' and category = 'teammate'
    ) then
        return null;
    end if;
    perform 1 from rights where workspace_id = new.workspace_id for no key update;
    select seats into most from workspaces where id = new.workspace_id;
    if seats_taken(new.workspace_id, most + 1) > most then
        raise exception 'every seat is taken' using errcode = 'check_violation', constraint = 'workspaces_seats';
    end if;
    return null;
end
$$;
