//! English: roles, features, actions, and why something is refused.

use crate::{
    access::{Action, BuiltIn, Category, Denial, Feature, Level},
    text::access::Access,
    ui::toast::{Deed, Thing},
};

pub const ACCESS: Access = Access {
    role: |role| match role {
        BuiltIn::Owner => "Owner",
        BuiltIn::Administrator => "Administrator",
        BuiltIn::ApiOwner => "API Owner",
        BuiltIn::Member => "Member",
        BuiltIn::Visitor => "Visitor",
        BuiltIn::OrgPublisher => "Org Publisher",
        BuiltIn::OrgAdmin => "Org Admin",
        BuiltIn::Developer => "Developer",
        BuiltIn::Customer => "Customer",
    },
    role_hint: |role| match role {
        BuiltIn::Owner => "Everything, and other owners",
        BuiltIn::Administrator => "Everything but owners",
        BuiltIn::ApiOwner => "Keeps APIs, their keys and their documentation",
        BuiltIn::Member => "Nothing until it is given",
        BuiltIn::Visitor => "Sees everything, changes nothing",
        BuiltIn::OrgPublisher => "Publishes APIs for an organization",
        BuiltIn::OrgAdmin => "Manages the users of their organization",
        BuiltIn::Developer => "Uses APIs for an organization",
        BuiltIn::Customer => "Uses the APIs that serve their Customer ID",
    },
    custom: "Custom",
    no_role: "No role",
    permits: |actions, features| {
        let s = |n: u32| if n == 1 { "" } else { "s" };
        format!("{actions} action{} on {features} feature{}", s(actions), s(features))
    },
    category: |category| match category {
        Category::Teammate => "Teammates",
        Category::Organization => "Organization users",
        Category::Customer => "Customers",
    },
    feature: |feature| match feature {
        Feature::Team => "Team management",
        Feature::Accounts => "Developer accounts & applications",
        Feature::Apis => "API management",
        Feature::ApiKeys => "API keys",
        Feature::Analytics => "Analytics and usage reports",
        Feature::Billing => "Billing",
        Feature::Portal => "Developer portal",
        Feature::Settings => "Account settings",
        Feature::Audit => "Audit",
    },
    feature_hint: |feature| match feature {
        Feature::Team => "Users, invitations and roles",
        Feature::Accounts => "Organizations, customers and registrations",
        Feature::Apis => "APIs, groups and access to APIs",
        Feature::ApiKeys => "Keys that machines use",
        Feature::Analytics => "Dashboards and usage reports",
        Feature::Billing => "Plans, seats and metered use",
        Feature::Portal => "Branding and registration",
        Feature::Settings => "Regions, features and the outbox",
        Feature::Audit => "Who did what, when, and why",
    },
    action: |action| match action {
        Action::View => "View",
        Action::Create => "Create",
        Action::Update => "Update",
        Action::Delete => "Delete",
        Action::Download => "Download",
    },
    level: |level| match level {
        Level::NoAccess => "No access",
        Level::View => "View",
        Level::ViewAndDownload => "View and download",
        Level::Edit => "Edit",
        Level::Full => "Full",
    },
    denial: |denial| match denial {
        Denial::UnknownSubject => "There is no such user",
        Denial::NotActive => "The account is not active",
        Denial::UnknownFeature => "There is no such feature",
        Denial::NotOffered => "The feature does not have this action",
        Denial::UnknownRegion => "There is no such region",
        Denial::UnknownOrganization => "There is no such organization",
        Denial::UnknownApi => "There is no such API",
        Denial::Role => "No role that is held permits it",
        Denial::Region => "It is permitted, but not in this region",
        Denial::RegionNotNamed => "It is permitted in some regions, but not in all",
        Denial::Organization => "It is permitted, but not for this organization",
        Denial::Api => "It is permitted, but this API is not reached",
    },
};

/// What was done to a thing.
pub fn done(thing: Thing, deed: Deed) -> String {
    let thing = match thing {
        Thing::Role => "Role",
        Thing::Group => "Group",
        Thing::Api => "API",
        Thing::Organization => "Organization",
        Thing::OrganizationUser => "User",
        Thing::Customer => "Customer",
        Thing::Region => "Region",
        Thing::Feature => "Feature",
        Thing::Rights => "Rights",
        Thing::Access => "Access",
        Thing::Request => "Request",
        Thing::Registration => "Registration",
    };
    let deed = match deed {
        Deed::Created => "created",
        Deed::Saved => "saved",
        Deed::Deleted => "deleted",
        Deed::Sent => "sent",
        Deed::Approved => "approved",
        Deed::Denied => "denied",
    };
    format!("{thing} {deed}.")
}
