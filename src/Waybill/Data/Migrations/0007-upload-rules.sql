-- What devices may upload, and how long it is kept: of a product (device_id 0), and of devices that have rules of their own.
-- Null: without limit. types: a JSON list. The sequence 'upload_rules' counts the changes.
create table upload_rules (
  product_id bigint not null references products (id) on delete cascade,
  device_id bigint not null,
  max_files bigint,
  max_bytes bigint,
  per_hour bigint,
  max_size bigint,
  types text,
  keep_days bigint,
  keep_newest bigint,
  updated_at bigint not null,
  primary key (product_id, device_id)
);
insert into sequences (name, next) values ('upload_rules', 0);

-- Uploads that devices with such rules have asked for: the open ones, and those of the last hour.
create table upload_asks (
  device_id bigint not null,
  id bigint not null,
  asked_at bigint not null,
  primary key (device_id, id)
){clustered};

-- Uploads whose bytes are kept, by device. It carries all that counting reads, so that counting reads no rows.
create index transfers_kept on transfers (device_id, created_at, size, kind, state, sha256)
  where kind = 0 and state = 10 and sha256 is not null;
