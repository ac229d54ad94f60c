-- Only an invitation that may still be accepted or resent holds its role; one that has come to its end keeps the name of a
-- role that is gone. Without this no role that was ever offered could be deleted (PITFALLS.md 13).
alter table invitations drop constraint invitations_role_fkey;
alter table invitations add column live_role_id uuid generated always as (
    case when status in ('pending', 'waiting', 'rejected') then role_id end
) stored;
alter table invitations add column role_name text;
alter table invitations add constraint invitations_role_fkey foreign key (workspace_id, live_role_id, category)
    references roles (workspace_id, id, category);
drop index invitations_by_role;
create index invitations_by_role on invitations (workspace_id, live_role_id) where live_role_id is not null;
