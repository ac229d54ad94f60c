//! The command line.
#![recursion_limit = "256"]

mod operator;

use std::{io::BufRead, process::ExitCode};

use clap::{Parser, Subcommand};
use portico::{
    accounts::{
        self,
        model::{OwnerForm, PasswordRule},
    },
    error::AppError,
    platform::{config::Config, context::Context, database::Database, serve, telemetry},
    text::Language,
    workspaces,
};

/// Self-hosted portal: invite people to your APIs and tools, and decide what each may do
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until SIGTERM or Ctrl-C
    Serve,
    /// Bring the database's schema up to date and end
    Migrate,
    /// Owners of a workspace
    #[command(subcommand)]
    Owner(OwnerCommand),
    /// Workspaces: one for each host name, and the default one for all others
    #[command(subcommand)]
    Workspace(WorkspaceCommand),
    /// The plan of a workspace, and its seats
    #[command(subcommand)]
    Plan(operator::PlanCommand),
    /// Keys of machines
    #[command(subcommand)]
    Key(operator::KeyCommand),
}

#[derive(Subcommand)]
enum OwnerCommand {
    /// Make an owner without a browser; the password is the first line of standard input
    Create {
        /// The owner's address
        #[arg(long)]
        email: String,
        /// The owner's full name
        #[arg(long)]
        name: String,
        /// Host name of the workspace [default: the default workspace]
        #[arg(long, default_value = "", hide_default_value = true)]
        host: String,
    },
}

#[derive(Subcommand)]
enum WorkspaceCommand {
    /// Make a workspace and print its owner's one-time set-up link
    Create {
        /// The host name whose requests are this workspace's
        #[arg(long)]
        host: String,
        /// The workspace's name [default: the host name]
        #[arg(long)]
        name: Option<String>,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::log();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // Pages are rendered in parts that wait for each other: with one worker they could wait for ever.
        .worker_threads(std::thread::available_parallelism().map_or(4, usize::from).max(4))
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(&cli)),
        Err(error) => Err(format!("the runtime did not start: {error}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("portico: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> Result<(), String> {
    // Page rendering spawns through this; a second initialisation would be refused, and there is none.
    let _ = any_spawner::Executor::init_tokio();
    if matches!(cli.command, Command::Serve) {
        return serve::serve(&cli.config).await;
    }
    let database = Database::open(&cli.config).await?;
    let result = act(cli, &database).await;
    database.close().await;
    result
}

async fn act(cli: &Cli, database: &Database) -> Result<(), String> {
    match &cli.command {
        Command::Serve => Ok(()),
        Command::Migrate => {
            println!("The database's schema is up to date.");
            Ok(())
        }
        Command::Owner(OwnerCommand::Create { email, name, host }) => {
            create_owner(cli, database, email, name, host).await
        }
        Command::Plan(command) => operator::plan_command(cli, database, command).await,
        Command::Key(command) => operator::key_command(cli, database, command).await,
        Command::Workspace(WorkspaceCommand::Create { host, name }) => {
            let app = serve::app(&cli.config, database).await?;
            let name = name.as_deref().unwrap_or(host);
            let made = workspaces::service::create_workspace(&app.pool, name, host).await?;
            println!("Made {} for {}.", made.name, made.host.as_deref().unwrap_or_default());
            let link = workspaces::service::owner_link(&app, &made).await.map_err(|fault| fault.to_string())?;
            println!("Set up its first owner, once, at:\n  {link}");
            Ok(())
        }
    }
}

async fn create_owner(cli: &Cli, database: &Database, email: &str, name: &str, host: &str) -> Result<(), String> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).map_err(|error| format!("cannot read the password: {error}"))?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let form = OwnerForm {
        full_name: name.to_owned(),
        email: email.to_owned(),
        again: password.clone(),
        password,
        ..OwnerForm::default()
    };
    let owner = form.check().map_err(in_words)?;
    let app = serve::app(&cli.config, database).await?;
    let workspace = workspaces::service::find_workspace(&app.pool, host).await?;
    let made_in = workspace.name.clone();
    let cx = Context::command_line(app, workspace).await.map_err(|fault| fault.to_string())?;
    cx.answer(accounts::service::create_owner(&cx, &owner).await).map_err(in_words)?;
    println!("{name} is an owner of {made_in} now.");
    Ok(())
}

/// A person's mistakes, for a terminal.
fn in_words(error: AppError) -> String {
    let t = Language::default().catalogue();
    match &error {
        AppError::Invalid(fields) => {
            let mut lines: Vec<String> =
                fields.iter().map(|(field, problem)| format!("{field}: {}", (t.problem)(*problem))).collect();
            if fields.contains_key("password") {
                let rules: Vec<&str> = PasswordRule::ALL
                    .into_iter()
                    .filter(|rule| *rule != PasswordRule::Alike)
                    .map(t.door.rule)
                    .collect();
                lines.push(format!("{}: {}", t.door.rules, rules.join(", ")));
            }
            lines.join("\n  ")
        }
        _ => portico::ui::load::sentence(&error).unwrap_or_default(),
    }
}
