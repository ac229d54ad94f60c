//! Bulk Import: the dry run, all or nothing, and what may not come in by this door (PITFALLS.md 32).

use futures::TryStreamExt;
use portico::{
    access::{BuiltIn, Category},
    error::{AppError, Refusal},
    imports::{
        model::{Column, Ending, FileFlaw, Flaw, Import, ImportForm, Row, State, Verdict},
        service::{self, Options},
        worker,
    },
    listing::ListQuery,
    platform::{context::Context, fault::Fault},
};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::support::{PASSWORD, TestApp};

pub const HEAD: &str = "Email,Full name,Role,Group,Password\n";
pub const KIND: Category = Category::Teammate;
pub const UPDATE: Options = Options { update_existing: true, new_password: false };

const GROUPS: &str = "insert into groups (workspace_id, id, name)
    select id, gen_random_uuid(), label from workspaces, unnest(array['Pilots', 'Port operators']) as label";

/// A file taken in and checked: its import.
pub async fn dry_run(cx: &Context, kind: Category, text: &str, options: Options) -> Result<Import, Fault> {
    let id = service::begin_upload(cx, kind, "people.csv").await?;
    let (sender, pieces) = mpsc::channel(1);
    let bytes = text.as_bytes().to_vec();
    tokio::spawn(async move {
        for piece in bytes.chunks(1000) {
            sender.send(Ok(piece.to_vec())).await.unwrap();
        }
    });
    let taken = service::stage(cx, kind, id, pieces).await?.unwrap();
    service::check_rows(cx, kind, id, &taken, options).await?;
    service::find_import(cx, kind, id).await
}

pub async fn checked(cx: &Context, rows: &str) -> Import {
    dry_run(cx, KIND, &format!("{HEAD}{rows}"), Options::default()).await.unwrap()
}

pub fn form(import: &Import) -> ImportForm {
    ImportForm { id: import.id, kind: import.kind.slug().into() }
}

/// Lets a worker work, and tells how the import stands then.
pub async fn work(app: &TestApp, cx: &Context, import: &Import) -> Import {
    let (_stop, stopping) = watch::channel(false);
    while worker::work_one(&app.app, &stopping).await.unwrap() {}
    service::find_import(cx, import.kind, import.id).await.unwrap()
}

pub async fn imported(app: &TestApp, cx: &Context, import: &Import) -> Import {
    service::start_import(cx, &form(import)).await.unwrap();
    work(app, cx, import).await
}

async fn rows(cx: &Context, import: &Import) -> Vec<Row> {
    service::list_import_rows(cx, import.kind, import.id, &ListQuery::default()).await.unwrap().rows
}

pub async fn flaws(cx: &Context, import: &Import) -> Vec<(i32, Option<(Flaw, Option<Column>)>)> {
    rows(cx, import).await.into_iter().map(|row| (row.n, row.wrong.map(|(flaw, column, _)| (flaw, column)))).collect()
}

pub fn refusal<T: std::fmt::Debug>(result: Result<T, Fault>) -> Refusal {
    match result {
        Err(Fault::Told(AppError::Refused(refusal))) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// Everything that stands in the database, as text.
pub async fn dump(app: &TestApp) -> String {
    let tables: Vec<String> = sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'public'")
        .fetch_all(&app.app.pool)
        .await
        .unwrap();
    dump_of(app, tables).await
}

/// What stands in these tables.
async fn dump_of(app: &TestApp, tables: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let mut all = String::new();
    for table in tables {
        let sql = format!("select coalesce(string_agg(it::text, ' ' order by it::text), '') from {table} as it");
        let text: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&app.app.pool).await.unwrap();
        all.push_str(&text);
    }
    all
}

pub const WAITING_PASSWORDS: &str =
    "select count(*) from import_rows where sealed_password is not null or password_hash is not null";

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_imported_users_have_immediate_access_and_no_mail_is_sent() {
    let app = TestApp::new().await;
    app.execute(GROUPS).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let text = "lars@hansa.test,Lars Bjerregaard,Member,Pilots;Port operators,Harbour-2026\n\
                mei@hansa.test,Mei,visitor,,Harbour-2027\n";
    let import = checked(&amara, text).await;
    assert_eq!((import.state, import.counts.new, import.counts.all()), (State::Checked, 2, 2));
    assert_eq!(app.count("select count(*) from users").await, 1, "a dry run changes nothing");
    let done = imported(&app, &amara, &import).await;
    assert_eq!((done.state, done.hashed, done.written), (State::Done, 2, 2));
    assert_eq!(app.count("select count(*) from messages").await, 0);
    assert_eq!(app.count("select count(*) from group_members").await, 2);
    assert_eq!(app.count("select count(*) from audit_log where action = 'user.create'").await, 2);
    assert_eq!(app.count("select n from tallies where kind = 'users:teammate'").await, 3);
    assert_eq!(app.count(WAITING_PASSWORDS).await, 0);
    let site = app.serve().await;
    assert!(site.sign_in("LARS@hansa.test", PASSWORD).await.is_some());
    assert!(site.sign_in("mei@hansa.test", "Harbour-2027").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_customers_are_imported_following_the_same_format() {
    let app = TestApp::new().await;
    app.execute(GROUPS).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let text = "Email,Full name,Customer ID,Group,Password\nlars@hansa.test,Lars,ACME-1,Pilots,Harbour-2026\n\
                mei@hansa.test,Mei,,,Harbour-2026\n";
    let import = dry_run(&amara, Category::Customer, text, Options::default()).await.unwrap();
    assert_eq!(flaws(&amara, &import).await, [(2, None), (3, Some((Flaw::Missing, Some(Column::CustomerId))))]);
    assert_eq!(imported(&app, &amara, &import).await.state, State::Done);
    assert_eq!(app.count("select count(*) from users where kind = 'customer' and customer_id = 'ACME-1'").await, 1);
    assert_eq!(app.count("select count(*) from assignments where category = 'customer' and not all_apis").await, 1);
    assert_eq!(app.count("select count(*) from group_members").await, 1);
    // The same again, and a Customer ID that is another one.
    let other = text.replace("ACME-1", "ACME-2");
    let again = dry_run(&amara, Category::Customer, text, UPDATE).await.unwrap();
    assert_eq!((again.counts.same, again.counts.new), (1, 0));
    let again = dry_run(&amara, Category::Customer, &other, UPDATE).await.unwrap();
    assert_eq!(flaws(&amara, &again).await[0].1, Some((Flaw::OtherCustomer, Some(Column::CustomerId))));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_32_every_row_has_its_verdict() {
    let app = TestApp::new().await;
    app.execute(GROUPS).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.user("Mei", BuiltIn::Customer).await;
    app.invite(&amara, "open@hansa.test", BuiltIn::Member).await;
    app.execute("update workspaces set mail_domains = '{hansa.test,kestrel.test}'").await;
    let text = "good@hansa.test,Good,Member,pilots,Harbour-2026\n\
        ,Nobody,Member,,Harbour-2026\n\
        nobody,X,Member,,Harbour-2026\n\
        GOOD@Hansa.test,Twin,Member,,Harbour-2026\n\
        king@hansa.test,King,King,,Harbour-2026\n\
        none@hansa.test,None,,,Harbour-2026\n\
        group@hansa.test,Group,Member,Pilots;Rowers,Harbour-2026\n\
        short@hansa.test,Short,Member,,short\n\
        nul@hansa.test,N\0l,Member,,Harbour-2026\n\
        cells@hansa.test,Cells,Member,,Harbour-2026,more\n\
        open@hansa.test,Open,Member,,Harbour-2026\n\
        mei@kestrel.test,Mei,Member,,Harbour-2026\n\
        far@elsewhere.test,Far,Member,,Harbour-2026\n\
        amara@kestrel.test,Amara,Owner,,Harbour-2026\n\
        link@hansa.test,,Admin,,\n";
    let import = checked(&amara, text).await;
    let at = |flaw, column| Some((flaw, Some(column)));
    assert_eq!(
        flaws(&amara, &import).await,
        [
            (2, None),
            (3, at(Flaw::Missing, Column::Email)),
            (4, at(Flaw::AddressShape, Column::Email)),
            (5, at(Flaw::Twice, Column::Email)),
            (6, at(Flaw::UnknownRole, Column::Role)),
            (7, at(Flaw::Missing, Column::Role)),
            (8, at(Flaw::UnknownGroup, Column::Group)),
            (9, at(Flaw::PasswordRules, Column::Password)),
            (10, at(Flaw::Forbidden, Column::FullName)),
            (11, Some((Flaw::Cells, None))),
            (12, at(Flaw::Invited, Column::Email)),
            (13, at(Flaw::OtherKind, Column::Email)),
            (14, at(Flaw::MailDomain, Column::Email)),
            (15, None),
            (16, None),
        ]
    );
    let counts = import.counts;
    assert_eq!((counts.new, counts.same, counts.wrong, counts.links), (2, 1, 12, 1));
    let wrong = ListQuery { status: "wrong".into(), ..Default::default() };
    let page = service::list_import_rows(&amara, KIND, import.id, &wrong).await.unwrap();
    assert!(page.total == 12 && page.rows.iter().all(|row| row.verdict == Verdict::Wrong));
    let found = rows(&amara, &import).await;
    assert_eq!(found[3].wrong.as_ref().unwrap().2, "2", "the row that has the address");
    assert_eq!(found[6].wrong.as_ref().unwrap().2, "Rowers");
    assert_eq!(found[14].full_name, "link", "an address stands for a name that is not given");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_32_the_same_file_twice_changes_nothing() {
    let app = TestApp::new().await;
    app.execute(GROUPS).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let text = "lars@hansa.test,Lars,Member,Pilots,Harbour-2026\nmei@hansa.test,Mei,Visitor,,\n";
    let first = checked(&amara, text).await;
    imported(&app, &amara, &first).await;
    let people = ["users", "assignments", "group_members", "invitations", "messages", "rights"];
    let before = dump_of(&app, people).await;
    for options in [Options::default(), UPDATE] {
        let again = dry_run(&amara, KIND, &format!("{HEAD}{text}"), options).await.unwrap();
        assert_eq!((again.counts.same, again.counts.all()), (2, 2));
        // Whoever starts it all the same.
        assert_eq!(imported(&app, &amara, &again).await.state, State::Done);
        assert_eq!(dump_of(&app, people).await, before);
    }
    assert_eq!(app.count("select count(*) from audit_log where subject_kind = 'user'").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_16_a_seat_taken_in_the_midst_imports_nobody() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("update workspaces set seats = 3").await;
    let text = "a@hansa.test,A,Member,,Harbour-2026\nb@hansa.test,B,Member,,Harbour-2026\nc@hansa.test,C,Member,,\n";
    let import = checked(&amara, text).await;
    assert_eq!((import.counts.new, import.counts.wrong), (2, 1), "seats are counted row by row");
    service::start_import(&amara, &form(&import)).await.unwrap();
    app.user("Late", BuiltIn::Member).await;
    let failed = work(&app, &amara, &import).await;
    assert_eq!((failed.state, failed.ending), (State::Failed, Some(Ending::Rows)));
    assert_eq!(app.count("select count(*) from users").await, 2, "all or nothing");
    assert_eq!(flaws(&amara, &import).await[1].1, Some((Flaw::NoSeat, Some(Column::Email))));
    assert_eq!(app.count(WAITING_PASSWORDS).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_12_a_starter_who_was_demoted_imports_nobody() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    let olga = app.user("Olga", BuiltIn::Owner).await;
    // Rights to import are gone.
    let import = checked(&adam, "a@hansa.test,A,Member,,Harbour-2026\n").await;
    service::start_import(&adam, &form(&import)).await.unwrap();
    app.set_role(&amara, &adam, BuiltIn::Member).await.unwrap();
    let failed = work(&app, &amara, &import).await;
    assert_eq!((failed.state, failed.ending), (State::Failed, Some(Ending::Rights)));
    // Rights to what is given are gone.
    let import = checked(&olga, "b@hansa.test,B,Owner,,Harbour-2026\nc@hansa.test,C,Member,,\n").await;
    assert_eq!(import.counts.new, 2);
    service::start_import(&olga, &form(&import)).await.unwrap();
    app.set_role(&amara, &olga, BuiltIn::Administrator).await.unwrap();
    let failed = work(&app, &amara, &import).await;
    assert_eq!((failed.state, failed.ending), (State::Failed, Some(Ending::Rows)));
    assert_eq!(flaws(&amara, &import).await[0].1, Some((Flaw::RoleAbove, Some(Column::Role))));
    assert_eq!(app.count("select count(*) from users").await, 3);
    assert_eq!(app.count("select count(*) from messages").await, 0);
    assert_eq!(app.count(WAITING_PASSWORDS).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_27_nobody_imports_what_they_may_not_give_or_do() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    let low = app.user("Low", BuiltIn::Visitor).await;
    let import = checked(&adam, "b@hansa.test,B,Owner,,Harbour-2026\n").await;
    assert_eq!(flaws(&adam, &import).await[0].1, Some((Flaw::RoleAbove, Some(Column::Role))));
    let text = format!("{HEAD}b@hansa.test,B,Member,,\n");
    let denied = |result: Result<Import, Fault>| assert!(matches!(result, Err(Fault::Told(AppError::Denied(_)))));
    denied(dry_run(&low, KIND, &text, Options::default()).await);
    let answer = service::find_import(&low, KIND, import.id).await;
    assert!(matches!(answer, Err(Fault::Told(AppError::Denied(_)))));
    assert!(matches!(
        dry_run(&amara, Category::Organization, &text, UPDATE).await,
        Err(Fault::Told(AppError::NotFound))
    ));
    // Another workspace's import is not found, nor is one of another kind.
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    for (cx, kind) in [(&olga, KIND), (&amara, Category::Customer)] {
        let answer = service::find_import(cx, kind, import.id).await;
        assert!(matches!(answer, Err(Fault::Told(AppError::NotFound))));
    }
    app.execute("update workspaces set plan = 'free'").await;
    assert_eq!(refusal(dry_run(&amara, KIND, &text, Options::default()).await), Refusal::Plan);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_32_no_password_is_written_anywhere() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let secret = "Quay-4711-xY";
    let import = checked(&amara, &format!("a@hansa.test,A,Member,,{secret}\nb@hansa.test,B,King,,{secret}\n")).await;
    assert!(!dump(&app).await.contains(secret), "while it waits");
    assert_eq!(app.count(WAITING_PASSWORDS).await, 1, "of what is wrong, nothing is kept");
    let done = imported(&app, &amara, &import).await;
    assert_eq!(done.state, State::Done);
    assert!(!dump(&app).await.contains(secret), "afterwards");
    let result =
        String::from_utf8(service::result_csv(&amara, KIND, import.id).await.unwrap().try_concat().await.unwrap())
            .unwrap();
    assert!(!result.contains(secret) && result.contains("a@hansa.test,New"), "{result}");
    assert!(!format!("{:?}", rows(&amara, &import).await).contains(secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn role_and_groups_of_who_is_there_are_updated_and_nothing_else() {
    let app = TestApp::new().await;
    app.execute(GROUPS).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    app.user("Lars", BuiltIn::Member).await;
    app.user("Mei", BuiltIn::Visitor).await;
    app.execute("insert into group_members (workspace_id, group_id, user_id)
        select users.workspace_id, groups.id, users.id from users, groups where email like 'lars@%' and groups.name = 'Pilots'").await;
    let text = format!(
        "{HEAD}lars@kestrel.test,Other name,Visitor,Port operators,Harbour-2099\n\
         mei@kestrel.test,Mei,Member,,\n\
         amara@kestrel.test,Amara,Member,,\n\
         adam@kestrel.test,Adam,Member,,\n"
    );
    let skipped = dry_run(&adam, KIND, &text, Options::default()).await.unwrap();
    assert_eq!((skipped.counts.skip, skipped.counts.written()), (4, 0));
    let import = dry_run(&adam, KIND, &text, UPDATE).await.unwrap();
    assert_eq!(
        flaws(&adam, &import).await,
        [
            (2, None),
            (3, None),
            (4, Some((Flaw::AboveYou, Some(Column::Email)))),
            (5, Some((Flaw::Yourself, Some(Column::Email)))),
        ]
    );
    let done = imported(&app, &adam, &import).await;
    assert_eq!((done.state, done.counts.update), (State::Done, 2));
    let (visitor, member) = (BuiltIn::Visitor.id(), BuiltIn::Member.id());
    let held: Vec<(String, Uuid)> = sqlx::query_as(
        "select full_name, role_id from users join assignments on user_id = users.id where full_name in ('Lars', 'Mei') order by 1",
    )
    .fetch_all(&app.app.pool)
    .await
    .unwrap();
    assert_eq!(held, [("Lars".to_owned(), visitor), ("Mei".to_owned(), member)]);
    let groups: Vec<String> =
        sqlx::query_scalar("select name from group_members join groups on groups.id = group_id order by 1")
            .fetch_all(&app.app.pool)
            .await
            .unwrap();
    assert_eq!(groups, ["Port operators"]);
    assert_eq!(
        app.count("select count(*) from audit_log where action = 'user.update' and before is not null").await,
        2
    );
    let site = app.serve().await;
    assert!(site.sign_in("lars@kestrel.test", PASSWORD).await.is_some(), "the password stays");
    assert_eq!(rows(&amara, &import).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_is_gone_since_the_dry_run_imports_nobody() {
    let app = TestApp::new().await;
    app.execute(GROUPS).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let import = checked(&amara, "a@hansa.test,A,Member,Pilots,Harbour-2026\nb@hansa.test,B,Member,,\n").await;
    app.execute("delete from groups where name = 'Pilots'").await;
    let failed = imported(&app, &amara, &import).await;
    assert_eq!((failed.state, failed.ending), (State::Failed, Some(Ending::Rows)));
    assert_eq!(app.count("select count(*) from users").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_none_leaves_nothing() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let id = service::begin_upload(&amara, KIND, "C:\\Users\\me\\people.csv").await.unwrap();
    let (sender, pieces) = mpsc::channel(4);
    sender.send(Ok(HEAD.as_bytes().to_vec())).await.unwrap();
    sender.send(Ok(b"a@hansa.test,A,Member,,\n".to_vec())).await.unwrap();
    sender.send(Err(())).await.unwrap();
    drop(sender);
    let taken = service::stage(&amara, KIND, id, pieces).await.unwrap();
    assert_eq!(taken.err(), Some(FileFlaw::Broken));
    assert_eq!(app.count("select count(*) from imports where file_name = 'people.csv' and state = 'staging'").await, 1);
    assert!(service::list_imports(&amara, KIND).await.unwrap().is_empty(), "it is not there before it is read");
}
