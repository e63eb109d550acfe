-- Devices that ask for their secret with their product's (dynamic registration). registration_made counts the devices that made
-- themselves and still exist; the policy is the number of RegistrationPolicy.

alter table products add column registration_policy smallint not null default 0;
alter table products add column registration_limit bigint;
alter table products add column registration_made bigint not null default 0;
alter table products add column registration_secret text;
alter table products add column previous_registration_secret text;
alter table products add column previous_registration_secret_until bigint;

alter table devices add column registered_at bigint;
alter table devices add column registration_open_until bigint;
alter table devices add column self_made smallint not null default 0;
