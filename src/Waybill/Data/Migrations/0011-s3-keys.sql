-- Keys of the S3 endpoint beside the owner's. No secrets: they are derived from access keys. rights: a JSON list of buckets, prefixes and
-- access (1 read, 2 write, 3 both). The sequence 's3_keys' counts the changes.
create table s3_keys (
  access_key text not null primary key,
  name text not null,
  rights text not null,
  used_at bigint,
  created_at bigint not null
);
insert into sequences (name, next) values ('s3_keys', 0);
