-- The S3 endpoint: names for objects. {bytewise} orders a text by its UTF-8 bytes, as S3 lists keys.
-- details: content headers, user metadata and checksums as JSON; null where there are none.

create table s3_buckets (
  id {id},
  name text{bytewise} not null unique,
  cors text,
  created_at bigint not null
);

create table s3_objects (
  bucket_id bigint not null references s3_buckets (id),
  key text{bytewise} not null,
  sha256 {bytes} not null,
  size bigint not null,
  etag text not null,
  modified_at bigint not null,
  details text,
  primary key (bucket_id, key)
){clustered};

create index s3_objects_object on s3_objects (sha256);

create table s3_uploads (
  id {id},
  bucket_id bigint not null references s3_buckets (id),
  key text{bytewise} not null,
  details text,
  created_at bigint not null
);

create index s3_uploads_key on s3_uploads (bucket_id, key, id);
create index s3_uploads_created on s3_uploads (created_at);

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
