-- An invitation offers any role, custom ones included; a role that an invitation names cannot be deleted (PITFALLS.md 13).
alter table invitations add column category text not null default 'teammate';
alter table invitations add column role_id uuid;
update invitations set role_id = roles.id from roles
    where roles.workspace_id = invitations.workspace_id and roles.built_in and roles.name_key = invitations.role;
alter table invitations alter column role_id set not null;
alter table invitations drop column role;
alter table invitations add constraint invitations_role_fkey foreign key (workspace_id, role_id, category)
    references roles (workspace_id, id, category);
create index invitations_by_role on invitations (workspace_id, role_id) where status in ('pending', 'waiting');
