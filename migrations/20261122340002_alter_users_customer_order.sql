-- Whom an API's Customer IDs let in is listed by name, a page at a time.
drop index users_by_customer_id;
create index users_by_customer_id on users (workspace_id, customer_id, name_key, id) where customer_id is not null;
