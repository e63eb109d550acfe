-- What happened to transfers, in the order in which it is told (docs/decisions/0009). Rows are appended and never changed; the
-- id is the cursor. Kind and names stand in the transfer, the device and the product and do not change.
create table events (
  id {id},
  device_id bigint not null,
  transfer_id bigint not null,
  at bigint not null,
  state smallint not null,
  step smallint not null,
  percent smallint not null,
  code bigint,
  reason text
);

-- events: what is added to PostgreSQL's transaction ids; events_pruned: the highest id that is gone, the oldest valid cursor
insert into sequences (name, next) values ('events', 0);
insert into sequences (name, next) values ('events_pruned', 0);
