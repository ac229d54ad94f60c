-- Somebody who was refused asks for access.
create table access_requests (
    workspace_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    feature text not null,
    action text not null,
    region text,
    -- Why it is needed, in the person's words.
    reason text not null,
    -- For how many days it is wanted; null without end.
    days integer,
    status text not null default 'open',
    requested_at timestamptz not null default now(),
    decided_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    -- Why it was denied, in the approver's words.
    answer text,
    -- What was given.
    assignment_id uuid,
    constraint access_requests_pkey primary key (workspace_id, id),
    constraint access_requests_user_fkey foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade,
    constraint access_requests_action_check check (action in ('view', 'create', 'update', 'delete', 'download')),
    constraint access_requests_days_check check (days between 1 and 3650),
    constraint access_requests_status_check check (status in ('open', 'approved', 'denied')),
    constraint access_requests_decided_check check ((status = 'open') = (decided_at is null))
);

-- Asked once until it is decided.
create unique index access_requests_open_key on access_requests (workspace_id, user_id, feature, action, region) nulls not distinct
    where status = 'open';
create index access_requests_by_requested on access_requests (workspace_id, requested_at, id);
create index access_requests_open on access_requests (workspace_id, requested_at, id) where status = 'open';
create index access_requests_by_user on access_requests (workspace_id, user_id, requested_at);
