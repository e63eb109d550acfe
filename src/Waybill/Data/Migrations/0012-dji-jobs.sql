-- Conversations with docks about their logs. modules, lists, archives: JSON. A gateway has one open request at most.
create table log_requests (
  id {id},
  gateway_id bigint not null,
  modules text not null,
  state smallint not null,
  step smallint not null,
  command smallint not null,
  told_at bigint,
  tries smallint not null,
  lists text not null,
  archives text not null,
  code integer,
  reason text,
  report text,
  created_at bigint not null,
  updated_at bigint not null,
  deadline_at bigint not null,
  due_at bigint
);

create unique index log_requests_open on log_requests (gateway_id) where state < 10;
create index log_requests_gateway on log_requests (gateway_id, id);
create index log_requests_due on log_requests (due_at) where due_at is not null;

-- Upgrades of docks and their aircraft. targets: JSON. A gateway has one open upgrade at most.
create table upgrades (
  id {id},
  gateway_id bigint not null,
  targets text not null,
  state smallint not null,
  step smallint not null,
  stage text,
  percent smallint not null,
  rate bigint,
  writing smallint not null,
  claimed smallint not null,
  answered smallint not null,
  told_at bigint,
  code integer,
  reason text,
  report text,
  created_at bigint not null,
  updated_at bigint not null,
  deadline_at bigint not null,
  due_at bigint
);

create unique index upgrades_open on upgrades (gateway_id) where state < 10;
create index upgrades_gateway on upgrades (gateway_id, id);
create index upgrades_due on upgrades (due_at) where due_at is not null;

-- On what a message came, which with docks says what it is. Of those that were set aside before, the device's only topic.
alter table dead_messages add column topic text not null default '';
