-- Devices that administrators manage. The epoch of an organization grows in each transaction that changes who may do
-- what; nodes read it to see that something has changed.
create table api_access_epoch (
  org text primary key not null references api_organization (guid),
  epoch bigint not null
);

insert into api_access_epoch (org, epoch) select guid, 1 from api_organization;

-- A name that an administrator gave to the device's user; when a second device of the same identity was last seen.
alter table api_device add column given_username text not null default '';
alter table api_device add column cloned_at bigint;

create index api_device_refused on api_device (org) where enabled = false or approved = false;
create index api_device_of_uuid on api_device (uuid);

-- Tokens of programs. Scopes are such as device:rw,user:r.
create table api_program_token (
  guid text primary key not null,
  org text not null references api_organization (guid),
  token_hash text not null unique,
  name text not null,
  name_key text not null,
  scopes text not null,
  created_at bigint not null,
  last_used_at bigint,
  expires_at bigint not null,
  unique (org, name_key)
);

create index api_device_deleted on api_device (org, deleted_at) where deleted_at is not null;
