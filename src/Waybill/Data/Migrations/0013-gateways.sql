-- What a product of docks answers with. dji_mode is the number of GatewayMode; dji_app_key, dji_app_license and binding codes are sealed
-- under the key 'kept-secrets'. login_user is unique over all products.
alter table products add column dji_mode smallint not null default 0;
alter table products add column dji_app_id text;
alter table products add column dji_app_key text;
alter table products add column dji_app_license text;
alter table products add column dji_ntp_host text;
alter table products add column dji_ntp_port integer;
alter table products add column dji_issuer text;
alter table products add column dji_bucket text;
alter table products add column login_user text;
alter table products add column login_hash {bytes};

create unique index products_login on products (login_user) where login_user is not null;

-- The serial number, where it identifies: the name of a device of a product with the dialect dji. Of devices that had the same before
-- it had to be unique the oldest keeps it.
alter table devices add column sn text;

update devices set sn = name
where product_id in (select id from products where dialects like '%"dji"%')
  and not exists (
    select 1 from devices older join products p on p.id = older.product_id
    where older.name = devices.name and older.id < devices.id and p.dialects like '%"dji"%'
  );

create unique index devices_sn on devices (sn) where sn is not null;

create table organizations (
  product_id bigint not null references products (id) on delete cascade,
  id text not null,
  name text not null,
  binding_code text not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (product_id, id)
);

create table bindings (
  product_id bigint not null references products (id) on delete cascade,
  sn text not null,
  organization_id text not null,
  callsign text not null,
  bound_at bigint not null,
  primary key (product_id, sn),
  foreign key (product_id, organization_id) references organizations (product_id, id) on delete cascade
);

create index bindings_organization on bindings (product_id, organization_id);

-- Who stands behind which gateway; each behind one at most.
create table gateway_members (
  device_id bigint not null primary key references devices (id) on delete cascade,
  gateway_id bigint not null references devices (id) on delete cascade,
  model_key text not null,
  link_index text not null,
  is_on smallint not null,
  seen_at bigint not null
);

create index gateway_members_gateway on gateway_members (gateway_id);

create table device_firmware (
  device_id bigint not null primary key references devices (id) on delete cascade,
  version text not null,
  seen_at bigint not null
);
