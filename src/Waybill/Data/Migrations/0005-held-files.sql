-- What kind of file a transfer moves, where the dialect has kinds.
alter table transfers add column type text;

-- What each device holds, by its own reports: JSON, [[name, version, type], …].
create table held_files (
  device_id bigint not null primary key,
  files text not null,
  reported_at bigint not null
);
