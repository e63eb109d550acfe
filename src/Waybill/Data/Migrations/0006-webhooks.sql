-- Where events are sent (docs/decisions/0010). 'position' is the cursor behind what was taken, 'version' counts what people changed:
-- what a courier did for an older one does not count. One node at a time delivers, as long as its claim lasts.
create table webhooks (
  id {id},
  name text not null unique,
  url text not null,
  secret text not null,
  product text,
  device text,
  states text,
  position bigint not null,
  failures integer not null,
  retry_at bigint,
  last_error text,
  paused_at bigint,
  paused_reason text,
  version bigint not null,
  claimed_by bigint not null,
  claimed_until bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);

-- 'events' 0 is a test
create table webhook_deliveries (
  id {id},
  webhook_id bigint not null,
  at bigint not null,
  first_event bigint not null,
  last_event bigint not null,
  events integer not null,
  attempt integer not null,
  status integer,
  duration integer not null,
  error text
);

create index webhook_deliveries_of on webhook_deliveries (webhook_id, id);
