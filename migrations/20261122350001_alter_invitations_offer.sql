-- All that an invitation offers, what was said with it, and how far it has come (DESIGN.md section 3).
alter table invitations
    add constraint invitations_category_check check (category in ('teammate', 'organization', 'customer')),
    -- What the inviter knows of the name.
    add column full_name text not null default '',
    -- The assignment that is offered, its role aside, and the groups; null offers the role everywhere.
    add column offer jsonb,
    add column customer_id text,
    -- The inviter's own words, and the language of the mail.
    add column message text not null default '',
    add column language text not null default 'en',
    -- Null while nobody has been told: "Notify User" was not ticked (seed 001).
    add column notified_at timestamptz,
    -- When a person, not a scanner, was first at the link.
    add column opened_at timestamptz,
    add column reminded_at timestamptz,
    -- The link it came by.
    add column link_id uuid,
    -- What the invitee registered, while it waits for approval.
    add column registered_name text,
    add column registered_mobile text,
    add column registered_hash text,
    add constraint invitations_customer_check check (category = 'customer' or customer_id is null),
    add constraint invitations_waiting_check check ((status = 'waiting') = (registered_hash is not null and registered_name is not null));
update invitations set notified_at = invited_at;

-- The state machine: whoever writes, nothing but its steps can be written.
create function keep_to_the_states() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        -- A workspace that goes takes all with it.
        if old.status <> 'pending' and exists (select 1 from workspaces where id = old.workspace_id) then
            raise exception 'only pending and expired invitations are deleted' using errcode = 'check_violation', constraint = 'invitations_states';
        end if;
        return old;
    end if;
    if (old.status, new.status) not in (
            ('pending', 'approved'), ('pending', 'waiting'), ('waiting', 'approved'), ('waiting', 'rejected'),
            ('pending', 'inactivated'), ('rejected', 'inactivated'))
        or (old.status = 'pending' and new.status in ('approved', 'waiting') and old.valid_until <= clock_timestamp())
    then
        raise exception 'an invitation does not go from % to %', old.status, new.status
            using errcode = 'check_violation', constraint = 'invitations_states';
    end if;
    return new;
end
$$;
create trigger invitations_states_update before update of status on invitations
    for each row when (old.status <> new.status) execute function keep_to_the_states();
create trigger invitations_states_delete before delete on invitations for each row execute function keep_to_the_states();

-- What has happened to each, with who and when. It goes with its invitation; the audit log keeps its own.
create table invitation_events (
    workspace_id uuid not null,
    invitation_id uuid not null,
    id uuid not null,
    at timestamptz not null default clock_timestamp(),
    what text not null,
    -- Null where it happened by itself, or the invitee did it.
    by_id uuid,
    by_name text not null default '',
    -- The mail server's answer, or what holds an acceptance up.
    detail text not null default '',
    constraint invitation_events_pkey primary key (workspace_id, invitation_id, id),
    constraint invitation_events_invitation_fkey foreign key (workspace_id, invitation_id)
        references invitations (workspace_id, id) on delete cascade,
    constraint invitation_events_what_check check (what in (
        'invited', 'queued', 'sent', 'deferred', 'failed', 'opened', 'completed', 'accepted', 'denied', 'superseded', 'reminded',
        'asked', 'held'))
);

-- Seats are counted once for what one statement brings, not once for each row: ten thousand come with one paste.
drop trigger invitations_seats on invitations;
create function keep_invitations_to_seats() returns trigger language plpgsql as $$
declare
    ws uuid;
    most bigint;
begin
    for ws in select distinct workspace_id from changed where category = 'teammate' and status in ('pending', 'waiting') loop
        perform 1 from rights where workspace_id = ws for no key update;
        select seats into most from workspaces where id = ws;
        if seats_taken(ws, most + 1) > most then
            raise exception 'every seat is taken' using errcode = 'check_violation', constraint = 'workspaces_seats';
        end if;
    end loop;
    return null;
end
$$;
create trigger invitations_seats after insert on invitations
    referencing new table as changed for each statement execute function keep_invitations_to_seats();

-- Settings > Invitations.
alter table workspaces
    add column link_validity interval not null default interval '24 hours',
    add column auto_approval boolean not null default true,
    -- Only addresses of these domains are invited; empty for all.
    add column mail_domains text[] not null default '{}',
    -- How long before its end an invitation is reminded of; null for never.
    add column remind_before interval,
    -- What mails come from, beside the address; empty for the workspace's name.
    add column sender_name text not null default '',
    add column mobile_required boolean not null default false;

-- An invitation to activate an account that exists takes no second seat.
create or replace function seats_taken(ws uuid, most bigint) returns bigint language sql stable as $$
    select (select count(*) from (select 1 from users where workspace_id = ws and kind = 'teammate' and state = 'enabled' limit most) as active)
        + (select count(*) from (
            select 1 from invitations where workspace_id = ws and category = 'teammate' and user_id is null
                and (status = 'waiting' or (status = 'pending' and valid_until > now())) limit most
        ) as open)
$$;
