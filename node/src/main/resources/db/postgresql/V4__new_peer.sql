-- New ids that were not seen after their first day. A row goes when the device is seen later, or with
-- its peer. Ids that were there before, and imported ones, have none.
create table new_peer (
  id text collate "C" primary key,
  stored timestamptz not null default clock_timestamp()
);
