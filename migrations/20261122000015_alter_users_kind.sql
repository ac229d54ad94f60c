-- Organization users and customers are users too; each list has its own, in each order.
alter table users drop constraint users_kind_check;
alter table users add constraint users_kind_check check (kind in ('teammate', 'organization', 'customer'));
alter table users add constraint users_kind_key unique (workspace_id, id, kind);
alter table users add column customer_id text;
alter table users add constraint users_customer_id_check check (customer_id is null or (kind = 'customer' and customer_id <> ''));

drop index users_by_name;
drop index users_by_email;
drop index users_by_joined;
create index users_by_name on users (workspace_id, kind, name_key, id) include (search_key, state);
create index users_by_email on users (workspace_id, kind, email_key, id) include (search_key, state);
create index users_by_joined on users (workspace_id, kind, joined_at, id) include (search_key, state);
create index users_by_customer_id on users (workspace_id, customer_id, id) where customer_id is not null;
create index users_teammates on users (workspace_id) where kind = 'teammate' and state = 'enabled';

create function rights_of_changed_user() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in
        select n.workspace_id, array_agg(n.id) from changed n join before b using (workspace_id, id)
        where (n.state, n.kind, n.email_key, n.customer_id) is distinct from (b.state, b.kind, b.email_key, b.customer_id)
        group by n.workspace_id
    loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;

create function rights_of_new_user() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in select workspace_id, array_agg(id) from changed group by workspace_id loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;

create trigger users_rights_insert after insert on users referencing new table as changed for each statement execute function rights_of_new_user();
create trigger users_rights_update after update on users referencing old table as before new table as changed for each statement execute function rights_of_changed_user();
create trigger users_rights_delete after delete on users referencing old table as changed for each statement execute function rights_of_new_user();

-- Each kind of user is counted for itself.
drop trigger users_tally_insert on users;
drop trigger users_tally_delete on users;
create function tally_users() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into tallies (workspace_id, kind, n)
            select workspace_id, 'users:' || kind, count(*) from changed group by workspace_id, kind
            on conflict (workspace_id, kind) do update set n = tallies.n + excluded.n;
    else
        update tallies set n = tallies.n - gone.n
            from (select workspace_id, kind, count(*) as n from changed group by workspace_id, kind) as gone
            where tallies.workspace_id = gone.workspace_id and tallies.kind = 'users:' || gone.kind;
    end if;
    return null;
end
$$;
update tallies set kind = 'users:teammate' where kind = 'users';
create trigger users_tally_insert after insert on users referencing new table as changed for each statement execute function tally_users();
create trigger users_tally_delete after delete on users referencing old table as changed for each statement execute function tally_users();
