-- Maintained counts: a list of a million rows is not counted when it is shown.
create table tallies (
    workspace_id uuid not null constraint tallies_workspace_id_fkey references workspaces (id) on delete cascade,
    kind text not null,
    n bigint not null,
    constraint tallies_pkey primary key (workspace_id, kind)
);

create function tally() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into tallies (workspace_id, kind, n)
            select workspace_id, tg_table_name, count(*) from changed group by workspace_id
            on conflict (workspace_id, kind) do update set n = tallies.n + excluded.n;
    else
        update tallies set n = tallies.n - gone.n
            from (select workspace_id, count(*) as n from changed group by workspace_id) as gone
            where tallies.workspace_id = gone.workspace_id and tallies.kind = tg_table_name;
    end if;
    return null;
end
$$;

create trigger users_tally_insert after insert on users referencing new table as changed for each statement execute function tally();
create trigger users_tally_delete after delete on users referencing old table as changed for each statement execute function tally();
create trigger invitations_tally_insert after insert on invitations referencing new table as changed for each statement execute function tally();
create trigger invitations_tally_delete after delete on invitations referencing old table as changed for each statement execute function tally();
