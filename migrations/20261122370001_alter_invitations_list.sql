-- The list shows what its reader may see: kinds of users, or those of single organizations. Each order has its index, which holds
-- what filters ask for.
alter table invitations add column organization_id uuid generated always as ((offer #>> '{assignment,organization}')::uuid) stored;
drop index invitations_by_invited, invitations_by_valid, invitations_by_email, invitations_by_status;
create index invitations_by_invited on invitations (workspace_id, category, invited_at, id) include (search_key, status, valid_until)
    where not settled;
create index invitations_by_valid on invitations (workspace_id, category, valid_until, id) include (search_key, status) where not settled;
create index invitations_by_email on invitations (workspace_id, category, email_key, id) include (search_key, status, valid_until)
    where not settled;
create index invitations_by_status on invitations (workspace_id, category, status, invited_at, id) include (search_key, valid_until)
    where not settled;
-- Few are still pending when their time is over or near: they are found without reading the many that are not.
create index invitations_by_end on invitations (workspace_id, category, status, valid_until, id) include (search_key, invited_at)
    where not settled;
create index invitations_by_organization on invitations (workspace_id, organization_id, invited_at, id)
    include (search_key, status, valid_until) where not settled and organization_id is not null;

-- Counted by kind, as users are.
drop trigger invitations_tally_insert on invitations;
drop trigger invitations_tally_delete on invitations;
create function tally_invitations() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into tallies (workspace_id, kind, n)
            select workspace_id, 'invitations:' || category, count(*) from changed where not settled group by workspace_id, category
            on conflict (workspace_id, kind) do update set n = tallies.n + excluded.n;
    else
        update tallies set n = tallies.n - gone.n
            from (select workspace_id, category, count(*) as n from changed where not settled group by workspace_id, category) as gone
            where tallies.workspace_id = gone.workspace_id and tallies.kind = 'invitations:' || gone.category;
    end if;
    return null;
end
$$;
delete from tallies where kind = 'invitations';
insert into tallies (workspace_id, kind, n)
    select workspace_id, 'invitations:' || category, count(*) from invitations where not settled group by workspace_id, category;
create trigger invitations_tally_insert after insert on invitations
    referencing new table as changed for each statement execute function tally_invitations();
create trigger invitations_tally_delete after delete on invitations
    referencing old table as changed for each statement execute function tally_invitations();
