-- The sender's name is fixed with the message, so that a repeated hand-over repeats the same mail; empty for the instance's own.
alter table messages add column from_name text not null default '';
