-- The S3 endpoint: names for objects. {bytewise} orders a text by its UTF-8 bytes, as S3 lists keys.
-- details: content headers, user metadata and checksums as JSON; null where there are none.
-- put_by: the public name of a key, or product/device of the device whose temporary credentials were used; device_id: that one's.
-- max_objects, max_bytes: null is without limit.

create table s3_buckets (
  id {id},
  name text{bytewise} not null unique,
  cors text,
  max_objects bigint,
  max_bytes bigint,
  created_at bigint not null
);

-- What a bucket holds, counted in the transactions that change it. The sum of several rows: with one alone, PostgreSQL would let
-- puts into a bucket commit one after the other.
create table s3_usage (
  bucket_id bigint not null references s3_buckets (id),
  part smallint not null,
  objects bigint not null,
  bytes bigint not null,
  primary key (bucket_id, part)
){clustered};

create table s3_objects (
  bucket_id bigint not null references s3_buckets (id),
  key text{bytewise} not null,
  sha256 {bytes} not null,
  size bigint not null,
  etag text not null,
  modified_at bigint not null,
  details text,
  put_by text not null,
  device_id bigint references devices (id) on delete set null,
  primary key (bucket_id, key)
){clustered};

create index s3_objects_object on s3_objects (sha256);
-- carries what counting reads
create index s3_objects_device on s3_objects (device_id, bucket_id, key, size) where device_id is not null;

create table s3_uploads (
  id {id},
  bucket_id bigint not null references s3_buckets (id),
  key text{bytewise} not null,
  details text,
  put_by text not null,
  device_id bigint references devices (id) on delete set null,
  created_at bigint not null
);

create index s3_uploads_key on s3_uploads (bucket_id, key, id);
create index s3_uploads_created on s3_uploads (created_at);
create index s3_uploads_device on s3_uploads (device_id) where device_id is not null;

create table s3_parts (
  upload_id bigint not null references s3_uploads (id),
  number integer not null,
  sha256 {bytes} not null,
  md5 {bytes} not null,
  size bigint not null,
  checksum text,
  modified_at bigint not null,
  primary key (upload_id, number)
){clustered};

create index s3_parts_object on s3_parts (sha256);

-- What happened to an object, as JSON; null for what happened to a transfer.
alter table events add column object text;
