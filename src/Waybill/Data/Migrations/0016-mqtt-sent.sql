-- what was sent is repeated after a restart as a repetition; what was not may still expire
alter table mqtt_messages add column sent smallint not null default 1;
