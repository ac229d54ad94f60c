-- Keys of machines. A key is shown once; only its hash is kept.
create table api_keys (
    workspace_id uuid not null constraint api_keys_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    name text not null,
    token_hash bytea not null,
    -- Whether it may ask the decision API.
    asks boolean not null default false,
    created_at timestamptz not null default now(),
    constraint api_keys_pkey primary key (workspace_id, id),
    constraint api_keys_token_key unique (workspace_id, token_hash)
);

create trigger api_keys_rights_insert after insert on api_keys referencing new table as changed for each statement execute function rights_of_all();
create trigger api_keys_rights_update after update on api_keys referencing new table as changed for each statement execute function rights_of_all();
create trigger api_keys_rights_delete after delete on api_keys referencing old table as changed for each statement execute function rights_of_all();
