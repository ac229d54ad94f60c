//! What every capability stands on: configuration, database, requests, events, secrets.

pub mod assets;
pub mod config;
pub mod context;
pub mod csv;
pub mod cursor;
pub mod database;
pub mod embedded;
pub mod events;
pub mod fault;
pub mod forms;
pub mod headers;
pub mod http;
pub mod limits;
pub mod live;
pub mod qr;
pub mod rights;
pub mod secrets;
pub mod serve;
pub mod telemetry;
