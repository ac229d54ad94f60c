-- The version of a workspace's rights, and what changed with each. Whoever changes rights holds the row until they commit,
-- so that versions are seen in their order; a server compares the version with the one it has in memory.
create table rights (
    workspace_id uuid not null constraint rights_workspace_id_fkey references workspaces (id) on delete cascade,
    version bigint not null default 1,
    constraint rights_pkey primary key (workspace_id)
);

create table rights_changes (
    workspace_id uuid not null constraint rights_changes_workspace_id_fkey references workspaces (id) on delete cascade,
    version bigint not null,
    -- Whose rights changed; null where everybody's may have.
    users uuid[],
    constraint rights_changes_pkey primary key (workspace_id, version)
);

insert into rights (workspace_id) select id from workspaces;

create function rights_changed(ws uuid, whose uuid[]) returns void language plpgsql as $$
declare
    next bigint;
begin
    update rights set version = version + 1 where workspace_id = ws returning version into next;
    if not found then
        -- The whole workspace goes.
        return;
    end if;
    insert into rights_changes (workspace_id, version, users)
        values (ws, next, case when cardinality(whose) <= 1000 then whose end);
    perform pg_notify('portico_rights', ws || ' ' || next);
end
$$;

-- For tables whose rows are a matter of the whole workspace.
create function rights_of_all() returns trigger language plpgsql as $$
declare
    ws uuid;
begin
    for ws in select distinct workspace_id from changed loop
        perform rights_changed(ws, null);
    end loop;
    return null;
end
$$;

-- For tables whose rows are a user's.
create function rights_of_user() returns trigger language plpgsql as $$
declare
    ws uuid;
    whose uuid[];
begin
    for ws, whose in select workspace_id, array_agg(distinct user_id) from changed where user_id is not null group by workspace_id loop
        perform rights_changed(ws, whose);
    end loop;
    return null;
end
$$;
