-- Who may control which device, the same script for SQLite and PostgreSQL. Times are milliseconds
-- since 1970. Each transaction that changes something here, or users, groups, tokens and devices,
-- adds 1 to the epoch of its organization.

-- Rules are never changed, only ended: who could reach a device last year stays a query.
create table api_access_rule (
  guid text primary key not null,
  org text not null references api_organization (guid),
  from_kind text not null check (from_kind in ('user', 'user_group', 'everyone')),
  from_guid text not null,
  to_kind text not null check (to_kind in ('user', 'user_group', 'device_group', 'device')),
  to_guid text not null,
  made_by text not null,
  created_at bigint not null,
  ended_by text,
  ended_at bigint
);

create unique index api_access_rule_once
  on api_access_rule (org, from_kind, from_guid, to_kind, to_guid) where ended_at is null;

-- The first one that has the controlling client's address decides; without one it is allowed.
create table api_network_rule (
  guid text primary key not null,
  org text not null references api_organization (guid),
  network text not null,
  allowed boolean not null,
  position bigint not null,
  created_at bigint not null
);

-- What a controlling user may do in a session: 13 permissions of 2 bits, as on the wire.
create table api_control_role (
  guid text primary key not null,
  org text not null references api_organization (guid),
  name text not null,
  name_key text not null,
  note text not null,
  enabled boolean not null,
  built_in text check (built_in in ('default', 'not_logged')),
  permissions bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (org, name_key)
);

insert into api_control_role
  (guid, org, name, name_key, note, enabled, built_in, permissions, created_at, updated_at)
values
  ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000001',
    'Default', 'default', '', true, 'default', 0, 0, 0),
  ('00000000-0000-7000-8000-000000000004', '00000000-0000-7000-8000-000000000001',
    'Not Logged', 'not logged', '', true, 'not_logged', 0, 0, 0);

alter table api_user
  add column control_role text references api_control_role (guid) on delete set null;

create index api_user_of_control_role on api_user (control_role);

-- Whether the users of a group reach each other's devices.
alter table api_user_group add column members_reach boolean not null default true;

-- "Switch sides": who has the code of a verifier may control the device for a while.
create table api_switch_grant (
  verifier text primary key not null,
  org text not null references api_organization (guid),
  device_id text not null,
  expires_at bigint not null
);

create index api_switch_grant_of_device on api_switch_grant (device_id);
create index api_switch_grant_by_age on api_switch_grant (expires_at);
