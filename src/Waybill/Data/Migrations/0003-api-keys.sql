-- Keys of the API beside the owner's. Only hashes; products: a JSON list of names, null for all.
create table api_keys (
  id {id},
  name text not null unique,
  role text not null,
  products text,
  content smallint not null,
  hash {bytes} not null,
  previous_hash {bytes},
  previous_until bigint,
  disabled_at bigint,
  used_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
