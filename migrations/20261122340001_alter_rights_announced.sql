-- That notice of an end was given changes nobody's rights: of an update, what counts is what is else than before.
create or replace function rights_of_user_update() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in
        with was as (select workspace_id, user_id, to_jsonb(before) - 'end_announced' as held from before),
        is_now as (select workspace_id, user_id, to_jsonb(changed) - 'end_announced' as held from changed),
        either as ((table was except table is_now) union all (table is_now except table was))
        select workspace_id, array_agg(distinct user_id) from either where user_id is not null group by workspace_id
    loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;

create or replace function rights_of_access_update() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in
        with was as (select workspace_id, user_id, to_jsonb(before) - 'end_announced' as held from before),
        is_now as (select workspace_id, user_id, to_jsonb(changed) - 'end_announced' as held from changed),
        either as ((table was except table is_now) union all (table is_now except table was))
        select workspace_id, case when bool_and(user_id is not null) then array_agg(distinct user_id) end
        from either group by workspace_id
    loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;
