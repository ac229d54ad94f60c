-- Customers are found by their Customer ID, too, and listed in its order. A generated column is made anew, and with it what
-- stands on it.
alter table users drop column search_key;
alter table users add column search_key text not null generated always as (
    lower(full_name) || ' ' || email_key || case when lower(email) = email_key then '' else ' ' || lower(email) end
        || case when customer_id is null then '' else ' ' || lower(customer_id) end
) stored;

create index users_by_name on users (workspace_id, kind, name_key, id) include (search_key, state);
create index users_by_email on users (workspace_id, kind, email_key, id) include (search_key, state);
create index users_by_joined on users (workspace_id, kind, joined_at, id) include (search_key, state);
create index users_by_part on users using gin (workspace_id, search_key gin_trgm_ops);
-- Who has no Customer ID yet stands first.
create index users_by_customer_order on users (workspace_id, kind, (coalesce(customer_id, '')), id)
    include (search_key, state, customer_id) where kind = 'customer';

create index organizations_by_created on organizations (workspace_id, created_at, id) include (name_key);
