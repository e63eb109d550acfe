-- What kind of file a transfer moves, where the dialect has kinds.
alter table transfers add column type text;

-- What each device holds, by its own reports: a line of name, version and type for each file, with tabs between them.
-- last_change is where its history begins.
create table held_files (
  device_id bigint not null primary key,
  files text not null,
  changed_at bigint not null,
  last_change bigint not null
);

-- How it came to that, in the same form; what went has no version. Rows are appended and never changed, and each names the one
-- before it of the same device: an index by device would cost every report a page of its own.
create table held_changes (
  id {id},
  device_id bigint not null,
  previous bigint not null,
  changed_at bigint not null,
  files text not null
);
