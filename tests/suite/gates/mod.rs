//! Rules of the house that a compiler does not check.
mod anonymous;
mod api;
mod documents;
mod forms;
mod layering;
mod routes;
mod server_functions;
mod sources;
mod wasm_graph;
