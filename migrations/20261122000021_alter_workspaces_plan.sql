-- The plan, set by the operator; the seats of paid plans (seed 003: up to 50 teammates), adjustable on Enterprise.
alter table workspaces add column plan text not null default 'enterprise';
alter table workspaces add column seats integer not null default 50;
alter table workspaces add constraint workspaces_plan_check check (plan in ('free', 'pro', 'enterprise'));
alter table workspaces add constraint workspaces_seats_positive check (seats > 0);

-- Seats are active, pending and waiting teammates. One lock, one function, at the end of whatever takes a seat (PITFALLS.md 16).
create function seats_taken(ws uuid, most bigint) returns bigint language sql stable as $$
    select (select count(*) from (select 1 from users where workspace_id = ws and kind = 'teammate' and state = 'enabled' limit most) as active)
        + (select count(*) from (
            select 1 from invitations where workspace_id = ws and category = 'teammate'
                and (status = 'waiting' or (status = 'pending' and valid_until > now())) limit most
        ) as open)
$$;

create function keep_to_seats() returns trigger language plpgsql as $$
declare
    most bigint;
begin
    perform 1 from rights where workspace_id = new.workspace_id for no key update;
    select seats into most from workspaces where id = new.workspace_id;
    if seats_taken(new.workspace_id, most + 1) > most then
        raise exception 'every seat is taken' using errcode = 'check_violation', constraint = 'workspaces_seats';
    end if;
    return null;
end
$$;

create constraint trigger users_seats_insert after insert on users deferrable initially deferred
    for each row when (new.kind = 'teammate' and new.state = 'enabled') execute function keep_to_seats();
create constraint trigger users_seats_update after update of state, kind on users deferrable initially deferred
    for each row when (new.kind = 'teammate' and new.state = 'enabled' and (old.state, old.kind) is distinct from (new.state, new.kind))
    execute function keep_to_seats();
create constraint trigger invitations_seats after insert on invitations deferrable initially deferred
    for each row when (new.category = 'teammate') execute function keep_to_seats();
