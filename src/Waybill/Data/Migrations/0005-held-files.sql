-- What kind of file a transfer moves, where the dialect has kinds.
alter table transfers add column type text;

-- What each device holds, by its own reports: JSON, [[name, version, type], …].
create table held_files (
  device_id bigint not null primary key,
  files text not null,
  changed_at bigint not null
);

-- How it came to that: each file that came, changed or went (version null), and when.
create table held_history (
  device_id bigint not null,
  changed_at bigint not null,
  name text not null,
  version text,
  type text not null,
  primary key (device_id, changed_at, name)
);
