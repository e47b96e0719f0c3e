-- Address books, the same script for SQLite and PostgreSQL. A book is personal, with personal_of, or shared. Its
-- version grows by each change, which locks the row. bytes counts all entries, entries those that are not deleted.
create table api_address_book (
  guid text primary key not null,
  org text not null references api_organization (guid),
  personal_of text unique references api_user (guid) on delete cascade,
  owner text references api_user (guid) on delete set null,
  name text not null,
  name_key text not null,
  note text not null,
  password text not null,
  version bigint not null,
  entries integer not null,
  bytes bigint not null,
  deleted_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);

create unique index api_address_book_name on api_address_book (org, name_key)
  where personal_of is null and deleted_at is null;
create index api_address_book_of_owner on api_address_book (owner);
create index api_address_book_deleted on api_address_book (deleted_at) where deleted_at is not null;

-- hash and password are sealed, or empty. version and changed_by: the book's version when it was last changed, and
-- the token by which.
create table api_address_book_peer (
  book text not null references api_address_book (guid) on delete cascade,
  peer_id text not null,
  org text not null references api_organization (guid),
  alias text not null,
  hash text not null,
  password text not null,
  username text not null,
  hostname text not null,
  platform text not null,
  force_relay text not null,
  rdp_port text not null,
  rdp_username text not null,
  login_name text not null,
  device_group text not null,
  note text not null,
  same_server boolean,
  bytes integer not null,
  version bigint not null,
  changed_by text not null,
  deleted_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (book, peer_id)
);

create index api_address_book_peer_live on api_address_book_peer (book, peer_id) where deleted_at is null;
create index api_address_book_peer_deleted on api_address_book_peer (deleted_at) where deleted_at is not null;

create table api_address_book_tag (
  book text not null references api_address_book (guid) on delete cascade,
  name text not null,
  org text not null references api_organization (guid),
  color bigint not null,
  version bigint not null,
  changed_by text not null,
  created_at bigint not null,
  primary key (book, name)
);

create table api_address_book_peer_tag (
  book text not null,
  peer_id text not null,
  tag text not null,
  org text not null references api_organization (guid),
  primary key (book, peer_id, tag),
  foreign key (book, peer_id) references api_address_book_peer (book, peer_id) on delete cascade,
  foreign key (book, tag) references api_address_book_tag (book, name) on update cascade on delete cascade
);

create index api_address_book_peer_tag_of_tag on api_address_book_peer_tag (book, tag);

-- Who may use a shared book: a user, a user group, or everyone, which is neither. 1 read, 2 write, 3 full control.
create table api_address_book_rule (
  guid text primary key not null,
  org text not null references api_organization (guid),
  book text not null references api_address_book (guid) on delete cascade,
  user_guid text references api_user (guid) on delete cascade,
  user_group text references api_user_group (guid) on delete cascade,
  rule integer not null check (rule between 1 and 3),
  created_at bigint not null,
  check (user_guid is null or user_group is null)
);

create unique index api_address_book_rule_once
  on api_address_book_rule (book, coalesce(user_guid, ''), coalesce(user_group, ''));
create index api_address_book_rule_of_user on api_address_book_rule (user_guid);
create index api_address_book_rule_of_group on api_address_book_rule (user_group);

-- The version of the book that a client below 1.2.4 has read, which writes its whole copy back.
create table api_address_book_copy (
  token text primary key not null references api_token (guid) on delete cascade,
  org text not null references api_organization (guid),
  book text not null references api_address_book (guid) on delete cascade,
  version bigint not null
);

create index api_address_book_copy_of_book on api_address_book_copy (book);
