-- What names a feature beside a role is looked for when the feature is narrowed or deleted; most assignments give nothing beside.
create index assignments_beside_role on assignments (workspace_id) where permissions <> '{}';
