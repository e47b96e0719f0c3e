-- New ids that were not seen after their first day; hbbs does not look at it. A row goes when the device
-- is seen later, or with its peer. Ids of hbbs and imported ones have none. Seconds since 1970.
create table if not exists new_peer (
  id varchar(100) primary key not null,
  stored integer not null
) without rowid;
