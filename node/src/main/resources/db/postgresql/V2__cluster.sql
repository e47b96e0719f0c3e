-- Who is in which cluster. A row is kept fresh by its node; times are those of the database's clock.
create table cluster_member (
  cluster text not null,
  address text not null,
  incarnation uuid not null,
  started timestamptz not null default clock_timestamp(),
  heartbeat timestamptz not null default clock_timestamp(),
  primary key (cluster, address)
);

-- What only one side of a cut network may have. An owner is one life of a node.
create table cluster_lease (
  name text primary key,
  owner text not null,
  expires timestamptz not null
);

-- The key pair that all nodes of a cluster sign with: a secret, in hbbs's format.
create table cluster_key (
  cluster text primary key,
  secret text not null,
  stored timestamptz not null default clock_timestamp()
);
