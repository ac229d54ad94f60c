//! Each page, address and server function, and who it lets in. What exists and is not listed here fails the tests of doors.

use portico::access::{
    Action::{self, Create, Delete, Download, Update, View},
    Feature::{self, Accounts, Apis, Billing, Settings, Team},
};

/// Whom a door lets in.
#[derive(Clone, Copy, Debug)]
pub enum Lets {
    /// Anybody: strangers have business here.
    Strangers,
    /// Whoever is signed in, for what is their own.
    Themselves,
    /// Who holds this.
    Holders(Action, Feature),
    /// Who holds all of these.
    HoldersOfAll(&'static [(Action, Feature)]),
    /// Who holds something of each of these.
    HoldersOfSome(&'static [&'static [(Action, Feature)]]),
    /// Machines with a key.
    Keys,
}
pub use Lets::{Holders, HoldersOfAll, HoldersOfSome, Keys, Strangers, Themselves};

impl Lets {
    /// The rights without each of which it stays closed; of several together, without all of them.
    pub fn needs(&self) -> Vec<Vec<(Action, Feature)>> {
        match self {
            Holders(action, feature) => vec![vec![(*action, *feature)]],
            HoldersOfAll(all) => all.iter().map(|right| vec![*right]).collect(),
            HoldersOfSome(sets) => sets.iter().map(|set| set.to_vec()).collect(),
            Strangers | Themselves | Keys => Vec::new(),
        }
    }
}

/// To say who gets access to APIs is to update them, and to see them.
const CHANGE_APIS: Lets = HoldersOfAll(&[(View, Apis), (Update, Apis)]);
/// To delete a role whose holders move is to update them.
const MOVE_HOLDERS: Lets = HoldersOfAll(&[(Delete, Team), (Update, Team)]);

/// Invitations of teammates are seen with the one right, those of customers and organization users with the other.
const SEE_INVITATIONS: &[(Action, Feature)] = &[(View, Team), (View, Accounts)];
const DOWNLOAD_INVITATIONS: &[(Action, Feature)] = &[(Download, Team), (Download, Accounts)];

/// Each address beside the pages.
pub const ADDRESSES: &[(&str, Lets)] = &[
    // Each server function for itself, below.
    ("/api/{function}", Strangers),
    ("/events", Themselves),
    ("/outbox/{id}/html", Holders(View, Settings)),
    ("/users/import", Holders(Create, Team)),
    ("/users/import/template.csv", Holders(Create, Team)),
    ("/users/import/{id}/result.csv", Holders(Create, Team)),
    ("/customers/import", Holders(Create, Accounts)),
    ("/customers/import/template.csv", Holders(Create, Accounts)),
    ("/customers/import/{id}/result.csv", Holders(Create, Accounts)),
    ("/roles/compare.csv", HoldersOfAll(&[(View, Team), (Download, Team)])),
    ("/invitations.csv", HoldersOfSome(&[SEE_INVITATIONS, DOWNLOAD_INVITATIONS])),
    ("/settings/invitations/{kind}/preview", Holders(View, Settings)),
    ("/pkg/{name}", Strangers),
    ("/healthz", Strangers),
    ("/readyz", Strangers),
    ("/metrics", Strangers),
    ("/.well-known/authzen-configuration", Strangers),
    ("/access/v1/evaluation", Keys),
    ("/access/v1/evaluations", Keys),
    ("/access/v1/search/subject", Keys),
    ("/access/v1/search/resource", Keys),
    ("/access/v1/search/action", Keys),
    ("/access/v1/gate", Keys),
    ("/access/v1/gate/", Keys),
    ("/access/v1/gate/{*path}", Keys),
];

/// Each page by its route.
pub const PAGES: &[(&str, Lets)] = &[
    ("/sign-in", Strangers),
    ("/setup/{token}", Strangers),
    ("/owner/{token}", Strangers),
    ("/join", Strangers),
    ("/join/{token}", Strangers),
    ("/gallery", Strangers),
    ("/", Themselves),
    ("/new-password", Themselves),
    ("/settings", Themselves),
    ("/access-requests/mine", Themselves),
    ("/access-requests/new", Themselves),
    ("/{*any}", Themselves),
    ("/users", Holders(View, Team)),
    ("/users/links", Holders(View, Team)),
    ("/customers/links", Holders(View, Accounts)),
    ("/users/{id}", Holders(View, Team)),
    ("/invitations", HoldersOfSome(&[SEE_INVITATIONS])),
    ("/invitations/{id}", HoldersOfSome(&[SEE_INVITATIONS])),
    ("/users/import", Holders(Create, Team)),
    ("/users/import/{id}", Holders(Create, Team)),
    ("/customers/import", Holders(Create, Accounts)),
    ("/customers/import/{id}", Holders(Create, Accounts)),
    ("/roles", Holders(View, Team)),
    ("/roles/new", Holders(Create, Team)),
    ("/roles/compare", Holders(View, Team)),
    ("/roles/{id}", Holders(View, Team)),
    ("/access-requests", Holders(Update, Team)),
    ("/access-requests/{id}", Holders(Update, Team)),
    ("/customers", Holders(View, Accounts)),
    ("/customers/{id}", Holders(View, Accounts)),
    ("/organizations", Holders(View, Accounts)),
    ("/organizations/{id}", Holders(View, Accounts)),
    ("/apis", Holders(View, Apis)),
    ("/apis/{id}", Holders(View, Apis)),
    ("/groups", Holders(View, Apis)),
    ("/groups/{id}", Holders(View, Apis)),
    ("/billing", Holders(View, Billing)),
    ("/outbox", Holders(View, Settings)),
    ("/settings/features", Holders(View, Settings)),
    ("/settings/regions", Holders(View, Settings)),
    ("/settings/invitations", Holders(View, Settings)),
];

/// The id of nothing.
pub const NIL: &str = "00000000-0000-0000-0000-000000000000";
/// What `THINGS` makes.
pub const INVITED: &str = "00000000-0000-0000-0000-0000000000ab";
pub const API: &str = "00000000-0000-0000-0000-0000000000a1";
pub const GROUP: &str = "00000000-0000-0000-0000-0000000000a2";
pub const ORGANIZATION: &str = "00000000-0000-0000-0000-0000000000a3";
const ROLE: &str = "00000000-0000-0000-0000-0000000000a4";
const HELD_ROLE: &str = "00000000-0000-0000-0000-0000000000a9";
pub const CUSTOMER: &str = "00000000-0000-0000-0000-0000000000a5";
const DEVELOPER: &str = "00000000-0000-0000-0000-0000000000a6";
pub const OTHER_API: &str = "00000000-0000-0000-0000-0000000000a7";
pub const GRANT: &str = "00000000-0000-0000-0000-0000000000a8";
const LINK: &str = "00000000-0000-0000-0000-0000000000ac";

/// One of each thing: what is not there is not found, whoever asks.
pub const THINGS: &str = "
    with ws as (select id as workspace_id from workspaces),
    api as (insert into apis select workspace_id, '00000000-0000-0000-0000-0000000000a1', 'tides', 'Tides' from ws returning *),
    region as (insert into api_regions select workspace_id, id, 'global' from api),
    other as (insert into apis select workspace_id, '00000000-0000-0000-0000-0000000000a7', 'winds', 'Winds' from ws returning *),
    elsewhere as (insert into api_regions select workspace_id, id, 'global' from other),
    kind as (insert into groups select workspace_id, '00000000-0000-0000-0000-0000000000a2', 'Pilots' from ws returning *),
    grant_of as (insert into api_access (workspace_id, id, api_id, group_id)
        select api.workspace_id, '00000000-0000-0000-0000-0000000000a8', api.id, kind.id from api, kind),
    company as (insert into organizations select workspace_id, '00000000-0000-0000-0000-0000000000a3', 'hansa', 'Hansa' from ws returning *),
    role as (insert into roles (workspace_id, id, category, name)
        select workspace_id, id::uuid, 'teammate', name from ws,
            (values ('00000000-0000-0000-0000-0000000000a4', 'Clerk'), ('00000000-0000-0000-0000-0000000000a9', 'Pilot')) as it (id, name)),
    invited as (insert into invitations
            (workspace_id, id, email, email_key, role_id, token_hash, inviter_id, inviter_name, valid_until, notified_at)
        select workspace_id, '00000000-0000-0000-0000-0000000000ab', 'ab@x.test', 'ab@x.test', '00000000-0000-0000-0000-000000000004',
            'x', (select id from users), 'Amara', now() + interval '1 day', now() from ws),
    link as (insert into invite_links
            (workspace_id, id, category, role_id, role_name, token_hash, valid_until, maker_id, maker_name)
        select workspace_id, '00000000-0000-0000-0000-0000000000ac', 'teammate', '00000000-0000-0000-0000-000000000004', 'Visitor',
            'x', now() + interval '1 day', (select id from users), 'Amara' from ws),
    people as (insert into users (workspace_id, id, kind, email, email_key, user_name, full_name)
        select workspace_id, ('00000000-0000-0000-0000-0000000000' || n)::uuid, kind, n || '@x.test', n || '@x.test', n, n
        from ws, (values ('a5', 'customer'), ('a6', 'organization'), ('aa', 'teammate')) as them (n, kind) returning *)
    insert into assignments (workspace_id, id, user_id, category, role_id, organization_id)
        select people.workspace_id, gen_random_uuid(), people.id, kind,
            case kind when 'customer' then '00000000-0000-0000-0000-000000000009'::uuid
                when 'teammate' then '00000000-0000-0000-0000-0000000000a9' else '00000000-0000-0000-0000-000000000008' end,
            case kind when 'organization' then company.id end
        from people, company";

/// What a server function is sent.
pub type Fields = &'static [(&'static str, &'static str)];

const NOTHING: Fields = &[];
const SEARCH: Fields = &[("query[q]", "")];
const INVITES: Fields = &[("form[rows][0][emails]", "x@y.test"), ("form[rows][0][role]", "member")];

/// Each server function by its name, with enough fields to be understood.
pub const FUNCTIONS: &[(&str, Lets, Fields)] = &[
    ("read-session", Strangers, NOTHING),
    ("sign-in", Strangers, NOTHING),
    ("sign-out", Strangers, NOTHING),
    ("open-owner-link", Strangers, NOTHING),
    ("set-up-owner", Strangers, NOTHING),
    ("open-invitation", Strangers, NOTHING),
    ("complete-setup", Strangers, NOTHING),
    ("note-opened", Strangers, NOTHING),
    ("ask-for-link", Strangers, NOTHING),
    ("open-link", Strangers, NOTHING),
    ("join", Strangers, NOTHING),
    ("choose-password", Themselves, &[("form[password]", ""), ("form[again]", "")]),
    ("read-dashboard", Themselves, NOTHING),
    ("choose-region", Themselves, &[("form[region]", "global")]),
    ("prepare-request", Themselves, &[("asked[action]", "view"), ("asked[feature]", "team")]),
    ("request-access", Themselves, &[("form[action]", "view"), ("form[feature]", "team"), ("form[days]", "none")]),
    ("list-own-requests", Themselves, SEARCH),
    ("list-users", Holders(View, Team), SEARCH),
    ("find-user", Holders(View, Team), &[("id", NIL)]),
    ("edit-user", Holders(Update, Team), &[("form[id]", NIL), ("form[full_name]", "x"), ("form[state]", "enabled")]),
    ("remove-user", Holders(Delete, Team), &[("form[id]", NIL)]),
    ("read-rights", Holders(View, Team), &[("user", NIL)]),
    ("read-rights-choices", Holders(Update, Team), &[("user", NIL), ("assignment", "")]),
    ("preview-rights", Holders(Update, Team), &[("form[user]", NIL), ("form[role]", "member")]),
    ("save-rights", Holders(Update, Team), &[("form[user]", NIL), ("form[role]", "member")]),
    ("take-rights", Holders(Update, Team), &[("form[user]", NIL), ("form[id]", NIL)]),
    ("why", Holders(View, Team), &[("query[user]", NIL), ("query[feature]", "team"), ("query[action]", "view")]),
    ("find-only-manager", Holders(View, Team), NOTHING),
    ("list-invitations", HoldersOfSome(&[SEE_INVITATIONS]), SEARCH),
    ("find-invitation", HoldersOfSome(&[SEE_INVITATIONS]), &[("id", INVITED)]),
    ("review-invitation", Holders(Create, Team), &[("form[id]", INVITED), ("form[verdict]", "accept")]),
    ("read-invite-choices", Holders(Create, Team), &[("kind", "teammate")]),
    ("search-invite-groups", Holders(Create, Team), &[("kind", "teammate")]),
    ("judge-invitations", Holders(Create, Team), INVITES),
    ("invite", Holders(Create, Team), INVITES),
    ("resend-to", Holders(Create, Team), &[("form[email]", "ab@x.test")]),
    ("activate-user", Holders(Create, Accounts), &[("form[id]", CUSTOMER)]),
    ("resend-invitation", Holders(Create, Team), &[("form[id]", INVITED)]),
    ("delete-invitation", Holders(Delete, Team), &[("form[id]", INVITED)]),
    ("resend-invitations", Holders(Create, Team), &[("form[ids][]", INVITED)]),
    ("delete-invitations", Holders(Delete, Team), &[("form[ids][]", INVITED)]),
    ("list-links", Holders(View, Team), &[("kind", "teammate"), ("query[q]", "")]),
    ("read-link-choices", Holders(Create, Team), &[("kind", "teammate")]),
    ("search-link-groups", Holders(Create, Team), &[("kind", "teammate")]),
    ("generate-link", Holders(Create, Team), &[("form[kind]", "teammate"), ("form[role]", "visitor")]),
    ("end-link", Holders(Create, Team), &[("form[id]", LINK)]),
    ("list-imports", Holders(Create, Team), &[("kind", "teammate")]),
    ("find-import", Holders(Create, Accounts), &[("kind", "customer"), ("id", NIL)]),
    ("list-import-rows", Holders(Create, Team), &[("kind", "teammate"), ("id", NIL), ("query[q]", "")]),
    ("start-import", Holders(Create, Team), &[("form[kind]", "teammate"), ("form[id]", NIL)]),
    ("cancel-import", Holders(Create, Accounts), &[("form[kind]", "customer"), ("form[id]", NIL)]),
    ("list-role-choices", Holders(View, Team), &[("category", "teammate")]),
    ("list-roles", Holders(View, Team), NOTHING),
    ("find-role", Holders(View, Team), &[("id", ROLE)]),
    ("draft-role", Holders(Create, Team), NOTHING),
    ("preview-role", Holders(Update, Team), &[("id", ROLE)]),
    ("preview-role-move", MOVE_HOLDERS, &[("id", HELD_ROLE), ("to", "member")]),
    ("create-role", Holders(Create, Team), &[("form[name]", "Role"), ("form[category]", "teammate")]),
    ("save-role", Holders(Update, Team), &[("form[id]", ROLE), ("form[name]", "Clerk")]),
    ("delete-role", MOVE_HOLDERS, &[("form[id]", HELD_ROLE), ("form[to]", "member")]),
    ("list-requests", Holders(Update, Team), SEARCH),
    ("count-open-requests", Holders(Update, Team), NOTHING),
    ("find-request", Holders(Update, Team), &[("id", NIL)]),
    ("approve-request", Holders(Update, Team), &[("form[id]", NIL)]),
    ("deny-request", Holders(Update, Team), &[("form[id]", NIL), ("form[answer]", "no")]),
    ("list-customers", Holders(View, Accounts), SEARCH),
    ("find-customer", Holders(View, Accounts), &[("id", CUSTOMER)]),
    ("count-matching-apis", Holders(View, Accounts), NOTHING),
    ("search-customer-groups", Holders(View, Accounts), NOTHING),
    ("preview-customer", Holders(Update, Accounts), &[("id", CUSTOMER)]),
    ("create-customer", Holders(Create, Accounts), &[("form[full_name]", "x")]),
    ("edit-customer", Holders(Update, Accounts), &[("form[id]", CUSTOMER), ("form[full_name]", "x")]),
    ("remove-customer", Holders(Delete, Accounts), &[("form[id]", CUSTOMER)]),
    ("list-organizations", Holders(View, Accounts), SEARCH),
    ("search-organizations", Holders(View, Accounts), NOTHING),
    ("find-organization", Holders(View, Accounts), &[("id", ORGANIZATION)]),
    ("list-organization-dependents", Holders(View, Accounts), &[("id", ORGANIZATION)]),
    ("create-organization", Holders(Create, Accounts), &[("form[name]", "Other")]),
    ("rename-organization", Holders(Update, Accounts), &[("form[id]", ORGANIZATION), ("form[name]", "Hansa")]),
    ("delete-organization", Holders(Delete, Accounts), &[("form[id]", ORGANIZATION)]),
    ("list-organization-users", Holders(View, Accounts), &[("id", ORGANIZATION), ("query[q]", "")]),
    ("list-organization-roles", Holders(View, Accounts), &[("id", ORGANIZATION)]),
    ("find-organization-user", Holders(View, Accounts), &[("id", ORGANIZATION), ("user", DEVELOPER)]),
    (
        "add-organization-user",
        Holders(Create, Accounts),
        &[
            ("form[full_name]", "x"),
            ("form[email]", "x@x.test"),
            ("form[role]", "developer"),
            ("form[organizations][]", ORGANIZATION),
        ],
    ),
    (
        "edit-organization-user",
        Holders(Update, Accounts),
        &[
            ("form[id]", DEVELOPER),
            ("form[full_name]", "x"),
            ("form[state]", "disabled"),
            ("form[organizations][]", ORGANIZATION),
        ],
    ),
    ("remove-organization-user", Holders(Delete, Accounts), &[("form[id]", DEVELOPER)]),
    ("list-apis", Holders(View, Apis), SEARCH),
    ("find-api", Holders(View, Apis), &[("id", API)]),
    ("list-access", Holders(View, Apis), &[("id", API), ("query[q]", "")]),
    ("create-api", Holders(Create, Apis), &[("form[name]", "x"), ("form[regions][]", "global")]),
    ("edit-api", Holders(Update, Apis), &[("form[id]", API), ("form[name]", "Tides"), ("form[regions][]", "global")]),
    ("delete-api", Holders(Delete, Apis), &[("form[id]", OTHER_API)]),
    ("preview-api", CHANGE_APIS, &[("id", API)]),
    ("add-access", Holders(Update, Apis), &[("form[id]", API), ("form[people][]", CUSTOMER)]),
    ("remove-access", Holders(Update, Apis), &[("form[id]", GRANT)]),
    ("revoke-all-access", Holders(Update, Apis), &[("form[id]", API)]),
    ("search-access-people", CHANGE_APIS, &[("q", "amara")]),
    ("search-access-groups", CHANGE_APIS, &[("q", "amara")]),
    ("search-access-apis", CHANGE_APIS, &[("q", "amara")]),
    ("list-groups", Holders(View, Apis), SEARCH),
    ("find-group", Holders(View, Apis), &[("id", GROUP)]),
    ("list-group-members", Holders(View, Apis), &[("id", GROUP), ("query[q]", "")]),
    ("list-group-apis", Holders(View, Apis), &[("id", GROUP), ("query[q]", "")]),
    ("create-group", Holders(Create, Apis), &[("form[name]", "x")]),
    ("edit-group", Holders(Update, Apis), &[("form[id]", GROUP), ("form[name]", "Pilots")]),
    ("add-group-members", Holders(Update, Apis), &[("form[id]", GROUP), ("form[people][]", CUSTOMER)]),
    ("remove-group-member", Holders(Update, Apis), &[("form[id]", GROUP), ("form[member]", CUSTOMER)]),
    ("add-group-apis", Holders(Update, Apis), &[("form[id]", GROUP), ("form[apis][]", API)]),
    ("preview-group", Holders(Update, Apis), &[("change[id]", GROUP)]),
    ("delete-group", Holders(Delete, Apis), &[("form[id]", GROUP)]),
    ("read-billing", Holders(View, Billing), NOTHING),
    ("list-outbox", Holders(View, Settings), &[("after", "")]),
    ("read-captured", Holders(View, Settings), &[("id", NIL)]),
    ("list-features", Holders(View, Settings), NOTHING),
    ("find-feature-use", Holders(View, Settings), &[("slug", "media")]),
    (
        "add-feature",
        Holders(Create, Settings),
        &[("form[name]", "x"), ("form[slug]", "x"), ("form[actions][]", "view")],
    ),
    (
        "edit-feature",
        Holders(Update, Settings),
        &[("form[name]", "Media library"), ("form[slug]", "media"), ("form[actions][]", "view")],
    ),
    ("delete-feature", Holders(Delete, Settings), &[("form[slug]", "none")]),
    ("list-regions", Holders(View, Settings), NOTHING),
    ("add-region", Holders(Create, Settings), &[("form[name]", ""), ("form[slug]", "x")]),
    ("rename-region", Holders(Update, Settings), &[("form[name]", "Global"), ("form[slug]", "global")]),
    ("read-invitation-settings", Holders(View, Settings), NOTHING),
    (
        "save-validity",
        Holders(Update, Settings),
        &[("form[mail]", ""), ("form[mail_unit]", ""), ("form[link]", ""), ("form[link_unit]", "")],
    ),
    ("save-registration", Holders(Update, Settings), NOTHING),
    ("save-mail-domains", Holders(Update, Settings), &[("form[domains]", "")]),
    ("save-sender", Holders(Update, Settings), &[("form[sender_name]", "")]),
    ("save-colour", Holders(Update, Settings), &[("form[colour]", "")]),
    ("save-mail-words", Holders(Update, Settings), &[("form[kind]", "none")]),
    ("send-test-mail", Holders(Update, Settings), &[("form[kind]", "none")]),
    ("delete-region", Holders(Delete, Settings), &[("form[slug]", "none")]),
];
