-- Temporary credentials of the S3 endpoint are not stored; this is what they are no longer good for. kind: 0 of a device, 1 of a job.
-- What was handed out up to revoked_at is dead.
create table s3_revocations (
  kind smallint not null,
  name text not null,
  revoked_at bigint not null,
  primary key (kind, name)
);
