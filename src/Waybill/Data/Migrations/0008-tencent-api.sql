-- What Tencent's cloud SDKs sign with, sealed; null where a key has none.
alter table api_keys add column tencent_secret text;

-- Places for bytes that come before their file does. devices: JSON, the row ids of whose files it will be, [] for the product's
-- library; size -1 where it was not told; sha256 and md5 once the bytes are there.
create table upload_slots (
  id {id},
  product_id bigint not null,
  devices text not null,
  name text not null,
  version text not null,
  size bigint not null,
  sha256 {bytes},
  md5 {bytes},
  expires_at bigint not null,
  unique (product_id, devices, name, version)
);

create index upload_slots_object on upload_slots (sha256) where sha256 is not null;
create index upload_slots_expired on upload_slots (expires_at);
