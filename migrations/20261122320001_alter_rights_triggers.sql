-- Who held something before a row changed has lost it: updates concern the old rows as well as the new ones.
create function rights_of_user_update() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in
        select workspace_id, array_agg(distinct user_id)
        from (select workspace_id, user_id from before union select workspace_id, user_id from changed) as either
        where user_id is not null group by workspace_id
    loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;

drop trigger assignments_rights_update on assignments;
create trigger assignments_rights_update after update on assignments referencing old table as before new table as changed for each statement execute function rights_of_user_update();
create trigger group_members_rights_update after update on group_members referencing old table as before new table as changed for each statement execute function rights_of_user_update();

create function rights_of_access_update() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in
        select workspace_id, case when bool_and(user_id is not null) then array_agg(distinct user_id) end
        from (select workspace_id, user_id from before union select workspace_id, user_id from changed) as either
        group by workspace_id
    loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;

drop trigger api_access_rights_update on api_access;
create trigger api_access_rights_update after update on api_access referencing old table as before new table as changed for each statement execute function rights_of_access_update();

create function rights_of_assignment_update() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in
        select either.workspace_id, array_agg(distinct user_id)
        from (select workspace_id, assignment_id from before union select workspace_id, assignment_id from changed) as either
        join assignments on assignments.workspace_id = either.workspace_id and assignments.id = either.assignment_id
        group by either.workspace_id
    loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;

create trigger assignment_apis_rights_update after update on assignment_apis referencing old table as before new table as changed for each statement execute function rights_of_assignment_update();
create trigger api_customer_ids_rights_update after update on api_customer_ids referencing new table as changed for each statement execute function rights_of_all();
