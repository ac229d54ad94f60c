-- Customers and organization users can be made before they have a password: nobody signs in with none.
alter table users alter column password_hash drop not null;
