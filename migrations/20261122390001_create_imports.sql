-- Files of users and customers, from the upload to what became of each row.
create table imports (
    workspace_id uuid not null constraint imports_workspace_id_fkey references workspaces (id) on delete cascade,
    id uuid not null,
    kind text not null,
    state text not null default 'staging',
    -- Why it failed.
    ending text,
    file_name text not null,
    -- What the file was taken for, once it was read.
    encoding text not null default 'utf8',
    separator text not null default ',',
    -- Columns of the file that mean nothing here.
    ignored text[] not null default '{}',
    -- What happens to users who are there already: they are skipped, or get the role and the groups of the file.
    update_existing boolean not null default false,
    new_password boolean not null default false,
    -- The starter may go; the import keeps the name. It acts with the starter's rights as they are when it writes.
    starter_id uuid not null,
    starter_name text not null,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    -- Rows by their verdict, and how many new ones get a link to set a password.
    rows_new integer not null default 0,
    rows_update integer not null default 0,
    rows_same integer not null default 0,
    rows_skip integer not null default 0,
    rows_wrong integer not null default 0,
    links integer not null default 0,
    -- How far it has come.
    hashed integer not null default 0,
    written integer not null default 0,
    attempts integer not null default 0,
    constraint imports_pkey primary key (workspace_id, id),
    constraint imports_kind_check check (kind in ('teammate', 'customer')),
    constraint imports_state_check check (state in ('staging', 'checked', 'running', 'done', 'failed', 'cancelled')),
    constraint imports_ending_check check ((state = 'failed') = (ending is not null)),
    constraint imports_ended_check check ((state in ('done', 'failed', 'cancelled')) = (ended_at is not null))
);

create index imports_by_time on imports (workspace_id, kind, created_at, id);

create table import_rows (
    workspace_id uuid not null,
    import_id uuid not null,
    -- The row of the spreadsheet: the head is 1.
    n integer not null,
    email text not null,
    email_key text,
    full_name text not null,
    role text not null,
    groups text not null,
    customer_id text not null,
    -- Whether a password was given. It is sealed with the instance key until it is hashed, and erased then or when the import ends.
    with_password boolean not null,
    sealed_password bytea,
    password_hash text,
    verdict text not null default 'new',
    -- What is wrong, with which column; the detail is another row's number or a name in the file.
    flaw text,
    at_column text,
    detail text not null default '',
    -- What role and groups mean, and who it is.
    role_id uuid,
    group_ids uuid[] not null default '{}',
    user_id uuid,
    constraint import_rows_pkey primary key (workspace_id, import_id, n),
    constraint import_rows_import_fkey foreign key (workspace_id, import_id) references imports (workspace_id, id) on delete cascade,
    constraint import_rows_verdict_check check (verdict in ('new', 'update', 'same', 'skip', 'wrong')),
    constraint import_rows_wrong_check check ((verdict = 'wrong') = (flaw is not null))
);

create index import_rows_by_verdict on import_rows (workspace_id, import_id, verdict, n);

-- What is under way. The lock on the row is the claim: it ends with the connection of whoever works on it.
create table import_jobs (
    workspace_id uuid not null,
    import_id uuid not null,
    constraint import_jobs_pkey primary key (workspace_id, import_id),
    constraint import_jobs_import_fkey foreign key (workspace_id, import_id) references imports (workspace_id, id) on delete cascade
);

-- Seats are counted once in a transaction that makes many users: all of this runs at its end, when nothing changes any more.
create or replace function keep_to_seats() returns trigger language plpgsql as $$
declare
    most bigint;
begin
    if current_setting('portico.seats_kept', true) = new.workspace_id::text then
        return null;
    end if;
    if tg_table_name = 'users' and tg_op = 'INSERT' and exists (
        select 1 from invitations
        where workspace_id = new.workspace_id and email_key = new.email_key and not settled
            and user_id = new.id and status = 'approved' and category = 'teammate'
    ) then
        return null;
    end if;
    perform 1 from rights where workspace_id = new.workspace_id for no key update;
    select seats into most from workspaces where id = new.workspace_id;
    if seats_taken(new.workspace_id, most + 1) > most then
        raise exception 'every seat is taken' using errcode = 'check_violation', constraint = 'workspaces_seats';
    end if;
    perform set_config('portico.seats_kept', new.workspace_id::text, true);
    return null;
end
$$;
