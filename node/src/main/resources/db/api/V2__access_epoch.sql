create table api_access_epoch (org text primary key not null references api_organization (guid), epoch bigint not null);
insert into api_access_epoch (org, epoch) values ('00000000-0000-7000-8000-000000000001', 0);
