-- hbbs's table in PostgreSQL's types. What is not hbbs's: ip, which hbbs keeps inside info. So info may
-- hold anything, and a moved peer touches no index.
create table peer (
  id text collate "C" primary key,
  guid bytea not null unique,
  uuid bytea not null,
  pk bytea not null,
  ip text not null default '',
  created_at timestamptz(0) not null default current_timestamp,
  "user" bytea,
  status bigint,
  note text,
  info text not null default '{}'
) with (fillfactor = 85);
