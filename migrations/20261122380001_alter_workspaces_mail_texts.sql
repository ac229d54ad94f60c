-- The workspace's own texts of its mails: kind → { subject, body }. What is not there, or empty, is the built-in text.
alter table workspaces
    add column mail_texts jsonb not null default '{}',
    add constraint workspaces_mail_texts_check check (jsonb_typeof(mail_texts) = 'object');
