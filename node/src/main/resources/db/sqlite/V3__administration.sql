-- The last day on which each device was online, in days since 1970; hbbs does not look at it. Devices that
-- were known before count as in use on the day of this migration.
create table if not exists peer_day (
  id varchar(100) primary key not null,
  day integer not null
) without rowid;

insert or ignore into peer_day (id, day) select id, unixepoch() / 86400 from peer;

-- What operators have changed: lists, limits, the relays. The latest change holds; milliseconds since 1970.
create table if not exists shared_rule (
  name varchar(100) primary key not null,
  value text not null,
  changed integer not null
) without rowid;
