-- The last day on which each device was online. Devices that were known before count as in use on the day
-- of this migration.
create table peer_day (
  id text collate "C" primary key,
  day date not null
);

insert into peer_day (id, day) select id, current_date from peer;

-- What operators have changed for the whole cluster: lists, limits, the relays. The latest change holds;
-- milliseconds since 1970.
create table shared_rule (
  name text primary key,
  value text not null,
  changed bigint not null
);
