//! The operator's commands for one workspace: its plan and its keys.

use clap::{Args, Subcommand};
use portico::{
    billing::{self, model::Billing},
    error::AppError,
    keys,
    platform::{context::Context, database::Database, fault::Fault, serve},
    text::Language,
    workspaces::{self, model::Plan},
};
use uuid::Uuid;

use crate::{Cli, in_words};

/// Which workspace a command is for.
#[derive(Args)]
pub struct At {
    /// Host name of the workspace [default: the default workspace]
    #[arg(long, default_value = "", hide_default_value = true)]
    host: String,
}

#[derive(Subcommand)]
pub enum PlanCommand {
    /// Set the plan: free, pro or enterprise
    Set {
        /// The plan: free, pro or enterprise
        #[arg(value_parser = plan)]
        plan: Plan,
        /// How many teammates there is room for, on Enterprise [default: the plan's own]
        #[arg(long, value_parser = clap::value_parser!(i32).range(1..))]
        seats: Option<i32>,
        #[command(flatten)]
        at: At,
    },
    /// Show the plan and who takes its seats
    Show {
        #[command(flatten)]
        at: At,
    },
}

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make a key that may ask the decision API, and print it: this once, and never again
    Create {
        /// What it is for
        #[arg(long)]
        name: String,
        #[command(flatten)]
        at: At,
    },
    /// List the keys, without their secrets
    List {
        #[command(flatten)]
        at: At,
    },
    /// Delete a key: it is refused from the next request on
    Delete {
        /// Its id, as `key list` prints it
        id: Uuid,
        #[command(flatten)]
        at: At,
    },
}

fn plan(typed: &str) -> Result<Plan, String> {
    typed.parse().map_err(|()| "choose free, pro or enterprise".to_owned())
}

/// What a service answers, or why not, in words.
fn told<T>(cx: &Context, result: Result<T, Fault>) -> Result<T, String> {
    cx.answer(result).map_err(in_words)
}

async fn context(cli: &Cli, database: &Database, at: &At) -> Result<Context, String> {
    let app = serve::app(&cli.config, database).await?;
    let workspace = workspaces::service::find_workspace(&app.pool, &at.host).await?;
    Context::command_line(app, workspace).await.map_err(|fault| fault.to_string())
}

/// `portico plan …`
pub async fn plan_command(cli: &Cli, database: &Database, command: &PlanCommand) -> Result<(), String> {
    let (cx, billing) = match command {
        PlanCommand::Set { plan, seats, at } => {
            let cx = context(cli, database, at).await?;
            let billing = told(&cx, billing::service::set_plan(&cx, *plan, *seats).await)?;
            (cx, billing)
        }
        PlanCommand::Show { at } => {
            let cx = context(cli, database, at).await?;
            let billing = told(&cx, billing::service::read_billing(&cx).await)?;
            (cx, billing)
        }
    };
    let Billing { plan, seats, active, pending, waiting } = billing;
    let plan = (Language::default().catalogue().billing.plan)(plan);
    println!("{} is on {plan}, with room for {seats} teammates.", cx.workspace.name);
    println!("Taken: {} ({active} active, {pending} pending, {waiting} waiting).", billing.taken());
    Ok(())
}

/// `portico key …`
pub async fn key_command(cli: &Cli, database: &Database, command: &KeyCommand) -> Result<(), String> {
    match command {
        KeyCommand::Create { name, at } => {
            let cx = context(cli, database, at).await?;
            let (key, token) = told(&cx, keys::service::create_key(&cx, name).await)?;
            // What a script reads stands alone on standard output.
            eprintln!("Made the key {} ({}). It is shown this once:", key.name, key.id);
            println!("{}", token.expose());
        }
        KeyCommand::List { at } => {
            let cx = context(cli, database, at).await?;
            for key in told(&cx, keys::service::list_keys(&cx).await)? {
                println!("{}  {}  {}", key.id, key.created_at.date(), key.name);
            }
        }
        KeyCommand::Delete { id, at } => {
            let cx = context(cli, database, at).await?;
            let key = match keys::service::delete_key(&cx, *id).await {
                Err(Fault::Told(AppError::NotFound)) => {
                    return Err(format!("there is no key {id}; `portico key list` shows those that there are"));
                }
                result => told(&cx, result)?,
            };
            println!("Deleted the key {}.", key.name);
        }
    }
    Ok(())
}
