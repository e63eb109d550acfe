-- Sessions of applications that outlive their connections, and the server. They belong together by client_id without foreign keys:
-- what comes is written in the order in which the broker made it, and a part without its session is not read.
create table mqtt_sessions (
  client_id text not null primary key,
  version smallint not null,
  expiry bigint not null,
  user_name text,
  ends_at bigint,
  will_topic text,
  will_payload {bytes},
  will_properties {bytes},
  will_qos smallint,
  will_retain smallint,
  will_delay bigint,
  will_at bigint
);

create table mqtt_subscriptions (
  client_id text not null,
  filter text not null,
  qos smallint not null,
  no_local smallint not null,
  as_published smallint not null,
  handling smallint not null,
  identifier integer not null,
  primary key (client_id, filter)
){clustered};

-- Without a topic: the client has the message, only its number is needed.
create table mqtt_messages (
  client_id text not null,
  number bigint not null,
  topic text,
  payload {bytes},
  properties {bytes},
  qos smallint,
  retain smallint,
  expires_at bigint,
  primary key (client_id, number)
){clustered};

create table mqtt_packet_ids (
  client_id text not null,
  packet_id integer not null,
  primary key (client_id, packet_id)
){clustered};

create table mqtt_retained (
  topic text not null primary key,
  payload {bytes} not null,
  properties {bytes} not null,
  qos smallint not null,
  expires_at bigint
){clustered};

-- How far the events have come that sessions wait for; at most one row.
create table mqtt_event_mark (
  id smallint not null primary key,
  cursor bigint not null
);
