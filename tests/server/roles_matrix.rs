//! Seed 003's permission matrix, cell by cell, through the one decision.

use std::collections::BTreeMap;

use portico::{
    access::{
        AccessSnapshot, Action, Actions, AssignmentFacts, BuiltIn, Category, FeatureFacts, Permissions, Question,
        RegionFacts, RoleFacts, SubjectFacts, Template, WorkspaceFacts, decide,
    },
    roles::model::Glance,
};
use uuid::Uuid;

/// A column of the matrix.
#[derive(Clone, Copy)]
enum Column {
    Administrator,
    Visitor,
    CustomDeveloper,
    CustomFinance,
}

/// The id of the custom role under test.
const CUSTOM: Uuid = Uuid::from_u128(0xc0ffee);

/// Whether who holds the column's role, and nothing else, may do everything that the row needs.
fn may(column: Column, row: Glance) -> bool {
    let permissions = |template: Template| -> Permissions { template.permissions() };
    let (role, custom) = match column {
        Column::Administrator => (BuiltIn::Administrator.id(), BTreeMap::new()),
        Column::Visitor => (BuiltIn::Visitor.id(), BTreeMap::new()),
        Column::CustomDeveloper => (CUSTOM, permissions(Template::Developer)),
        Column::CustomFinance => (CUSTOM, permissions(Template::Finance)),
    };
    let shipped = |slug: &str| FeatureFacts { slug: slug.into(), name: slug.into(), actions: Actions::ALL };
    let snapshot = AccessSnapshot::new(WorkspaceFacts {
        features: ["documentation", "media", "api-testing"].map(shipped).to_vec(),
        regions: vec![RegionFacts { slug: "global".into(), name: "Global".into() }],
        roles: vec![RoleFacts { id: CUSTOM, name: "Custom".into(), category: Category::Teammate, permissions: custom }],
        ..WorkspaceFacts::default()
    });
    let subject = snapshot.subject(&SubjectFacts {
        id: Uuid::from_u128(1),
        email_key: "zofia@kestrel.test".into(),
        active: true,
        category: Category::Teammate,
        customer_id: None,
        assignments: vec![AssignmentFacts { role: Some(role), ..AssignmentFacts::everywhere(BuiltIn::Member) }],
        groups: Vec::new(),
        grants: Vec::new(),
    });
    let (feature, needed) = row.needs();
    let allowed = |action: Action| decide(&snapshot, &subject, &Question::new(action, feature, 0)).allowed();
    needed.iter().all(allowed)
}

macro_rules! matrix_of_003 {
    ($($name:ident: $column:ident, $row:ident, $expected:literal;)*) => {$(
        #[test]
        fn $name() {
            assert_eq!(may(Column::$column, Glance::$row), $expected);
        }
    )*};
}

matrix_of_003! {
    matrix_003_create_api_keys_administrator_yes: Administrator, CreateApiKeys, true;
    matrix_003_create_api_keys_visitor_no: Visitor, CreateApiKeys, false;
    matrix_003_create_api_keys_custom_developer_yes: CustomDeveloper, CreateApiKeys, true;
    matrix_003_create_api_keys_custom_finance_no: CustomFinance, CreateApiKeys, false;

    matrix_003_view_analytics_administrator_yes: Administrator, ViewAnalytics, true;
    matrix_003_view_analytics_visitor_yes: Visitor, ViewAnalytics, true;
    matrix_003_view_analytics_custom_developer_yes: CustomDeveloper, ViewAnalytics, true;
    matrix_003_view_analytics_custom_finance_yes: CustomFinance, ViewAnalytics, true;

    matrix_003_download_reports_administrator_yes: Administrator, DownloadReports, true;
    matrix_003_download_reports_visitor_no: Visitor, DownloadReports, false;
    matrix_003_download_reports_custom_developer_no: CustomDeveloper, DownloadReports, false;
    matrix_003_download_reports_custom_finance_yes: CustomFinance, DownloadReports, true;

    matrix_003_manage_billing_administrator_yes: Administrator, ManageBilling, true;
    matrix_003_manage_billing_visitor_no: Visitor, ManageBilling, false;
    matrix_003_manage_billing_custom_developer_no: CustomDeveloper, ManageBilling, false;
    matrix_003_manage_billing_custom_finance_yes: CustomFinance, ManageBilling, true;

    matrix_003_invite_teammates_administrator_yes: Administrator, InviteTeammates, true;
    matrix_003_invite_teammates_visitor_no: Visitor, InviteTeammates, false;
    matrix_003_invite_teammates_custom_developer_no: CustomDeveloper, InviteTeammates, false;
    matrix_003_invite_teammates_custom_finance_no: CustomFinance, InviteTeammates, false;
}
