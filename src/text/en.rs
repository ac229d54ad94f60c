//! English.

mod access;
pub mod apis;
pub mod billing;
pub mod customers;
pub mod drawer;
pub mod groups;
pub mod held;
pub mod imports;
pub mod invitation_settings;
pub mod invited;
pub mod inviting;
pub mod links;
pub mod machines;
pub mod organizations;
pub mod requests;
pub mod rights;
pub mod roles;
pub mod settings;
pub mod welcome;

use super::{Common, Dashboard, Door, Errors, Invitations, Language, Mail, Outbox, Part, Shell, Text, Users};
use crate::{
    accounts::model::PasswordRule,
    error::{Problem, Refusal},
    invitations::model::Status,
    ui::{page::grouped, toast::Notice},
};

/// The catalogue.
pub static TEXT: Text = Text {
    access: access::ACCESS,
    machines: Part::of(Language::English),
    rights: Part::of(Language::English),
    billing: Part::of(Language::English),
    imports: Part::of(Language::English),
    settings: Part::of(Language::English),
    roles: Part::of(Language::English),
    drawer: Part::of(Language::English),
    organizations: Part::of(Language::English),
    links: Part::of(Language::English),
    customers: Part::of(Language::English),
    requests: Part::of(Language::English),
    invitation_settings: Part::of(Language::English),
    welcome: Part::of(Language::English),
    inviting: Part::of(Language::English),
    invited: Part::of(Language::English),
    held: Part::of(Language::English),
    why: Part::of(Language::English),
    apis: Part::of(Language::English),
    groups: Part::of(Language::English),
    status: |status| match status {
        Status::Pending => "Pending",
        Status::Expired => "Expired",
        Status::Waiting => "Waiting",
        Status::Approved => "Approved",
        Status::Rejected => "Rejected",
        Status::Inactivated => "Inactivated",
    },
    problem: |problem| match problem {
        Problem::Missing => "Please fill this in.",
        Problem::TooLong => "This is too long.",
        Problem::Forbidden => "This holds a character that cannot be used here.",
        Problem::AddressShape => "An address looks like name@company.test.",
        Problem::AddressDomain => "The part after @ needs a dot, as in kestrel.test.",
        Problem::AddressSeveral => "One address at a time, please.",
        Problem::AlreadyUser => "This address already has an account here.",
        Problem::AlreadyInvited => "This address already has an open invitation.",
        Problem::Twice => "This address stands in the list twice.",
        Problem::MailDomain => "Addresses of this domain are not invited here.",
        Problem::NoSeat => "Every seat is taken.",
        Problem::Block => "Not sent yet: something else in its block is wrong.",
        Problem::TooMany => "At most 10,000 addresses are sent at a time. Take some out, and send those next.",
        Problem::Limit => "Too many invitations in a short time. Try this one again later.",
        Problem::PasswordRules => "The password does not fulfil every rule yet.",
        Problem::PasswordDiffers => "The two passwords are not the same yet.",
        Problem::SamePassword => "This is the password that you were given. Choose another one.",
        Problem::Mobile => "Write it with its country code, as in +45 12 34 56 78.",
        Problem::Choice => "Choose one of the list.",
        Problem::Oneself => "Nobody gives access to themselves. Leave yourself out, or ask somebody else to add you.",
        Problem::AboveYou => "This is more than you hold yourself, so you cannot give it.",
        Problem::Taken => "There is already one of this name. Choose another.",
        Problem::Slug => "Use small letters, digits and hyphens, up to 40, such as `vessel-tracking`.",
        Problem::Uses => "Write a whole number from 1 to 10000, or leave it empty for any number.",
        Problem::Domain => "A domain is the part after the @ alone, as in kestrel.test.",
        Problem::Plan => "Your plan does not have this. It comes with Enterprise.",
        Problem::Unknown => "This names somebody or something that is not here. Check the spelling.",
        Problem::NoOrganization => {
            "You must assign the user to at least one organization before you can save the user details."
        }
        Problem::Past => "This day has passed. Choose a later one.",
        Problem::Colour => "Write the colour as six digits from 0 to f, as in #14424b.",
        Problem::Placeholder => {
            "This names a placeholder that this mail does not have, or has a brace too many. The known ones stand below."
        }
        Problem::Validity => "Choose a whole number, from 1 hour to 90 days.",
        Problem::Reminder => "A reminder comes before the end: choose less time than links by mail work.",
        Problem::Days => "Choose from 1 to 3650 days, or a day within them.",
        Problem::Held => "They hold a role there already. Change that one, or choose another region or organization.",
    },
    refusal: |refusal| match refusal {
        Refusal::SignIn => "This address and password do not open an account here.",
        Refusal::DeadLink => {
            "This link does not work any more. Ask the person who invited you to resend the invitation."
        }
        Refusal::MailDomain => {
            "Addresses of this domain are not invited here. The settings of invitations say which domains are."
        }
        Refusal::Invited => "This address has another open invitation. Delete that one first, or let it be completed.",
        Refusal::Busy => {
            "Something large is being changed here at this moment, such as an import. Nothing was changed by you: try again in a few seconds."
        }
        Refusal::LinkUsed => "This invitation was completed already. Sign in with the address that was invited.",
        Refusal::Waits => "Your registration waits for approval. You get a mail as soon as it is decided.",
        Refusal::AccountExists => "This address has an account here already. Sign in with it.",
        Refusal::InviterGone => {
            "The person who invited you can no longer give this role. Ask your team administrator for a new invitation."
        }
        Refusal::OfferGone => {
            "Something that this invitation offers is not there any more. A new invitation is needed."
        }
        Refusal::NotNow => "The invitation has changed in the meantime, so this is no longer possible.",
        Refusal::LastOwner => {
            "This is the only active owner. Make somebody else an owner first, so that the workspace is never without one."
        }
        Refusal::Yourself => "Nobody edits, disables or removes their own account here. Ask another administrator.",
        Refusal::AboveYou => "This person holds more than you do. Only an owner can change an owner.",
        Refusal::NotYours => {
            "This person holds more than you do, or belongs to an organization that is not yours. Ask your team administrator."
        }
        Refusal::NoSeat => {
            "Every seat of your plan is taken: active, pending and waiting teammates count. Remove or disable somebody first."
        }
        Refusal::Plan => "Your plan does not have this. Billing shows what each plan has; your operator changes it.",
        Refusal::LastOrganization => "A user of an organization belongs to at least one organization.",
        Refusal::OneOrganization => "Only Developers can belong to several organizations.",
        Refusal::LastRegion => "A workspace has at least one region.",
        Refusal::GivesMore => {
            "This would give somebody more than you hold yourself. Ask somebody who holds it everywhere."
        }
        Refusal::InUse => "Something still depends on this, so it cannot be deleted.",
        Refusal::BuiltIn => {
            "Built-in roles are the same everywhere and cannot be changed. Copy the role and change the copy."
        }
        Refusal::RoleAboveYou => "This role permits more than you hold, so it is not yours to delete. Ask an owner.",
        Refusal::AlreadyHeld => "This right is yours already, as far and for as long as it can be given to you.",
        Refusal::Decided => "This request was decided by somebody else in the meantime. Reload the page to see how.",
        Refusal::OwnRequest => "Nobody decides their own request. Ask another administrator.",
        Refusal::Gone => {
            "What was asked for is not here any more: the feature or its region was removed. Deny the request and say so."
        }
        Refusal::NotYoursToGive => {
            "You do not hold this yourself, so far or for so long, so you cannot give it. Give less, or leave it to somebody who does."
        }
        Refusal::BadForm => "The form did not arrive as it should. Reload the page and try again.",
    },
    notice: |notice| match notice {
        Notice::InvitationSent { email } => ("Invitation was successfully sent.".into(), Some(email.clone())),
        Notice::InvitationsSent { count } => (
            if *count == 1 {
                "Invitation was successfully sent.".into()
            } else {
                format!("{count} invitations were sent.")
            },
            None,
        ),
        Notice::InvitationsKept { count } => (
            if *count == 1 { "The invitation is ready.".into() } else { format!("{count} invitations are ready.") },
            Some("Nobody was told yet: Resend Activation Email sends the mail.".into()),
        ),
        Notice::InvitationDeleted { email } => ("Invitation deleted.".into(), Some(email.clone())),
        Notice::Invitations { deed, done, left, more } => (invited::INVITED.several)(*deed, *done, left, *more),
        Notice::UserSaved { name } => ("Changes saved.".into(), Some(name.clone())),
        Notice::UserRemoved { name } => ("User removed.".into(), Some(name.clone())),
        Notice::Done { thing, deed, name } => (access::done(*thing, *deed), Some(name.clone())),
        Notice::RegistrationWaits => (
            "Your registration is complete.".into(),
            Some("It waits for approval now. You get a mail as soon as it is decided.".into()),
        ),
        Notice::SettingsSaved => (invitation_settings::INVITATION_SETTINGS.saved.into(), None),
        Notice::TestSent { email } => (invitation_settings::INVITATION_SETTINGS.test_sent.into(), Some(email.clone())),
        Notice::LinkAsked => (welcome::WELCOME.asked.into(), None),
        Notice::AccountReady => {
            ("Your account is ready.".into(), Some("Sign in with your address and password.".into()))
        }
        Notice::LinkOff { withdrawn } => links::off(*withdrawn),
        Notice::OwnerReady => ("Your workspace is ready.".into(), Some("Invite your team next.".into())),
        Notice::SignedOut => ("You are signed out.".into(), None),
        Notice::PasswordChosen => (imports::IMPORTS.password_chosen.to_owned(), None),
        Notice::ImportStarted => (imports::IMPORTS.started.to_owned(), Some(imports::IMPORTS.started_body.to_owned())),
        Notice::ImportCancelled => (imports::IMPORTS.cancelled.to_owned(), None),
    },
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    common: Common {
        product: "Portico",
        skip: "Skip to content",
        close: "Close",
        cancel: "Cancel",
        save: "Save",
        optional: "optional",
        email: "Email",
        full_name: "Full name",
        mobile: "Mobile number",
        mobile_help: "With its country code, as in +45 12 34 56 78.",
        role: "Role",
        search: "Search",
        search_name: "SEARCH",
        clear: "Clear",
        actions: "Actions",
        pages: "Pages",
        first_page: "First page",
        previous: "Previous",
        next: "Next",
        none: "None",
        now: "Now",
        minutes_ago: |n| format!("{n} min ago"),
        hours_ago: |n| format!("{n} h ago"),
        time_zone: |zone| format!("Times in {zone}"),
        rows: |shown, total| format!("{shown} of {}", grouped(u64::try_from(total).unwrap_or(0))),
        rows_found: |shown, more| if more { format!("{shown} shown, more follow") } else { format!("{shown} found") },
        search_help: "A search begins at three characters.",
        dismiss: "Dismiss",
        notifications: "Notifications",
        unsaved: "What you typed is not sent yet. Close and lose it?",
    },
    shell: Shell {
        navigation: "Main",
        open_navigation: "Open navigation",
        people: "People",
        workspace: "Workspace",
        dashboard: "Dashboard",
        users: "Users",
        invitations: "Invitations",
        outbox: "Outbox",
        billing: "Billing",
        settings: "Settings",
        access: "Access",
        roles: "Roles",
        sign_out: "Sign out",
        your_menu: |name| format!("Your menu, {name}"),
        offline: "Offline. Trying to reach the server…",
    },
    door: Part::of(Language::English),
    dashboard: Part::of(Language::English),
    users: Part::of(Language::English),
    invitations: Part::of(Language::English),
    outbox: Part::of(Language::English),
    mail: Part::of(Language::English),
    errors: Errors {
        denied: "Sorry, you don't have permission to use this feature. If access is required, please reach out to your team \
                 administrator.",
        denied_title: |action, feature, region| {
            let region = region.map(|region| format!(" in {region}")).unwrap_or_default();
            format!("You cannot {} {feature}{region}", action.to_lowercase())
        },
        why: "Why?",
        account_active: "Your account is active",
        account_not_active: "Your account is not active",
        role_lacks: |role, action| format!("Your role {role} does not permit {action}"),
        role_lacks_detail: |action, feature| format!("It would need {action} on {feature}"),
        open: "Open:",
        shut: "Shut:",
        not_found_title: "There is nothing here",
        not_found: "The address may be mistyped, or what was here is gone.",
        signed_out_title: "You are signed out",
        signed_out: "Your session has ended. Sign in to go on.",
        fault_title: "Something broke on our side",
        fault: "It is written down. Try again in a moment; if it stays, give your operator the request id.",
        request: |id| format!("Request {id}"),
        transport: "The server was not reached. Check your connection and try again.",
        transport_title: "The server was not reached",
        rate_limited: |seconds| format!("Too many tries. Try again in {seconds} seconds."),
        to_dashboard: "Go to Dashboard",
    },
};

pub static DOOR: Door = Door {
    login: "LOGIN",
    create_account: "CREATE AN ACCOUNT",
    ways_in: "Sign in or create an account",
    sign_in_to: |workspace| format!("Sign in to {workspace}"),
    password: "Password",
    show_password: "Show password",
    hide_password: "Hide password",
    sign_in: "Sign in",
    by_invitation: "Accounts are made by invitation",
    by_invitation_body: |workspace| {
        format!(
            "Ask a team administrator of {workspace} to invite you. You get a mail with a Confirm your account button \
             that leads back to this page."
        )
    },
    invited_body: "Invited already? Open the link in your mail. If it did not arrive, look into the spam folder, or ask \
                   for it to be resent.",
    portal_of: |workspace| format!("{workspace} portal"),
    your_invitation: "Your invitation",
    work_with: |workspace| format!("Join {workspace}"),
    invites_you: |name| format!("{name} invites you"),
    at_workspace: |role, workspace| match role {
        Some(role) => format!("{role} at {workspace}"),
        None => workspace.to_owned(),
    },
    step_done: "Done:",
    step_now: "Now:",
    step_later: "Later:",
    you_were_invited: "You were invited",
    set_up: "Set up your account",
    set_up_body: "Name, password, and you are in",
    you_become: |role, workspace| format!("{role} at {workspace}"),
    ends: "Ends",
    not_you: "Not you? Close this page; nothing happens.",
    address_fixed: "Fixed by the invitation.",
    confirm_password: "Confirm password",
    rules: "Password rules",
    rule: |rule| match rule {
        PasswordRule::Length => "10 to 16 characters",
        PasswordRule::Lower => "A lowercase letter",
        PasswordRule::Upper => "An uppercase letter",
        PasswordRule::Digit => "A number",
        PasswordRule::Special => "A special character",
        PasswordRule::Alike => "Both entries alike",
    },
    met: ", met",
    not_yet: ", not yet",
    missing: |parts| format!("Still missing: {}.", parts.join(", ")),
    missing_name: "your full name",
    missing_rule: |rule| match rule {
        PasswordRule::Length => "10 to 16 characters",
        PasswordRule::Lower => "a lowercase letter",
        PasswordRule::Upper => "an uppercase letter",
        PasswordRule::Digit => "a number",
        PasswordRule::Special => "a special character",
        PasswordRule::Alike => "the same password twice",
    },
    complete: "Create account",
    ready: "Everything is there.",
    dead_title: "This link does not work",
    to_sign_in: "Go to sign-in",
    other_account: |signed_in, invited| {
        format!(
            "You are signed in as {signed_in}, and this invitation is for {invited}. It makes an account of its own; \
             sign out first if that is you."
        )
    },
    owner_title: "Make Portico yours",
    owner_body: |workspace| format!("{workspace} has no owner yet. Whoever holds this link becomes the first."),
    owner_step: "Set up the owner's account",
    owner_step_body: "Name, address and password",
    owner_printed: "You started the server",
    owner_printed_body: "It printed this one-time link",
    owner_then: "Invite your team",
    owner_then_body: "And decide what each may do",
    workspace: "Workspace",
    workspace_help: "Your company or product: its name stands on every page and mail.",
    owner_complete: "Create owner",
    owner_dead: "It works once, and only the newest one printed does. Sign in if the owner exists already; else start the \
                 server again and take the link that it prints.",
};

pub static DASHBOARD: Dashboard = Dashboard {
    title: "Dashboard",
    lead: |workspace| format!("What happens at {workspace}."),
    nothing: "Nothing has been given to you yet",
    nothing_body: |role| {
        format!(
            "You are in, as {role}. This role holds no rights until somebody gives you some; then they appear here."
        )
    },
    ask: "Whom to ask",
    needs_you: "What needs you now",
    nothing_waits: "Nothing waits for you.",
    undelivered: |n| {
        if n == 1 { "1 mail was not delivered".into() } else { format!("{n} mails were not delivered") }
    },
    undelivered_body: "Deferred or failed: the outbox shows what the mail server said.",
    expired: |n| if n == 1 { "1 invitation has expired".into() } else { format!("{n} invitations have expired") },
    expired_body: "Resend or delete them.",
    open_outbox: "Open Outbox",
    look_through: "Look through",
    users: "Users",
    open_invitations: "Open invitations",
    open_invitations_body: "Pending, not expired",
    accepted: "Accepted",
    accepted_body: "Invitations of the last 30 days",
    enabled_of: |n| if n == 1 { "1 disabled".into() } else { format!("{n} disabled") },
    newest: "Newest users",
    joined: "Joined",
    all_users: "All users",
    captured: "Mail is captured.",
    captured_body: "No mail server is configured, so invitations go to the outbox.",
};

pub static USERS: Users = Users {
    title: "Users",
    lead: |workspace| format!("People with their own sign-in to {workspace}."),
    caption: "Users",
    invite: "Invite user",
    tabs: "Users and invitations",
    invitations: "Invitations",
    search: "Name or email, from 3 characters",
    state: "State",
    any_state: "Any state",
    enabled: "Enabled",
    disabled: "Disabled",
    name: "Name",
    joined: "Joined",
    last_seen: "Last seen",
    you: "You",
    edit: "Edit",
    edit_of: |name| format!("Edit {name}"),
    nobody_found: "Nobody found",
    nobody_found_body: "No name or address holds what you search for.",
    send: "Send",
    resend_offer: "Resend it",
    details: "Details",
    user_name: "User name",
    user_name_help: "The address at creation; it never changes.",
    state_help: "A disabled user is signed out at once and cannot sign in.",
    yourself: "This is your own account. Nobody edits, disables or removes their own account here.",
    above_you: "This person holds more than you do. Only an owner can change an owner.",
    remove: "Remove",
    remove_of: |name| format!("Remove {name}"),
    remove_title: |name| format!("Remove {name}?"),
    remove_body: "This cannot be undone. The address is free to be invited again.",
    loses_access: |role| format!("Everything the role {role} gives"),
    loses_sessions: "Every session: the next click is refused",
    loses_address: "The account, its name and its mobile number",
    keep: "Keep user",
    view_only: "You can see this, but not change it.",
};

pub static INVITATIONS: Invitations = Invitations {
    title: "Invitations",
    lead: "Offers of an account, by mail or by link.",
    caption: "Invitations",
    invite: "Invite",
    invite_name: "+ INVITE",
    submit: "Submit",
    submit_name: "SUBMIT",
    statuses: "Status",
    all: "All",
    any_status: "Any status",
    search: "Part of an email address",
    status: "Status",
    invited_at: "Invited at",
    valid_until: "Valid until",
    delivery: "Delivery",
    invited_by: "Invited by",
    left: |minutes| match minutes {
        ..60 => format!("{} min left", minutes.max(1)),
        60..2880 => format!("{} h left", minutes / 60),
        _ => format!("{} d {} h left", minutes / 1440, minutes % 1440 / 60),
    },
    ended: "Ended",
    queued: "Queued",
    sent: "Sent",
    deferred: "Deferred",
    failed: "Failed",
    captured: "Captured",
    resend: |email| format!("Resend invitation to {email}"),
    delete: |email| format!("Delete invitation to {email}"),
    resend_tip: "Resend",
    delete_tip: "Delete",
    delete_title: |email| format!("Delete the invitation to {email}?"),
    delete_body: "The address can be invited again at any time.",
    loses_link: "The link in the mail stops working",
    loses_offer: |role| format!("The offer of the role {role}"),
    delete_yes: "Delete invitation",
    keep: "Keep invitation",
    none: "Nobody is invited yet",
    none_body: "Invite somebody: they get a mail, choose a password, and are in.",
    none_found: "No invitation found",
    none_found_body: "No invitation has this status and an address that holds what you search for.",
};

pub static OUTBOX: Outbox = Outbox {
    title: "Outbox",
    lead: "Every mail that Portico sends, and how far it has come.",
    caption: "Mails, the newest first",
    captured: "Mail is captured, not sent.",
    captured_body: "No mail server is configured. Set PORTICO_SMTP_URL, as in smtp://user:password@mail.example.com:587?tls=required, \
                    and start the server again. Until then each mail is a file in outbox/ of the data folder.",
    owner_only: "Only an owner can read captured mail: it holds links that open accounts.",
    to: "To",
    subject: "Subject",
    queued_at: "Queued at",
    delivery: "Delivery",
    tries: |n| if n == 1 { "1 try".into() } else { format!("{n} tries") },
    next_try: "next",
    read: "Read",
    read_of: |to| format!("Read the mail to {to}"),
    empty: "No mail yet",
    empty_body: "Mails appear here as soon as somebody is invited.",
    older: "Older",
    text_part: "Plain text",
    html_part: "As HTML",
};

pub static MAIL: Mail = Mail {
    lang: "en",
    invites_you: |inviter, workspace| format!("{inviter} invites you to {workspace}"),
    invitation_body: "Choose a name and a password, and your account is ready.",
    confirm: "Confirm your account",
    your_role: "Your role",
    valid_until: "Valid until",
    no_button: "The button does not work? Copy this address into your browser:",
    sent_because: |email, inviter| format!("Sent to {email} because {inviter} asked for it."),
    not_you: "If you do not know them, do nothing: without a password of yours no account is created.",
};
