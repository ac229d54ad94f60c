-- The lists of APIs and groups by when they were made; and what a Customer ID can be, whoever writes it (seed 002).
create index apis_by_created on apis (workspace_id, created_at, id);
create index groups_by_created on groups (workspace_id, created_at, id);
alter table api_customer_ids add constraint api_customer_ids_shape
    check (char_length(customer_id) between 1 and 100 and customer_id = btrim(customer_id));
