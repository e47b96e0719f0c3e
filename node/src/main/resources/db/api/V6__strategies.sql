-- Strategies: named sets of client options. A version is what was published once; clients tell the
-- number of the version that they have. The same script for SQLite and PostgreSQL.
create table api_strategy (
  guid text primary key not null,
  org text not null references api_organization (guid),
  name text not null,
  name_key text not null,
  note text not null,
  enabled boolean not null,
  draft text not null,
  published bigint,
  created_at bigint not null,
  updated_at bigint not null,
  unique (org, name_key)
);

create table api_strategy_version (
  number bigint primary key not null,
  org text not null references api_organization (guid),
  strategy text not null,
  options text not null,
  published_by text not null
);

create index api_strategy_version_of_strategy on api_strategy_version (strategy, number);

alter table api_user add column strategy text;

insert into api_change (name, epoch) values ('strategy', 0);
