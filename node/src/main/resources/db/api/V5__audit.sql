-- What happened: connections, files and alarms as devices tell of them, and what administrators did.
-- The same script for SQLite and PostgreSQL. Rows name users by guid and name, without a reference:
-- they outlive them. A session_id has 64 bits without a sign, here as a signed number.
create table api_audit_connection (
  guid text primary key not null,
  org text not null references api_organization (guid),
  device_id text not null,
  conn_id bigint not null,
  session_id bigint not null,
  ip text not null,
  peer_id text not null,
  peer_name text not null,
  kind integer,
  primary_auth integer,
  two_factor integer,
  user_guid text,
  user_name text not null,
  is_proven boolean not null,
  note text not null,
  created_at bigint not null,
  authorised_at bigint,
  heard_at bigint not null,
  ended_at bigint,
  ended_by text not null
);

create unique index api_audit_running on api_audit_connection (device_id, conn_id)
  where ended_at is null;
create index api_audit_connection_in_order on api_audit_connection (org, created_at);
create index api_audit_connection_of_device on api_audit_connection (device_id, session_id);

create table api_audit_file (
  guid text primary key not null,
  org text not null references api_organization (guid),
  device_id text not null,
  conn_id bigint not null,
  connection text,
  ip text not null,
  peer_id text not null,
  peer_name text not null,
  user_name text not null,
  is_proven boolean not null,
  direction integer not null,
  path text not null,
  is_file boolean not null,
  file_count bigint not null,
  files text not null,
  created_at bigint not null
);

create index api_audit_file_in_order on api_audit_file (org, created_at);

create table api_audit_alarm (
  guid text primary key not null,
  org text not null references api_organization (guid),
  device_id text not null,
  typ integer not null,
  info text not null,
  conn_id bigint not null,
  user_name text not null,
  created_at bigint not null
);

create index api_audit_alarm_in_order on api_audit_alarm (org, created_at);

create table api_audit_console (
  guid text primary key not null,
  org text not null references api_organization (guid),
  actor_guid text not null,
  actor text not null,
  ip text not null,
  typ integer not null,
  iop integer not null,
  target text not null,
  detail text not null,
  created_at bigint not null
);

create index api_audit_console_in_order on api_audit_console (org, created_at);

-- What was taken already, so that a post that comes twice is one row.
create table api_audit_nonce (
  device_id text not null,
  nonce text not null,
  org text not null references api_organization (guid),
  created_at bigint not null,
  primary key (device_id, nonce)
);

create index api_audit_nonce_by_age on api_audit_nonce (created_at);

-- Connections that an administrator ends; the device hears of it by its next heartbeat.
create table api_disconnect (
  device_id text not null,
  conn_id bigint not null,
  org text not null references api_organization (guid),
  ordered_by text not null,
  created_at bigint not null,
  primary key (device_id, conn_id)
);

-- Numbers that grow with each change, so that nodes see that there is one.
create table api_change (
  name text primary key not null,
  epoch bigint not null
);

insert into api_change (name, epoch) values ('disconnect', 0);

-- Work that one node at a time does.
create table api_job (
  name text primary key not null,
  claimed_until bigint not null
);

insert into api_job (name, claimed_until) values ('audit-retention', 0);

create index api_token_of_device on api_token (device_id, last_used_at);
