create table users (
    workspace_id uuid not null constraint users_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    kind text not null default 'teammate',
    email text not null,
    -- The address in its one normal form: what makes two spellings the same address.
    email_key text not null,
    user_name text not null,
    full_name text not null,
    mobile text,
    password_hash text not null,
    role text not null,
    state text not null default 'enabled',
    joined_at timestamptz not null default now(),
    last_seen_at timestamptz,
    name_key text not null generated always as (lower(full_name)) stored,
    -- What a search looks through; an address of another script is found as it is shown, too.
    search_key text not null generated always as (
        lower(full_name) || ' ' || email_key || case when lower(email) = email_key then '' else ' ' || lower(email) end
    ) stored,
    constraint users_pkey primary key (workspace_id, id),
    constraint users_email_key unique (workspace_id, email_key),
    constraint users_kind_check check (kind in ('teammate')),
    constraint users_role_check check (role in ('owner', 'administrator', 'member', 'visitor')),
    constraint users_state_check check (state in ('enabled', 'disabled'))
);

-- Each order has its index; it holds what a filter asks for, so that a search for something common, which walks the order
-- until it has found a page, reads the index alone.
create index users_by_name on users (workspace_id, name_key, id) include (search_key, state);
create index users_by_email on users (workspace_id, email_key, id) include (search_key, state);
create index users_by_joined on users (workspace_id, joined_at, id) include (search_key, state);
create index users_by_part on users using gin (workspace_id, search_key gin_trgm_ops);

-- The last active owner can go by no path: whoever writes to users, this refuses (PITFALLS.md 23). The row of the
-- workspace is locked first, so that two who each remove the other's last colleague come one after the other.
create function keep_an_owner() returns trigger language plpgsql as $$
begin
    if old.role = 'owner' and old.state = 'enabled'
        and (tg_op = 'DELETE' or new.role <> 'owner' or new.state <> 'enabled' or new.workspace_id <> old.workspace_id)
    then
        perform 1 from workspaces where id = old.workspace_id for no key update;
        if not found then
            -- The whole workspace goes.
            return coalesce(new, old);
        end if;
        perform 1 from users
            where workspace_id = old.workspace_id and role = 'owner' and state = 'enabled' and id <> old.id;
        if not found then
            raise exception 'the last active owner of a workspace stays' using errcode = 'check_violation', constraint = 'users_last_owner';
        end if;
    end if;
    return coalesce(new, old);
end
$$;

create trigger users_last_owner before update or delete on users for each row execute function keep_an_owner();
