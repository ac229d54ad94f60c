-- What ends soon is given notice of, and what has just ended is told to open pages: both are found by their end alone.
drop index assignments_ending;
drop index api_access_ending;
create index assignments_by_until on assignments (until) where until is not null;
create index api_access_by_until on api_access (until) where until is not null;

-- Who may decide requests by what is given beside a role.
create index assignments_deciding on assignments (workspace_id, user_id) where permissions -> 'team' ? 'update';
