-- Whoever was given a password by somebody else chooses one of their own before anything.
alter table users add column must_change_password boolean not null default false;
