-- Which database this is, so that nodes notice that they do not share one.
create table cluster_database (
  id uuid primary key default gen_random_uuid()
);

insert into cluster_database default values;
