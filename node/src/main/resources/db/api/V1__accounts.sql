-- Accounts of the HTTP API, the same script for SQLite and PostgreSQL. Times are milliseconds since 1970.
-- Guids are UUIDv7 text. A name_key is the name in NFKC and lower case: it carries uniqueness and order.
create table api_organization (
  guid text primary key not null,
  name text not null,
  name_key text not null unique,
  enabled boolean not null,
  created_at bigint not null
);

insert into api_organization (guid, name, name_key, enabled, created_at)
values ('00000000-0000-7000-8000-000000000001', 'default', 'default', true, 0);

create table api_user_group (
  guid text primary key not null,
  org text not null references api_organization (guid),
  name text not null,
  name_key text not null,
  note text not null,
  created_at bigint not null,
  unique (org, name_key)
);

insert into api_user_group (guid, org, name, name_key, note, created_at)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001',
  'Default', 'default', '', 0);

create table api_user (
  guid text primary key not null,
  org text not null references api_organization (guid),
  name text not null,
  name_key text not null,
  display_name text not null,
  email text not null,
  note text not null,
  enabled boolean not null,
  is_admin boolean not null,
  user_group text not null references api_user_group (guid),
  password_hash text,
  totp_secret text,
  totp_step bigint not null,
  totp_required boolean not null,
  last_login_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  unique (org, name_key)
);

create index api_user_of_group on api_user (user_group);

create table api_backup_code (
  org text not null references api_organization (guid),
  user_guid text not null references api_user (guid) on delete cascade,
  code_hash text not null,
  primary key (user_guid, code_hash)
);

create table api_token (
  guid text primary key not null,
  org text not null references api_organization (guid),
  token_hash text not null unique,
  user_guid text not null references api_user (guid) on delete cascade,
  device_id text not null,
  device_uuid text not null,
  client text not null,
  ip text not null,
  created_at bigint not null,
  last_used_at bigint not null
);

create index api_token_of_user on api_token (user_guid, last_used_at);

create table api_pending_login (
  secret_hash text primary key not null,
  org text not null references api_organization (guid),
  user_guid text not null references api_user (guid) on delete cascade,
  tries integer not null,
  expires_at bigint not null
);

create index api_pending_login_of_user on api_pending_login (user_guid);

create table api_login_failure (
  failure_key text primary key not null,
  org text not null references api_organization (guid),
  failures integer not null,
  last_at bigint not null,
  locked_until bigint not null
);

create index api_login_failure_by_age on api_login_failure (last_at);

create table api_invitation (
  guid text primary key not null,
  org text not null references api_organization (guid),
  token_hash text not null unique,
  name text not null,
  email text not null,
  user_group text not null references api_user_group (guid) on delete cascade,
  created_at bigint not null,
  expires_at bigint not null
);

-- One row for each node that started while there was no administrator.
create table api_setup_code (
  code_hash text primary key not null,
  org text not null references api_organization (guid),
  created_at bigint not null
);

create table api_device_group (
  guid text primary key not null,
  org text not null references api_organization (guid),
  name text not null,
  name_key text not null,
  note text not null,
  strategy text,
  created_at bigint not null,
  unique (org, name_key)
);

-- A device and what it tells of itself. The id is that of its registration and changes with it.
create table api_device (
  guid text primary key not null,
  org text not null references api_organization (guid),
  id text not null unique,
  uuid text not null,
  user_guid text references api_user (guid) on delete set null,
  device_group text references api_device_group (guid) on delete set null,
  strategy text,
  enabled boolean not null,
  approved boolean not null,
  name text not null,
  note text not null,
  hostname text not null,
  username text not null,
  os text not null,
  cpu text not null,
  memory text not null,
  version text not null,
  sysinfo_hash text not null,
  ip text not null,
  last_online_at bigint,
  deleted_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);

create index api_device_of_user on api_device (user_guid);
create index api_device_of_group on api_device (device_group);
create index api_device_in_order on api_device (org, id);
