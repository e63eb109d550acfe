-- Logs of many docks at once. filter, modules: JSON. state: that of a log request, 2 while targets are open.
create table log_campaigns (
  id {id},
  product_id bigint not null references products (id) on delete cascade,
  name text not null,
  filter text not null,
  modules text not null,
  since bigint,
  until bigint,
  most integer not null,
  state smallint not null,
  canceled_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  deadline_at bigint not null
);

create index log_campaigns_open on log_campaigns (id) where state < 10;

-- One dock of a campaign. log_id is given before the request is made, so that a restart finds it; due_at: when it is to be made, or tried
-- again; null once it follows its request.
create table log_campaign_targets (
  campaign_id bigint not null references log_campaigns (id) on delete cascade,
  gateway_id bigint not null references devices (id) on delete cascade,
  log_id bigint,
  state smallint not null,
  reason text,
  due_at bigint,
  updated_at bigint not null,
  primary key (campaign_id, gateway_id)
);

create index log_campaign_targets_open on log_campaign_targets (campaign_id, gateway_id) where state < 10;
create index log_campaign_targets_gateway on log_campaign_targets (gateway_id);
