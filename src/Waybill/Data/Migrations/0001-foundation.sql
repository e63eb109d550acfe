-- One text for SQLite and PostgreSQL. {id} is the engine's 64-bit primary key, {bytes} its binary type; see the database classes.
-- Times are Unix milliseconds. States and kinds are the numbers of the enums of the same name.

create table sequences (
  name text not null primary key,
  next bigint not null
);
insert into sequences (name, next) values ('id', 1);

create table secrets (
  name text not null primary key,
  value {bytes} not null
);

create table products (
  id {id},
  name text not null unique,
  title text not null,
  dialects text not null,
  device_url text,
  disabled_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);

create table devices (
  id {id},
  product_id bigint not null references products (id),
  name text not null,
  secret text not null,
  previous_secret text,
  previous_secret_until bigint,
  tags text not null,
  disabled_at bigint,
  seen_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  unique (product_id, name)
);

create index devices_disabled on devices (disabled_at) where disabled_at is not null;

create table objects (
  sha256 {bytes} not null primary key,
  md5 {bytes} not null,
  size bigint not null,
  created_at bigint not null,
  unused_at bigint
);

create index objects_unused on objects (unused_at) where unused_at is not null;

-- device_id 0: a file of the product's library
create table files (
  id {id},
  product_id bigint not null references products (id),
  device_id bigint not null,
  name text not null,
  version text not null,
  type text not null,
  sha256 {bytes} not null,
  md5 {bytes} not null,
  size bigint not null,
  created_at bigint not null,
  unique (product_id, device_id, name, version)
);

create index files_object on files (sha256);

create table transfers (
  id {id},
  device_id bigint not null,
  kind smallint not null,
  name text not null,
  state smallint not null,
  step smallint not null,
  percent smallint not null,
  size bigint not null,
  md5 {bytes},
  version text,
  sha256 {bytes},
  attempts smallint not null,
  code bigint,
  reason text,
  report text,
  told smallint not null,
  created_at bigint not null,
  updated_at bigint not null,
  url_expires_at bigint not null,
  deadline_at bigint not null,
  due_at bigint,
  served {bytes}
);

-- Which transfers a device has had of a name; the highest id is the newest. Where the database is in the process, rows
-- beyond the sequence 'transfer_names' are not in here yet: they are merged in sorted bulk (docs/decisions/0004).
create table transfer_names (
  device_id bigint not null,
  kind smallint not null,
  name text not null,
  id bigint not null,
  primary key (device_id, kind, name, id)
){clustered};
insert into sequences (name, next) values ('transfer_names', {merged});

create index transfers_due on transfers (due_at) where due_at is not null;
create index transfers_to_device on transfers (device_id, id) where kind <> 0 and state < 10;
create index transfers_object on transfers (sha256) where sha256 is not null;

create table dead_messages (
  id {id},
  device_id bigint not null,
  dialect text not null,
  payload {bytes} not null,
  reason text not null,
  created_at bigint not null
);

create table mqtt_accounts (
  name text not null primary key,
  password_hash {bytes} not null,
  publish text not null,
  subscribe text not null,
  disabled_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);

create table idempotency_keys (
  key text not null primary key,
  request {bytes} not null,
  status integer not null,
  answer text not null,
  created_at bigint not null
);
