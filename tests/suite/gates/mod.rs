//! Rules of the house that a compiler does not check.
mod anonymous;
mod documents;
mod layering;
mod server_functions;
mod sources;
mod wasm_graph;
